import { visibleName } from "../format/names.ts";
import { useSignedUrl } from "../library/useSignedUrl.ts";
import { OtherStage } from "./OtherStage.tsx";
import type { ViewedUpload } from "./useViewed.ts";
import { t } from "../messages/t.ts";

/**
 * Shows a PDF in the browser's own viewer, from the bucket's origin, so that nothing in it can reach
 * this page. There is no `sandbox` attribute: Chromium shows no PDF in a sandboxed frame.
 */
export function PdfStage({ upload }: { readonly upload: ViewedUpload }) {
  const { url } = useSignedUrl(upload.id, upload.download);
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
