import { sentTextOf } from "../api/documentText.ts";
import { sendEarly } from "../api/early.ts";
import { preloadImage } from "../library/firstPage.ts";
import { uploadQuery } from "../library/uploadQuery.ts";

/** Request what the viewer shows first, and load its code. */
export async function requestFirstFile(id: string): Promise<void> {
  await Promise.all([import("./FileViewer.tsx"), requestPicture(id)]);
}

async function requestPicture(id: string): Promise<void> {
  const data = await sendEarly(sentTextOf(uploadQuery), { id });
  // The viewer shows no previews of other files.
  const upload = data?.upload;
  if (/^(image|video)\//.test(upload?.contentType ?? "")) preloadImage(upload?.preview?.url);
}
