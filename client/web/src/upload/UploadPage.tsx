import { useEffect, useState } from "react";
import { TagInput } from "../library/TagInput.tsx";
import { useTitle } from "../shell/useTitle.ts";
import { Icon } from "../ui/Icon.tsx";
import { formatBytes } from "../format/bytes.ts";
import { FileButton } from "./FileButton.tsx";
import { canPick, pickFiles } from "./filePicker.ts";
import { setNextTags } from "./nextTags.ts";
import { useLimits } from "./useLimits.ts";
import { useAddFiles } from "./useAddFiles.ts";
import "../styles/pages.css";
import { message, t } from "../messages/t.ts";

const CAPTURES = [
  { label: message("upload.photo"), icon: "image", testId: "photo", capture: "image" },
  { label: message("upload.video"), icon: "video", testId: "video", capture: "video" },
  { label: message("upload.sound"), icon: "mic", testId: "sound", capture: "audio" },
] as const;

/** The page on which the user chooses files; the tray shows their progress. */
export function UploadPage() {
  useTitle(t("upload.title"));
  const limits = useLimits();
  const addFiles = useAddFiles();
  const [tags, setTags] = useState<readonly string[]>([]);
  useEffect(() => {
    setNextTags(tags);
    return () => setNextTags([]);
  }, [tags]);

  const types = limits?.contentTypes ?? [];
  const accept = types.includes("*/*") ? undefined : types.join(",");
  const add = (files: FileList) => void addFiles([[...files]]);
  return (
    <>
      <header className="page-header">
        <h1>{t("upload.title")}</h1>
      </header>
      <TagInput label={t("upload.tags")} tags={tags} onChange={setTags} />
      <div className="drop-area">
        <span className="message-icon">
          <Icon name="upload" size={28} />
        </span>
        <h2>{t("upload.drop")}</h2>
        <p className="hint">
          {limits === undefined
            ? t("upload.elsewhere")
            : t("upload.elsewhereUpTo", { size: formatBytes(limits.maxUploadBytes) })}
        </p>
        <div className="drop-actions">
          <FileButton
            label={t("upload.chooseFiles")}
            icon="file"
            testId="files"
            className="button primary"
            accept={accept}
            multiple
            onChoose={add}
            onClick={
              canPick() ? () => void pickFiles().then((files) => addFiles([files])) : undefined
            }
          />
          <FileButton
            label={t("upload.chooseFolder")}
            icon="folder"
            className="button"
            testId="folder"
            folder
            onChoose={add}
          />
        </div>
        <div className="drop-actions capture">
          {CAPTURES.map(({ label, ...capture }) => (
            <FileButton
              key={capture.capture}
              className="button"
              {...capture}
              label={t(label)}
              onChoose={add}
            />
          ))}
        </div>
      </div>
      <p className="hint after-drop-area">{t("upload.hint")}</p>
    </>
  );
}
