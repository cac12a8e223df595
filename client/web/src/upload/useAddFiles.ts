import type { ChosenFile } from "media-upload";
import { notify } from "../ui/notices.ts";
import { nextTags, trayOpen } from "./localState.ts";
import { useQueue } from "./useQueue.ts";
import { t } from "../messages/t.ts";

type Batch = Iterable<File | ChosenFile>;

/** Return a function that uploads files, in one batch or as they are found, and opens the tray. */
export function useAddFiles(): (batches: AsyncIterable<Batch> | Batch[]) => Promise<void> {
  const { add } = useQueue();
  return async (batches) => {
    const tags = nextTags();
    try {
      for await (const batch of batches) {
        const items = await add(batch, { tags });
        if (items.length > 0) trayOpen(true);
      }
    } catch {
      notify(t("upload.unread"), "problem");
    }
  };
}
