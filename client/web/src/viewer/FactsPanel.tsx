import type { FragmentType } from "@apollo/client";
import { Fragment } from "react";
import { useFields } from "../api/useFields.ts";
import { formatBytes } from "../format/bytes.ts";
import { formatMoment } from "../format/dates.ts";
import type { FactsPanel_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { checksumOf, factsOf } from "../library/facts.ts";
import { LocationNote } from "../library/LocationNote.tsx";
import { Name } from "../ui/Name.tsx";
import "../styles/details.css";
import { t } from "../messages/t.ts";

const panelFields = graphql(`
  fragment FactsPanel_upload on Upload {
    id
    filename
    contentType
    size
    tags
    createdAt
    ...facts_upload @unmask
    ...LocationNote_upload
  }
`);

/** Shows what is known about the file. */
export function FactsPanel(props: { readonly upload: FragmentType<FactsPanel_uploadFragment> }) {
  const upload = useFields(panelFields, props.upload);
  if (upload === undefined) return null;
  const facts: (readonly [term: string, value: string])[] = [
    [t("viewer.name"), upload.filename],
    [
      t("viewer.size"),
      t("viewer.sizeText", { size: formatBytes(upload.size), count: upload.size }),
    ],
    [t("viewer.type"), upload.contentType],
    ...(upload.media === null ? [] : factsOf(upload.media)),
    [t("viewer.added"), formatMoment(upload.createdAt)],
  ];
  const checksum = checksumOf(upload);
  return (
    <aside className="viewer-panel" aria-label={t("viewer.details")}>
      <h3>{t("viewer.details")}</h3>
      <dl className="facts">
        {facts.map(([term, value]) => (
          <Fragment key={term}>
            <dt>{term}</dt>
            <dd>
              <Name>{value}</Name>
            </dd>
          </Fragment>
        ))}
        {checksum !== undefined && (
          <>
            <dt>{checksum.term}</dt>
            <dd className="mono" dir="ltr">
              {checksum.value}
            </dd>
          </>
        )}
        {upload.tags.length > 0 && (
          <>
            <dt>{t("viewer.tags")}</dt>
            <dd className="viewer-tags">
              {upload.tags.map((tag) => (
                <span key={tag} className="tag">
                  <Name>{tag}</Name>
                </span>
              ))}
            </dd>
          </>
        )}
      </dl>
      <LocationNote upload={upload} className="viewer-note" />
    </aside>
  );
}
