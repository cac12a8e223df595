import type { FragmentType } from "@apollo/client";
import { useQuery } from "@apollo/client/react";
import { useState } from "react";
import { sentence } from "../api/errors.ts";
import { useFields } from "../api/useFields.ts";
import { formatAgo, formatDay } from "../format/dates.ts";
import { deviceName } from "../format/devices.ts";
import type { SessionList_userSessionFragment, SessionsQueryQuery } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { RetryMessage } from "../ui/RetryMessage.tsx";
import { notify } from "../ui/notices.ts";
import { sessionsQuery } from "./sessionsQuery.ts";
import { useEndSession } from "./useEndSession.ts";
import { t } from "../messages/t.ts";

const sessionFields = graphql(`
  fragment SessionList_userSession on UserSession {
    id
    current
    createdAt
    lastUsedAt
    userAgent
  }
`);

type ListedSession = NonNullable<SessionsQueryQuery["viewer"]>["sessions"][number];

/** Lists where the user is signed in, this device first; the other sessions can be ended. */
export function SessionList() {
  // A cached list may contain sessions that are over.
  const { data, error, refetch } = useQuery(sessionsQuery, { fetchPolicy: "network-only" });
  /** What has ended here stays in the list, so that the user sees it and keeps the focus. */
  const [ended, setEnded] = useState<ReadonlySet<string>>(new Set());
  const endSession = useEndSession();
  const sessions = data?.viewer?.sessions;
  if (sessions === undefined && error !== undefined) {
    return (
      <RetryMessage title={t("accounts.sessionsProblem")} onRetry={() => void refetch()}>
        {sentence(error)}
      </RetryMessage>
    );
  }
  if (sessions === undefined)
    return <div className="rows loading" role="status" aria-label={t("ui.loading")} />;

  async function end(ending: readonly ListedSession[]) {
    for (const session of ending) {
      const problem = await endSession(session.id);
      if (problem !== undefined) {
        notify(t("accounts.endProblem", { problem }), "problem");
        return;
      }
      setEnded((others) => new Set([...others, session.id]));
    }
  }
  const others = sessions.filter(({ id, current }) => !current && !ended.has(id));
  return (
    <>
      <ul className="rows">
        {[...sessions].sort(byUse).map((session) => (
          <SessionRow
            key={session.id}
            session={session}
            ended={ended.has(session.id)}
            onEnd={() => void end([session])}
          />
        ))}
      </ul>
      {sessions.length === 1 && <p className="hint">{t("accounts.onlySession")}</p>}
      {others.length > 1 && (
        <button type="button" className="button danger" onClick={() => void end(others)}>
          {t("accounts.endOthers")}
        </button>
      )}
    </>
  );
}

/** Sort this device first, then by last use. */
function byUse(one: ListedSession, other: ListedSession): number {
  if (one.current !== other.current) return one.current ? -1 : 1;
  return Date.parse(other.lastUsedAt) - Date.parse(one.lastUsedAt);
}

interface SessionRowProps {
  readonly session: FragmentType<SessionList_userSessionFragment>;
  readonly ended: boolean;
  readonly onEnd: () => void;
}

function SessionRow({ ended, onEnd, ...props }: SessionRowProps) {
  const session = useFields(sessionFields, props.session);
  if (session === undefined) return null;
  const { userAgent, current, createdAt, lastUsedAt } = session;
  const device = deviceName(userAgent);
  return (
    <li className="row">
      <div>
        <strong>{device}</strong>
        <p className="hint">
          {t("accounts.sessionUse", { day: formatDay(createdAt), ago: formatAgo(lastUsedAt) })}
        </p>
      </div>
      {current ? (
        <span className="badge stored">{t("accounts.thisDevice")}</span>
      ) : (
        // The same button, since it has the focus.
        <button
          type="button"
          className={ended ? "button" : "button danger"}
          aria-label={ended ? t("accounts.endedOf", { device }) : t("accounts.endOf", { device })}
          aria-disabled={ended}
          onClick={ended ? undefined : onEnd}
        >
          <span aria-live="polite">{ended ? t("accounts.ended") : t("accounts.end")}</span>
        </button>
      )}
    </li>
  );
}
