import { skipToken, useQuery } from "@apollo/client/react";
import { useEffect, useState } from "react";
import { graphql } from "../graphql/index.ts";
import { formatBytes } from "../format/bytes.ts";
import { t } from "../messages/t.ts";
import { whenIdle } from "./idle.ts";

const usageQuery = graphql(`
  query UsageMeter {
    viewer {
      id
      usage {
        bytes
        uploads
        quotaBytes
      }
    }
  }
`);

/** Shows how much storage the user has used, and their quota if there is one. */
export function UsageMeter() {
  // The page shows its files first.
  const [ready, setReady] = useState(false);
  useEffect(() => whenIdle(() => setReady(true)), []);
  const { data } = useQuery(usageQuery, ready ? {} : skipToken);
  const usage = data?.viewer?.usage;
  if (usage === undefined) return <div className="usage" aria-hidden="true" />;
  const { bytes, quotaBytes } = usage;
  if (quotaBytes === null)
    return <p className="usage">{t("shell.used", { bytes: formatBytes(bytes) })}</p>;
  const share = quotaBytes === 0 ? 1 : bytes / quotaBytes;
  const text = t("shell.usedOf", { bytes: formatBytes(bytes), quota: formatBytes(quotaBytes) });
  return (
    <div className="usage">
      <meter
        aria-label={t("shell.storage")}
        min={0}
        max={1}
        high={0.8}
        optimum={0}
        value={Math.min(share, 1)}
        title={text}
      >
        {text}
      </meter>
      <p>{text}</p>
    </div>
  );
}
