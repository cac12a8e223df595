import { useId, useState, type KeyboardEvent } from "react";
import { visibleName } from "../format/names.ts";
import { Icon } from "../ui/Icon.tsx";
import { Name } from "../ui/Name.tsx";

interface TagInputProps {
  readonly label: string;
  readonly tags: readonly string[];
  readonly onChange: (tags: string[]) => void;
  readonly problem?: string | undefined;
}

/** An input for tags; Enter or a comma adds the tag that was typed. */
export function TagInput({ label, tags, onChange, problem }: TagInputProps) {
  const id = useId();
  const [word, setWord] = useState("");

  function add() {
    const tag = word.trim();
    setWord("");
    if (tag !== "" && !tags.includes(tag)) onChange([...tags, tag]);
  }
  function press(event: KeyboardEvent<HTMLInputElement>) {
    if (event.key === "Enter" || event.key === ",") {
      event.preventDefault();
      add();
    } else if (event.key === "Backspace" && word === "" && tags.length > 0) {
      onChange(tags.slice(0, -1));
    }
  }
  return (
    <div className="field tag-field">
      <label htmlFor={id}>{label}</label>
      <div className="tag-box">
        {tags.map((tag) => (
          <span key={tag} className="tag">
            <Name>{tag}</Name>
            <button
              type="button"
              aria-label={`Remove tag ${visibleName(tag)}`}
              onClick={() => onChange(tags.filter((other) => other !== tag))}
            >
              <Icon name="close" size={14} />
            </button>
          </span>
        ))}
        <input
          id={id}
          value={word}
          placeholder={tags.length === 0 ? "Add a tag" : ""}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : `${id}-problem`}
          onChange={(event) => setWord(event.target.value)}
          onKeyDown={press}
          onBlur={add}
        />
      </div>
      {problem !== undefined && (
        <p className="problem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
