import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { sentence } from "../api/errors.ts";
import type { ApiKeyFieldsFragment } from "../graphql/graphql.ts";
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

export function KeysPage() {
  useTitle("API keys");
  const [secret, setSecret] = useState<{ token: string; name: string }>();
  return (
    <>
      <header className="page-header">
        <h1>API keys</h1>
      </header>
      <p className="lead">
        Scripts and programs sign in with an API key instead of your password. Create one key for
        each, so that you can revoke it without affecting the others.
      </p>
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
  const [revoking, setRevoking] = useState<ApiKeyFieldsFragment>();
  const revoke = useRevokeApiKey();
  const keys = data?.viewer?.apiKeys;
  if (keys === undefined && error !== undefined) {
    return (
      <RetryMessage title="Your API keys couldn’t be loaded" onRetry={() => void refetch()}>
        {sentence(error)}
      </RetryMessage>
    );
  }
  if (keys === undefined)
    return <div className="rows loading" role="status" aria-label="Loading" />;
  if (keys.length === 0) {
    return (
      <Message icon="key" title="No API keys yet">
        Enter a name above, such as “backup script”, to create your first key.
      </Message>
    );
  }
  return (
    <>
      <ul className="rows">
        {keys.map((key) => (
          <li key={key.id} className="row">
            <div>
              <strong>
                <Name>{key.name}</Name>
              </strong>
              <p className="hint">{describe(key)}</p>
            </div>
            <button
              type="button"
              className="button danger"
              aria-label={`Revoke ${visibleName(key.name)}`}
              onClick={() => setRevoking(key)}
            >
              Revoke
            </button>
          </li>
        ))}
      </ul>
      {revoking !== undefined && (
        <ConfirmDialog
          title="Revoke this API key?"
          action="Revoke"
          onConfirm={async () => {
            const problem = await revoke(revoking.id);
            if (problem === undefined)
              notify(
                <>
                  API key “<Name>{revoking.name}</Name>” revoked.
                </>,
              );
            return problem;
          }}
          onClose={() => setRevoking(undefined)}
        >
          <p>
            Anything that uses{" "}
            <strong>
              <Name>{revoking.name}</Name>
            </strong>{" "}
            will stop working immediately.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

function describe({ scope, createdAt, expiresAt, lastUsedAt }: ApiKeyFieldsFragment): string {
  const used = lastUsedAt === null ? "never used" : `last used ${formatAgo(lastUsedAt)}`;
  const expiry = expiresAt === null ? "never expires" : `expires ${formatDay(expiresAt)}`;
  // A newer service may have scopes that this page does not know.
  const { label } = (SCOPES as Partial<typeof SCOPES>)[scope] ?? { label: scope };
  return `${label} · created ${formatDay(createdAt)} · ${used} · ${expiry}`;
}
