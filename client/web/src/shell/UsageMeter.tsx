import { useQuery } from "@apollo/client/react";
import { graphql } from "../graphql/index.ts";
import { formatBytes } from "../format/bytes.ts";

const usageQuery = graphql(`
  query Usage {
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
  const { data } = useQuery(usageQuery);
  const usage = data?.viewer?.usage;
  if (usage === undefined) return <div className="usage" aria-hidden="true" />;
  const { bytes, quotaBytes } = usage;
  if (quotaBytes === null) return <p className="usage">{formatBytes(bytes)} used</p>;
  const share = quotaBytes === 0 ? 1 : bytes / quotaBytes;
  const text = `${formatBytes(bytes)} of ${formatBytes(quotaBytes)} used`;
  return (
    <div className="usage">
      <meter
        aria-label="Storage used"
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
