import { MediaUploadElement } from "./element/element.ts";
import { NAME } from "./name.ts";
import type { UploadItem } from "./types.ts";

export type { MediaUploadElement } from "./element/element.ts";
export type { MediaUploadTexts } from "./element/texts.ts";

declare global {
  interface HTMLElementTagNameMap {
    [NAME]: MediaUploadElement;
  }
  interface HTMLElementEventMap {
    "upload-stored": CustomEvent<UploadItem>;
    "upload-failed": CustomEvent<UploadItem>;
  }
  interface DocumentEventMap {
    "upload-stored": CustomEvent<UploadItem>;
    "upload-failed": CustomEvent<UploadItem>;
  }
}

// On a server, there is nothing to define.
if (typeof customElements !== "undefined" && customElements.get(NAME) === undefined) {
  customElements.define(NAME, MediaUploadElement);
}
