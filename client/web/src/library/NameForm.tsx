import { useState, type SubmitEvent } from "react";
import type { UploadFieldsFragment } from "../graphql/graphql.ts";
import { Field } from "../ui/Field.tsx";
import { useUpdateUpload } from "./useUpdateUpload.ts";

/** Renames an upload. What is typed stays where it is refused. */
export function NameForm({ upload }: { readonly upload: UploadFieldsFragment }) {
  const update = useUpdateUpload();
  const [name, setName] = useState(upload.filename);
  const [problem, setProblem] = useState<string>();
  const changed = name !== upload.filename;

  async function submit(event: SubmitEvent<HTMLFormElement>) {
    event.preventDefault();
    if (!changed) return;
    const failure = await update(upload, { filename: name });
    setProblem(failure && (failure.fields["filename"] ?? failure.message));
  }
  return (
    <form className="name-form" onSubmit={(event) => void submit(event)}>
      <Field
        label="Name"
        value={name}
        problem={problem}
        required
        onChange={(event) => setName(event.target.value)}
      />
      {changed && (
        <div className="name-actions">
          <button type="submit" className="button primary">
            Rename
          </button>
          <button type="button" className="button" onClick={() => setName(upload.filename)}>
            Undo
          </button>
        </div>
      )}
    </form>
  );
}
