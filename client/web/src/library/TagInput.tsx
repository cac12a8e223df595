import { useApolloClient } from "@apollo/client/react";
import { useId, useState, type KeyboardEvent } from "react";
import { visibleName } from "../format/names.ts";
import { Icon } from "../ui/Icon.tsx";
import { Name } from "../ui/Name.tsx";
import { knownTags } from "./knownTags.ts";
import { t } from "../messages/t.ts";

interface TagInputProps {
  readonly label: string;
  readonly tags: readonly string[];
  readonly onChange: (tags: string[]) => void;
  readonly problem?: string | undefined;
}

/**
 * An input for tags; Enter or a comma adds the tag that was typed. It suggests the tags of the
 * uploads that the page has loaded.
 */
export function TagInput({ label, tags, onChange, problem }: TagInputProps) {
  const id = useId();
  const { cache } = useApolloClient();
  const [word, setWord] = useState("");
  const [known, setKnown] = useState<readonly string[]>([]);

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
              aria-label={t("tags.removeOne", { name: visibleName(tag) })}
              onClick={() => onChange(tags.filter((other) => other !== tag))}
            >
              <Icon name="close" size={14} />
            </button>
          </span>
        ))}
        <input
          id={id}
          list={`${id}-known`}
          value={word}
          placeholder={tags.length === 0 ? t("tags.addOne") : ""}
          aria-invalid={problem !== undefined}
          aria-describedby={problem === undefined ? undefined : `${id}-problem`}
          onChange={(event) => setWord(event.target.value)}
          onKeyDown={press}
          onFocus={() => setKnown(knownTags(cache))}
          onBlur={add}
        />
        <datalist id={`${id}-known`}>
          {known
            .filter((tag) => !tags.includes(tag))
            .map((tag) => (
              <option key={tag} value={tag} />
            ))}
        </datalist>
      </div>
      {problem !== undefined && (
        <p className="problem" id={`${id}-problem`} role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
