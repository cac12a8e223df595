import type { FragmentType } from "@apollo/client";
import { useFields } from "../api/useFields.ts";
import { visibleName } from "../format/names.ts";
import type { PdfStage_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { useSignedUrl } from "../library/useSignedUrl.ts";
import { OtherStage } from "./OtherStage.tsx";
import { t } from "../messages/t.ts";

const stageFields = graphql(`
  fragment PdfStage_upload on Upload {
    id
    filename
    ...useSignedUrl_upload @unmask
    ...OtherStage_upload
  }
`);

/**
 * Shows a PDF in the browser's own viewer, from the bucket's origin, so that nothing in it can reach
 * this page. There is no `sandbox` attribute: Chromium shows no PDF in a sandboxed frame.
 */
export function PdfStage(props: { readonly upload: FragmentType<PdfStage_uploadFragment> }) {
  const upload = useFields(stageFields, props.upload);
  const { url } = useSignedUrl(upload?.id ?? "", upload?.download);
  if (upload === undefined) return null;
  // Phones show the first page at most; the preview is better.
  if (url === undefined || !navigator.pdfViewerEnabled) {
    return <OtherStage upload={upload} reason={t("viewer.noPdf")} />;
  }
  return (
    <iframe
      className="viewer-pdf"
      src={url}
      title={visibleName(upload.filename)}
      referrerPolicy="no-referrer"
    />
  );
}
