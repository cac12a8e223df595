import type { FragmentType } from "@apollo/client";
import { useState, type SubmitEvent } from "react";
import { useFields } from "../api/useFields.ts";
import { visibleName } from "../format/names.ts";
import type { NameForm_uploadFragment } from "../graphql/graphql.ts";
import { graphql } from "../graphql/index.ts";
import { Field } from "../ui/Field.tsx";
import { useUpdateUpload } from "./useUpdateUpload.ts";
import { t } from "../messages/t.ts";

const nameFields = graphql(`
  fragment NameForm_upload on Upload {
    id
    filename
    tags
  }
`);

/** Renames an upload. If the new name is rejected, it stays in the field. */
export function NameForm(props: { readonly upload: FragmentType<NameForm_uploadFragment> }) {
  const upload = useFields(nameFields, props.upload);
  const update = useUpdateUpload();
  const [draft, setDraft] = useState<string>();
  const [problem, setProblem] = useState<string>();

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (draft === undefined || upload === undefined) return;
    const failure = await update(upload, { filename: draft });
    setProblem(failure && (failure.fields["filename"] ?? failure.message));
    if (failure === undefined) setDraft(undefined);
  }
  function reset() {
    setDraft(undefined);
    setProblem(undefined);
  }
  if (upload === undefined) return null;
  const name = draft ?? upload.filename;
  const shown = visibleName(name);
  return (
    <form className="name-form" onSubmit={(event) => void submit(event)}>
      <Field
        label={t("details.name")}
        value={name}
        hint={shown === name ? undefined : t("details.shownAs", { name: shown })}
        problem={problem}
        dir="auto"
        required
        onChange={(event) => setDraft(event.target.value)}
      />
      {draft !== undefined && (
        <div className="name-actions">
          <button type="submit" className="button primary">
            {t("details.rename")}
          </button>
          <button type="button" className="button" onClick={reset}>
            {t("ui.cancel")}
          </button>
        </div>
      )}
    </form>
  );
}
