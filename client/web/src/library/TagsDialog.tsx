import { useState } from "react";
import { Dialog } from "../ui/Dialog.tsx";
import { Name } from "../ui/Name.tsx";
import { notify } from "../ui/notices.ts";
import { countTags } from "./tagChanges.ts";
import { TagInput } from "./TagInput.tsx";
import { useChosen, type Chosen } from "./useChosen.ts";
import { useUpdateTags, type TagUpdate } from "./useUpdateTags.ts";
import { t } from "../messages/t.ts";

/** Of the tags of thousands of files, the dialog offers the most frequent ones. */
const OFFERED_MAX = 30;

interface TagsDialogProps {
  readonly ids: ReadonlySet<string>;
  readonly onClose: () => void;
}

/** Adds and removes tags of all selected files. */
export function TagsDialog({ ids, onClose }: TagsDialogProps) {
  const chosen = useChosen(ids);
  const update = useUpdateTags();
  const [add, setAdd] = useState<readonly string[]>([]);
  const [remove, setRemove] = useState<ReadonlySet<string>>(new Set());
  const [done, setDone] = useState<number>();
  const [result, setResult] = useState<TagUpdate>();

  async function apply() {
    setResult(undefined);
    setDone(0);
    const result = await update(chosen, { add, remove }, setDone);
    setDone(undefined);
    if (result.failed.length > 0) setResult(result);
    else {
      notify(t("tags.changed", { count: result.changed.length }));
      onClose();
    }
  }
  return (
    <Dialog title={t("tags.title", { count: chosen.length })} onClose={onClose}>
      <div className="tags-form">
        <TagInput label={t("tags.add")} tags={add} onChange={setAdd} />
        <Removals {...{ chosen, remove }} onChange={setRemove} />
        {result !== undefined && (
          <p className="problem" role="alert">
            {t("tags.failed", {
              count: result.failed.length,
              changed: result.changed.length,
              problem: result.problem ?? "",
            })}
          </p>
        )}
        {done !== undefined && (
          <progress value={done} max={chosen.length} aria-label={t("tags.progress")} />
        )}
      </div>
      <footer className="dialog-actions">
        <button type="button" className="button" onClick={onClose}>
          {t("ui.cancel")}
        </button>
        <button
          type="button"
          className="button primary"
          disabled={done !== undefined || add.length + remove.size === 0}
          onClick={() => void apply()}
        >
          {result === undefined ? t("tags.change") : t("ui.tryAgain")}
        </button>
      </footer>
    </Dialog>
  );
}

interface RemovalsProps {
  readonly chosen: readonly Chosen[];
  readonly remove: ReadonlySet<string>;
  readonly onChange: (remove: ReadonlySet<string>) => void;
}

function Removals({ chosen, remove, onChange }: RemovalsProps) {
  const tags = countTags(chosen).slice(0, OFFERED_MAX);
  if (tags.length === 0) return null;
  return (
    <fieldset className="choices">
      <legend>{t("tags.remove")}</legend>
      {tags.map(([tag, uses]) => (
        <label key={tag} className="check-line">
          <input
            type="checkbox"
            checked={remove.has(tag)}
            onChange={({ target }) => {
              const others = [...remove].filter((other) => other !== tag);
              onChange(new Set(target.checked ? [...others, tag] : others));
            }}
          />
          <Name>{tag}</Name>
          {t("library.files", { count: uses })}
        </label>
      ))}
    </fieldset>
  );
}
