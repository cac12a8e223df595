import { createContext, useContext } from "react";
import type { ZipFile } from "./downloadZip.ts";

/** Starts the download of several files as one ZIP. */
export type StartZip = (files: readonly ZipFile[]) => void;

export const ZipContext = createContext<StartZip>(() => undefined);

/** Return the function that downloads several files as one ZIP. Call it during a click. */
export function useStartZip(): StartZip {
  return useContext(ZipContext);
}
