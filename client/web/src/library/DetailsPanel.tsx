import { useQuery } from "@apollo/client/react";
import { Fragment, useEffect, useRef, useState } from "react";
import { sentence } from "../api/errors.ts";
import type { UploadQuery } from "../graphql/graphql.ts";
import { formatBytes } from "../format/bytes.ts";
import { formatMoment } from "../format/dates.ts";
import { Dialog } from "../ui/Dialog.tsx";
import { Icon } from "../ui/Icon.tsx";
import { Message } from "../ui/Message.tsx";
import { Name } from "../ui/Name.tsx";
import { RetryMessage } from "../ui/RetryMessage.tsx";
import { DetailsActions } from "./DetailsActions.tsx";
import { factsOf, processingText } from "./facts.ts";
import { LargePreview } from "./LargePreview.tsx";
import { NameForm } from "./NameForm.tsx";
import { PendingActions } from "./PendingActions.tsx";
import { StatusBadge } from "./StatusBadge.tsx";
import { TagInput } from "./TagInput.tsx";
import { uploadQuery } from "./uploadQuery.ts";
import { useUpdateUpload } from "./useUpdateUpload.ts";

export type DetailedUpload = NonNullable<UploadQuery["upload"]>;

interface DetailsPanelProps {
  readonly id: string;
  readonly onClose: () => void;
}

/** Shows the details of one upload in a drawer beside the library. */
export function DetailsPanel({ id, onClose }: DetailsPanelProps) {
  const { data, error, refetch } = useQuery(uploadQuery, { variables: { id } });
  const upload = data?.upload;
  useRefetch(upload && `${upload.status} ${upload.processing}`, refetch);
  return (
    <Dialog title="Details" kind="drawer" onClose={onClose}>
      {upload != null ? (
        <Details upload={upload} onClose={onClose} />
      ) : error !== undefined ? (
        <RetryMessage title="The details couldn’t be loaded" onRetry={() => void refetch()}>
          {sentence(error)}
        </RetryMessage>
      ) : upload === null ? (
        <Message icon="search" title="File not found">
          It may have been deleted.
        </Message>
      ) : (
        <div className="preview large loading" role="status" aria-label="Loading" />
      )}
    </Dialog>
  );
}

/** The library keeps the state up to date; when it changes, fetch the rest, such as the preview. */
function useRefetch(state: string | null | undefined, refetch: () => Promise<unknown>) {
  const known = useRef(state);
  useEffect(() => {
    const changed = known.current != null && state != null && known.current !== state;
    known.current = state;
    if (changed) refetch().catch(() => undefined);
  }, [state, refetch]);
}

interface DetailsProps {
  readonly upload: DetailedUpload;
  readonly onClose: () => void;
}

function Details({ upload, onClose }: DetailsProps) {
  const update = useUpdateUpload();
  const [tagProblem, setTagProblem] = useState<string>();
  async function retag(tags: string[]) {
    const failure = await update(upload, { tags });
    setTagProblem(failure && (failure.fields["tags"] ?? failure.message));
  }
  const processing = processingText(upload);
  return (
    <div className="details">
      <LargePreview upload={upload} />
      {processing !== undefined && <p className="note">{processing}</p>}
      <NameForm upload={upload} />
      <TagInput
        label="Tags"
        tags={upload.tags}
        onChange={(tags) => void retag(tags)}
        problem={tagProblem}
      />
      {upload.status === "PENDING" && <PendingActions upload={upload} />}
      <dl className="facts">
        <dt>Status</dt>
        <dd>
          <StatusBadge upload={upload} />
          {upload.statusReason !== null && <p>{upload.statusReason}</p>}
        </dd>
        <dt>Size</dt>
        <dd title={`${upload.size.toLocaleString("en")} bytes`}>{formatBytes(upload.size)}</dd>
        <dt>Type</dt>
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
        <dt>Added</dt>
        <dd>{formatMoment(upload.createdAt)}</dd>
        {upload.storedAt !== null && (
          <>
            <dt>Stored</dt>
            <dd>{formatMoment(upload.storedAt)}</dd>
          </>
        )}
        {upload.expiresAt !== null && (
          <>
            <dt>Expires</dt>
            <dd>{formatMoment(upload.expiresAt)}, unless the upload is completed</dd>
          </>
        )}
        {upload.checksum !== null && (
          <>
            <dt>SHA-256</dt>
            <dd className="mono">{upload.checksum.value}</dd>
          </>
        )}
      </dl>
      {upload.media?.hasLocation === true && (
        <p className="note">
          <Icon name="warning" size={18} />
          This file contains the place where it was taken; the preview does not.
        </p>
      )}
      <DetailsActions upload={upload} onDeleted={onClose} />
    </div>
  );
}
