import type { FragmentType } from "@apollo/client";
import { useApolloClient } from "@apollo/client/react";
import { useEffect, useRef, useState } from "react";
import { useFields } from "../api/useFields.ts";
import { formatBytes } from "../format/bytes.ts";
import { visibleName } from "../format/names.ts";
import type { TextStage_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { linkTo } from "../library/downloads.ts";
import { RetryMessage } from "../ui/RetryMessage.tsx";
import { CHUNK_BYTES, decoderFor, fetchRange, SHOWN_MAX_BYTES } from "./text.ts";
import { t } from "../messages/t.ts";

const stageFields = graphql(`
  fragment TextStage_upload on Upload {
    id
    filename
    size
  }
`);

interface TextStageProps {
  readonly upload: FragmentType<TextStage_uploadFragment>;
}

/** Shows a text. */
export function TextStage(props: TextStageProps) {
  const upload = useFields(stageFields, props.upload);
  return upload && <Text upload={upload} />;
}

/** Shows the start of a text, and more of it on request. */
function Text({ upload }: { readonly upload: TextStage_uploadFragment }) {
  const { text, bytes, loading, failed, more } = useText(upload.id, upload.size);
  const region = useRef<HTMLDivElement>(null);
  const ended = bytes >= Math.min(upload.size, SHOWN_MAX_BYTES);
  useEffect(() => {
    // The button that had the focus is gone.
    if (ended && document.activeElement === document.body) region.current?.focus();
  }, [ended]);
  const name = visibleName(upload.filename);
  if (upload.size === 0) return <p className="viewer-hint">{t("viewer.text.empty")}</p>;
  if (failed && bytes === 0) {
    return (
      <RetryMessage title={t("viewer.text.problem")} onRetry={more}>
        {t("viewer.text.try")}
      </RetryMessage>
    );
  }
  const full = bytes >= SHOWN_MAX_BYTES;
  return (
    <div
      ref={region}
      className="viewer-text"
      role="region"
      aria-label={t("viewer.text.of", { name })}
      // Keyboard users scroll it with the arrow keys.
      // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
      tabIndex={0}
    >
      <pre dir="auto">{text}</pre>
      {bytes > 0 && bytes < upload.size && (
        <footer>
          <p role={failed ? "alert" : undefined}>
            {failed && `${t("viewer.text.rest")} `}
            {t("viewer.text.shown", { shown: formatBytes(bytes), total: formatBytes(upload.size) })}
            {full && ` ${t("viewer.text.download")}`}
          </p>
          {!full && (
            <button
              type="button"
              className="button"
              aria-disabled={loading}
              onClick={() => !loading && more()}
            >
              {loading ? t("ui.loadingMore") : t("ui.showMore")}
            </button>
          )}
        </footer>
      )}
    </div>
  );
}

interface Loaded {
  readonly text: string;
  readonly bytes: number;
}

/** Load a text in pieces; `more` loads the next one. */
function useText(id: string, size: number) {
  const client = useApolloClient();
  const [loaded, setLoaded] = useState<Loaded>({ text: "", bytes: 0 });
  const [wanted, setWanted] = useState(() => ({ from: 0 }));
  const [failed, setFailed] = useState<object>();
  const decoder = useRef<TextDecoder>(undefined);
  useEffect(() => {
    const { from } = wanted;
    const to = Math.min(size, from + CHUNK_BYTES);
    if (from >= to) return;
    const abort = new AbortController();
    async function load() {
      const bytes = await fetchRange(await linkTo(client, id, "INLINE"), from, to, abort.signal);
      if (abort.signal.aborted) return;
      if (from === 0) decoder.current = decoderFor(bytes);
      // A character may be cut at the end; the decoder keeps its bytes for the next piece.
      const text = decoder.current?.decode(bytes, { stream: to < size }) ?? "";
      setLoaded((before) => ({ text: from === 0 ? text : before.text + text, bytes: to }));
    }
    load().catch(() => {
      if (!abort.signal.aborted) setFailed(wanted);
    });
    return () => abort.abort();
  }, [client, id, size, wanted]);
  return {
    ...loaded,
    failed: failed === wanted,
    loading: failed !== wanted && loaded.bytes <= wanted.from,
    more: () => setWanted({ from: loaded.bytes }),
  };
}
