/** What index.html shows until scripts run. Taken before React replaces it. */
const OUTLINE = document.getElementById("root")?.innerHTML ?? "";

/** Keeps showing the outline of the page until it is known which page that is, and loaded. */
export function Starting() {
  return <div dangerouslySetInnerHTML={{ __html: OUTLINE }} />;
}
