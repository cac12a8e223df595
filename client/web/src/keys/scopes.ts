import type { ApiKeyScope } from "../graphql/graphql.ts";
import { message, type Message } from "../messages/t.ts";

interface Scope {
  readonly label: Message;
  readonly explanation: Message;
}

/** What a key may do, as pages show it; the default is first. */
export const SCOPES: Readonly<Record<ApiKeyScope, Scope>> = {
  ALL: { label: message("keys.all"), explanation: message("keys.allHint") },
  READ: { label: message("keys.read"), explanation: message("keys.readHint") },
  UPLOAD: { label: message("keys.upload"), explanation: message("keys.uploadHint") },
};
