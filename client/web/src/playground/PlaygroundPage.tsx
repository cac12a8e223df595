import "graphiql/setup-workers/vite";
import type { Fetcher } from "@graphiql/toolkit";
import { GraphiQL } from "graphiql";
import "graphiql/style.css";
import { useSyncExternalStore } from "react";
import { session } from "../session/session.ts";
import { useTitle } from "../shell/useTitle.ts";
import { getScheme, subscribeScheme } from "../ui/theme.ts";
import { EXAMPLES } from "./examples.ts";
import "./playground.css";
import { t } from "../messages/t.ts";

/** Send the editor's operation with the session's token, unless its headers set another one. */
const fetcher: Fetcher = async (parameters, options) => {
  const token = await session.token();
  const response = await fetch("/graphql", {
    method: "POST",
    credentials: "include",
    headers: {
      "content-type": "application/json",
      accept: "application/graphql-response+json, application/json",
      ...(token !== undefined && { authorization: `Bearer ${token}` }),
      ...(options?.headers as Record<string, string> | undefined),
    },
    body: JSON.stringify(parameters),
  });
  return (await response.json()) as Awaited<ReturnType<Fetcher>>;
};

/**
 * A playground for the API. GraphiQL is bundled, so the page loads nothing from other hosts. Its
 * editors may contain passwords, so their contents are kept in sessionStorage: for this tab only,
 * until it is closed or the session ends.
 */
export function PlaygroundPage() {
  useTitle(t("playground.title"));
  const scheme = useSyncExternalStore(subscribeScheme, getScheme);
  return (
    <>
      <h1 className="visually-hidden">{t("playground.title")}</h1>
      {/* GraphiQL is in English, and code is written from left to right. */}
      <div className="playground" lang="en" dir="ltr">
        <GraphiQL
          fetcher={fetcher}
          defaultTabs={EXAMPLES}
          defaultEditorToolsVisibility
          storage={sessionStorage}
          forcedTheme={scheme}
        >
          <GraphiQL.Logo>
            <span className="playground-name">{t("playground.name")}</span>
          </GraphiQL.Logo>
        </GraphiQL>
      </div>
    </>
  );
}
