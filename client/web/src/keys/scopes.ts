import type { ApiKeyScope } from "../graphql/graphql.ts";

interface Scope {
  readonly label: string;
  readonly explanation: string;
}

/** What a key may do, as pages show it; the default is first. */
export const SCOPES: Readonly<Record<ApiKeyScope, Scope>> = {
  ALL: { label: "Everything", explanation: "except changing your account" },
  READ: { label: "Read", explanation: "list and download files" },
  UPLOAD: { label: "Upload", explanation: "send files, but not list or download any" },
};
