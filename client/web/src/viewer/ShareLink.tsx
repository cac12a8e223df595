import type { FragmentType } from "@apollo/client";
import { useQuery } from "@apollo/client/react";
import { useId, useRef, useState } from "react";
import { sentence } from "../api/errors.ts";
import { useFields } from "../api/useFields.ts";
import { formatMoment } from "../format/dates.ts";
import { formatUnit } from "../format/units.ts";
import type { ShareLink_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import "../styles/share.css";
import { Icon } from "../ui/Icon.tsx";
import { t } from "../messages/t.ts";
import { rich } from "../messages/rich.ts";

/** Links to a file and to its preview, which anyone can open until they expire. Never cached. */
const shareQuery = graphql(`
  query ShareLink($id: ID!, $seconds: Int!) {
    upload(id: $id) {
      id
      download(disposition: INLINE, expiresInSeconds: $seconds) {
        url
        expiresAt
      }
      preview: rendition(name: PREVIEW) {
        url
        expiresAt
      }
    }
  }
`);

const sharedFields = graphql(`
  fragment ShareLink_upload on Upload {
    id
    media {
      hasLocation
    }
  }
`);

const DAY_SECONDS = 86_400;
const LIFETIMES = [
  { value: 1, unit: "hour", seconds: 3600 },
  { value: 1, unit: "day", seconds: DAY_SECONDS },
  { value: 1, unit: "week", seconds: 7 * DAY_SECONDS },
] as const;

type Target = "preview" | "original";

interface ShareLinkProps {
  readonly upload: FragmentType<ShareLink_uploadFragment>;
}

/** Makes a link that anyone can open until it expires. */
export function ShareLink(props: ShareLinkProps) {
  const upload = useFields(sharedFields, props.upload);
  if (upload === undefined) return null;
  return <LinkMaker id={upload.id} located={upload.media?.hasLocation === true} />;
}

interface LinkMakerProps {
  readonly id: string;
  readonly located: boolean;
}

/**
 * If the file contains the location where it was taken, the link opens the preview, which does not
 * contain it, unless the user chooses the original.
 */
function LinkMaker({ id, located }: LinkMakerProps) {
  const [target, setTarget] = useState<Target>(located ? "preview" : "original");
  const [seconds, setSeconds] = useState<number>(DAY_SECONDS);
  const { data, error, refetch } = useQuery(shareQuery, {
    variables: { id, seconds },
    fetchPolicy: "no-cache",
  });
  const link = target === "preview" ? data?.upload?.preview : data?.upload?.download;
  const gone = data !== undefined && link == null;
  return (
    <div className="share">
      {located && <TargetChoice target={target} onChange={setTarget} />}
      {target === "original" && (
        <label className="share-lifetime">
          {t("share.lifetime")}
          <select value={seconds} onChange={(event) => setSeconds(Number(event.target.value))}>
            {LIFETIMES.map((lifetime) => (
              <option key={lifetime.seconds} value={lifetime.seconds}>
                {formatUnit(lifetime.value, lifetime.unit)}
              </option>
            ))}
          </select>
        </label>
      )}
      {(error !== undefined || gone) && (
        <p className="problem" role="alert">
          {error === undefined ? t("share.gone") : sentence(error)}{" "}
          <button type="button" className="button" onClick={() => void refetch()}>
            {t("ui.tryAgain")}
          </button>
        </p>
      )}
      <LinkField url={link?.url} />
      <p className="hint" role="status">
        {link != null &&
          rich("share.until", {
            time: <time dateTime={link.expiresAt}>{formatMoment(link.expiresAt)}</time>,
          })}
      </p>
    </div>
  );
}

interface TargetChoiceProps {
  readonly target: Target;
  readonly onChange: (target: Target) => void;
}

function TargetChoice({ target, onChange }: TargetChoiceProps) {
  const name = useId();
  const choices = [
    ["preview", t("share.preview")],
    ["original", t("share.original")],
  ] as const;
  return (
    <fieldset className="choices">
      <legend>{t("share.what")}</legend>
      <p className="hint">{t("share.located")}</p>
      {choices.map(([value, label]) => (
        <label key={value} className="check-line">
          <input
            type="radio"
            name={name}
            checked={target === value}
            onChange={() => onChange(value)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
}

/** Shows the link, and copies it. */
function LinkField({ url }: { readonly url: string | undefined }) {
  const field = useRef<HTMLInputElement>(null);
  const [outcome, setOutcome] = useState<{ url: string; copied: boolean }>();
  const known = outcome !== undefined && outcome.url === url ? outcome : undefined;

  async function copy(url: string) {
    let copied = true;
    try {
      await navigator.clipboard.writeText(url);
    } catch {
      copied = false;
      field.current?.select();
    }
    setOutcome({ url, copied });
  }
  return (
    <>
      <div className="joined share-link">
        <button
          type="button"
          className="button"
          disabled={url === undefined}
          onClick={() => url !== undefined && void copy(url)}
        >
          <Icon name={known?.copied === true ? "check" : "copy"} size={18} />
          <span aria-live="polite">
            {known?.copied === true ? t("share.copied") : t("share.copy")}
          </span>
        </button>
        <input ref={field} dir="ltr" readOnly aria-label={t("share.link")} value={url ?? ""} />
      </div>
      {known?.copied === false && (
        <p className="problem" role="alert">
          {t("share.blocked")}
        </p>
      )}
    </>
  );
}
