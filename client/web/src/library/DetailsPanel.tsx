import type { FragmentType } from "@apollo/client";
import { useQuery } from "@apollo/client/react";
import { Fragment, useState } from "react";
import { sentence } from "../api/errors.ts";
import { useFields } from "../api/useFields.ts";
import type { DetailsPanel_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { formatBytes } from "../format/bytes.ts";
import { formatMoment } from "../format/dates.ts";
import { Message } from "../ui/Message.tsx";
import { Name } from "../ui/Name.tsx";
import { RetryMessage } from "../ui/RetryMessage.tsx";
import { DetailsLoading } from "./DetailsLoading.tsx";
import { DetailsActions } from "./DetailsActions.tsx";
import { checksumOf, factsOf, processingText } from "./facts.ts";
import { LargePreview } from "./LargePreview.tsx";
import { LocationNote } from "./LocationNote.tsx";
import { NameForm } from "./NameForm.tsx";
import { PendingActions } from "./PendingActions.tsx";
import { StatusBadge } from "./StatusBadge.tsx";
import { TagInput } from "./TagInput.tsx";
import { uploadQuery } from "./uploadQuery.ts";
import { useRefetch } from "./useRefetch.ts";
import { useUpdateUpload } from "./useUpdateUpload.ts";
import "../styles/details.css";
import { t } from "../messages/t.ts";

const detailFields = graphql(`
  fragment DetailsPanel_upload on Upload {
    id
    filename
    contentType
    size
    tags
    status
    statusReason
    createdAt
    storedAt
    expiresAt
    ...facts_upload @unmask
    ...LargePreview_upload
    ...NameForm_upload
    ...PendingActions_upload
    ...StatusBadge_upload @unmask
    ...LocationNote_upload
    ...DetailsActions_upload
  }
`);

interface DetailsPanelProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** Shows the details of one upload. */
export function DetailsPanel({ id, onClose }: DetailsPanelProps) {
  const { data, error, refetch } = useQuery(uploadQuery, { variables: { id } });
  const upload = data?.upload;
  useRefetch(upload, refetch);
  if (upload != null) return <Details upload={upload} onClose={onClose} />;
  if (error !== undefined) {
    return (
      <RetryMessage title={t("details.problem")} onRetry={() => void refetch()}>
        {sentence(error)}
      </RetryMessage>
    );
  }
  if (upload === undefined) return <DetailsLoading />;
  return (
    <Message icon="search" title={t("details.missing.title")}>
      {t("details.missing.text")}
    </Message>
  );
}

interface DetailsProps {
  readonly upload: FragmentType<DetailsPanel_uploadFragment>;
  readonly onClose: () => void;
}

function Details({ onClose, ...props }: DetailsProps) {
  const upload = useFields(detailFields, props.upload);
  const update = useUpdateUpload();
  const [tagProblem, setTagProblem] = useState<string>();
  if (upload === undefined) return null;
  const { id, filename } = upload;
  async function retag(tags: string[]) {
    const failure = await update({ id, filename, tags }, { tags });
    setTagProblem(failure && (failure.fields["tags"] ?? failure.message));
  }
  const processing = processingText(upload);
  const checksum = checksumOf(upload);
  return (
    <div className="details">
      <LargePreview upload={upload} />
      {processing !== undefined && <p className="note">{processing}</p>}
      <NameForm upload={upload} />
      <TagInput
        label={t("details.tags")}
        tags={upload.tags}
        onChange={(tags) => void retag(tags)}
        problem={tagProblem}
      />
      {upload.status === "PENDING" && <PendingActions upload={upload} />}
      <dl className="facts">
        <dt>{t("details.status")}</dt>
        <dd>
          <StatusBadge upload={upload} />
          {upload.statusReason !== null && <p>{upload.statusReason}</p>}
        </dd>
        <dt>{t("details.size")}</dt>
        <dd title={t("details.bytes", { count: upload.size })}>{formatBytes(upload.size)}</dd>
        <dt>{t("details.type")}</dt>
        <dd>{upload.contentType}</dd>
        {upload.media !== null &&
          factsOf(upload.media).map(([term, value]) => (
            <Fragment key={term}>
              <dt>{term}</dt>
              <dd>
                <Name>{value}</Name>
              </dd>
            </Fragment>
          ))}
        <dt>{t("details.added")}</dt>
        <dd>{formatMoment(upload.createdAt)}</dd>
        {upload.storedAt !== null && (
          <>
            <dt>{t("details.stored")}</dt>
            <dd>{formatMoment(upload.storedAt)}</dd>
          </>
        )}
        {upload.expiresAt !== null && (
          <>
            <dt>{t("details.expires")}</dt>
            <dd>{t("details.expiresAt", { time: formatMoment(upload.expiresAt) })}</dd>
          </>
        )}
        {checksum !== undefined && (
          <>
            <dt>{checksum.term}</dt>
            <dd className="mono" dir="ltr">
              {checksum.value}
            </dd>
          </>
        )}
      </dl>
      <LocationNote upload={upload} className="note" />
      <DetailsActions upload={upload} onDeleted={onClose} />
    </div>
  );
}
