import { useSyncExternalStore } from "react";
import { getTransfers, subscribeTransfers, type TransferView } from "./transfers.ts";

export function useTransfers(): ReadonlyMap<string, TransferView> {
  return useSyncExternalStore(subscribeTransfers, getTransfers);
}

/** Return the transfers of this tab that have not been stored yet. */
export function useUnfinished(): TransferView[] {
  return [...useTransfers().values()].filter(({ state }) => state !== "stored");
}

/** Return this tab's transfer of the upload, if there is one. */
export function useTransferOf(uploadId: string): TransferView | undefined {
  return useSyncExternalStore(subscribeTransfers, () => find(uploadId));
}

function find(uploadId: string): TransferView | undefined {
  for (const view of getTransfers().values()) {
    if (view.uploadId === uploadId) return view;
  }
  return undefined;
}
