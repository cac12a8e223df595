import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { sentence } from "../api/errors.ts";
import { formatAgo, formatDay } from "../format/dates.ts";
import { deviceName } from "../format/devices.ts";
import type { UserSessionFieldsFragment } from "../graphql/graphql.ts";
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx";
import { RetryMessage } from "../ui/RetryMessage.tsx";
import { notify } from "../ui/notices.ts";
import { sessionsQuery } from "./sessionsQuery.ts";
import { useEndSession } from "./useEndSession.ts";

/** Lists where the user is signed in; each of the other sessions can be ended. */
export function SessionList() {
  const { data, error, refetch } = useQuery(sessionsQuery);
  const [ending, setEnding] = useState<UserSessionFieldsFragment>();
  const end = useEndSession();
  const sessions = data?.viewer?.sessions;
  if (sessions === undefined && error !== undefined) {
    return (
      <RetryMessage title="Your sessions couldn’t be loaded" onRetry={() => void refetch()}>
        {sentence(error)}
      </RetryMessage>
    );
  }
  if (sessions === undefined)
    return <div className="rows loading" role="status" aria-label="Loading" />;
  return (
    <>
      <ul className="rows">
        {sessions.map((session) => (
          <SessionRow key={session.id} session={session} onEnd={() => setEnding(session)} />
        ))}
      </ul>
      {ending !== undefined && (
        <ConfirmDialog
          title="End this session?"
          action="End session"
          onConfirm={async () => {
            const problem = await end(ending.id);
            if (problem === undefined) notify("The session has ended.");
            return problem;
          }}
          onClose={() => setEnding(undefined)}
        >
          <p>
            <strong>{deviceName(ending.userAgent)}</strong> will be signed out. If you don’t
            recognize it, change your password as well.
          </p>
        </ConfirmDialog>
      )}
    </>
  );
}

interface SessionRowProps {
  readonly session: UserSessionFieldsFragment;
  readonly onEnd: () => void;
}

function SessionRow({ session, onEnd }: SessionRowProps) {
  const { userAgent, current, createdAt, lastUsedAt } = session;
  const device = deviceName(userAgent);
  return (
    <li className="row">
      <div>
        <strong>{device}</strong>
        <p className="hint">
          Signed in {formatDay(createdAt)} · last used {formatAgo(lastUsedAt)}
        </p>
      </div>
      {current ? (
        <span className="badge stored">This device</span>
      ) : (
        <button
          type="button"
          className="button danger"
          aria-label={`End session of ${device}`}
          onClick={onEnd}
        >
          End session
        </button>
      )}
    </li>
  );
}
