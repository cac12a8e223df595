import { createUploads, type Uploads } from "../../client/js/src/index.ts";
import { accessToken } from "./api.ts";

/** Send the files with our package. Resolves to the uploads' ids when all are stored. */
export async function sendWithEngine(files: readonly File[]): Promise<string[]> {
  const uploads = createUploads({
    endpoint: "/graphql",
    getToken: accessToken,
    journal: false,
  });
  const ids = await stored(uploads, files);
  await uploads.close();
  return ids;
}

function stored(uploads: Uploads, files: readonly File[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const ids: string[] = [];
    uploads.watch(({ state, uploadId, name, problem }) => {
      if (state === "failed") reject(new Error(`${name}: ${problem?.message}`));
      if (state !== "stored") return;
      ids.push(uploadId ?? "");
      if (ids.length === files.length) resolve(ids);
    });
    void uploads.add(files);
  });
}
