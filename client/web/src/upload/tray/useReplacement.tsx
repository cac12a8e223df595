import type { UploadItem } from "media-upload";
import { useUploads } from "media-upload/react";
import { useCallback, useRef, type ReactNode } from "react";
import { notify } from "../../ui/notices.ts";
import { wrongFile } from "../wrongFile.tsx";

/** Lets the user choose the file of a row again. `input` must be on the page. */
export function useReplacement(): {
  readonly input: ReactNode;
  readonly replace: (item: UploadItem) => void;
} {
  const { add, cancel } = useUploads();
  const element = useRef<HTMLInputElement>(null);
  const wanted = useRef<UploadItem>(undefined);
  const replace = useCallback((item: UploadItem) => {
    wanted.current = item;
    element.current?.click();
  }, []);

  async function choose(file: File) {
    const item = wanted.current;
    if (item === undefined) return;
    if (item.state === "missing" && file.size !== item.size) {
      notify(wrongFile(file, item.size), "problem");
    } else if (item.state === "missing") {
      await add([file], { clientToken: item.id });
    } else {
      // The file has changed, so what was sent of it is of no use.
      await cancel(item.id).catch(() => undefined);
      await add([{ file, path: item.name }]);
    }
  }
  const input = (
    <input
      ref={element}
      type="file"
      hidden
      data-testid="file-again"
      onChange={(event) => {
        const file = event.target.files?.[0];
        if (file !== undefined) void choose(file);
        event.target.value = "";
      }}
    />
  );
  return { input, replace };
}
