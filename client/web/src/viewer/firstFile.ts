import { sentTextOf } from "../api/documentText.ts";
import { sendEarly } from "../api/early.ts";
import { preloadImage } from "../library/firstPage.ts";
import { uploadQuery } from "../library/uploadQuery.ts";

/** Request what the viewer shows first, and load its code. */
export async function requestFirstFile(id: string): Promise<void> {
  const code = import("./FileViewer.tsx");
  const data = await sendEarly(sentTextOf(uploadQuery), { id });
  preloadImage(data?.upload?.preview?.url);
  await code;
}
