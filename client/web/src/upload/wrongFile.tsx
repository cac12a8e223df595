import type { ReactNode } from "react";
import { formatBytes } from "../format/bytes.ts";
import { rich } from "../messages/rich.ts";
import { Name } from "../ui/Name.tsx";

/** Say that an upload can't be continued with a file of another size, in bytes. */
export function wrongFile(file: File, expected: number): ReactNode {
  return rich("upload.wrongFile", {
    name: <Name>{file.name}</Name>,
    size: formatBytes(file.size),
    expected: formatBytes(expected),
  });
}
