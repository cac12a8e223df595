import type { FragmentType } from "@apollo/client";
import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { sentence } from "../api/errors.ts";
import { useFields } from "../api/useFields.ts";
import type { ApiKeysQueryQuery, KeysPage_apiKeyFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { formatAgo, formatDay } from "../format/dates.ts";
import { visibleName } from "../format/names.ts";
import { useTitle } from "../shell/useTitle.ts";
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx";
import { Message } from "../ui/Message.tsx";
import { RetryMessage } from "../ui/RetryMessage.tsx";
import { Name } from "../ui/Name.tsx";
import { notify } from "../ui/notices.ts";
import { apiKeysQuery } from "./apiKeysQuery.ts";
import { NewKeyForm } from "./NewKeyForm.tsx";
import { NewSecret } from "./NewSecret.tsx";
import { SCOPES } from "./scopes.ts";
import { useRevokeApiKey } from "./useRevokeApiKey.ts";
import "../styles/pages.css";
import { t } from "../messages/t.ts";
import { rich } from "../messages/rich.ts";

const keyFields = graphql(`
  fragment KeysPage_apiKey on ApiKey {
    id
    name
    createdAt
    expiresAt
    lastUsedAt
    scope
  }
`);

type ListedKey = NonNullable<ApiKeysQueryQuery["viewer"]>["apiKeys"][number];

export function KeysPage() {
  useTitle(t("keys.title"));
  const [secret, setSecret] = useState<{ token: string; name: string }>();
  return (
    <>
      <header className="page-header">
        <h1>{t("keys.title")}</h1>
      </header>
      <p className="lead">{t("keys.lead")}</p>
      <NewKeyForm onToken={(token, name) => setSecret({ token, name })} />
      {secret !== undefined && (
        <NewSecret name={secret.name} token={secret.token} onClose={() => setSecret(undefined)} />
      )}
      <KeyList />
    </>
  );
}

function KeyList() {
  const { data, error, refetch } = useQuery(apiKeysQuery);
  const [revoking, setRevoking] = useState<ListedKey>();
  const revoke = useRevokeApiKey();
  const keys = data?.viewer?.apiKeys;
  if (keys === undefined && error !== undefined) {
    return (
      <RetryMessage title={t("keys.problem")} onRetry={() => void refetch()}>
        {sentence(error)}
      </RetryMessage>
    );
  }
  if (keys === undefined)
    return <div className="rows loading" role="status" aria-label={t("ui.loading")} />;
  if (keys.length === 0) {
    return (
      <Message icon="key" title={t("keys.empty.title")}>
        {t("keys.empty.text")}
      </Message>
    );
  }
  return (
    <>
      <ul className="rows">
        {keys.map((key) => (
          <KeyRow key={key.id} apiKey={key} onRevoke={() => setRevoking(key)} />
        ))}
      </ul>
      {revoking !== undefined && (
        <ConfirmDialog
          title={t("keys.revokeQuestion")}
          action={t("keys.revoke")}
          onConfirm={async () => {
            const problem = await revoke(revoking.id);
            if (problem === undefined)
              notify(rich("keys.revoked", { name: <Name>{revoking.name}</Name> }));
            return problem;
          }}
          onClose={() => setRevoking(undefined)}
        >
          <p>
            {rich("keys.revokeText", {
              name: (
                <strong>
                  <Name>{revoking.name}</Name>
                </strong>
              ),
            })}
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

interface KeyRowProps {
  readonly apiKey: FragmentType<KeysPage_apiKeyFragment>;
  readonly onRevoke: () => void;
}

function KeyRow({ apiKey, onRevoke }: KeyRowProps) {
  const key = useFields(keyFields, apiKey);
  if (key === undefined) return null;
  return (
    <li className="row">
      <div>
        <strong>
          <Name>{key.name}</Name>
        </strong>
        <p className="hint">{describe(key)}</p>
      </div>
      <button
        type="button"
        className="button danger"
        aria-label={t("keys.revokeOf", { name: visibleName(key.name) })}
        onClick={onRevoke}
      >
        {t("keys.revoke")}
      </button>
    </li>
  );
}

function describe({ scope, createdAt, expiresAt, lastUsedAt }: KeysPage_apiKeyFragment): string {
  // A newer service may have scopes that this page does not know.
  const known = (SCOPES as Partial<typeof SCOPES>)[scope];
  return t("keys.facts", {
    scope: known === undefined ? scope : t(known.label),
    created: formatDay(createdAt),
    used:
      lastUsedAt === null
        ? t("keys.neverUsed")
        : t("keys.lastUsed", { ago: formatAgo(lastUsedAt) }),
    expires:
      expiresAt === null
        ? t("keys.neverExpires")
        : t("keys.expiresOn", { day: formatDay(expiresAt) }),
  });
}
