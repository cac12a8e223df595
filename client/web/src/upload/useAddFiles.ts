import type { ChosenFile } from "media-upload";
import { notify } from "../ui/notices.ts";
import { getNextTags } from "./nextTags.ts";
import { setTrayOpen } from "./trayState.ts";
import { useQueue } from "./useQueue.ts";
import { t } from "../messages/t.ts";

type Batch = Iterable<File | ChosenFile>;

/** Return a function that uploads files, in one batch or as they are found, and opens the tray. */
export function useAddFiles(): (batches: AsyncIterable<Batch> | Batch[]) => Promise<void> {
  const { add } = useQueue();
  return async (batches) => {
    const tags = getNextTags();
    try {
      for await (const batch of batches) {
        const items = await add(batch, { tags });
        if (items.length > 0) setTrayOpen(true);
      }
    } catch {
      notify(t("upload.unread"), "problem");
    }
  };
}
