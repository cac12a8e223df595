import { useUploads } from "media-upload/react";
import { notify } from "../../ui/notices.ts";
import { FileButton } from "../FileButton.tsx";
import { percentOf } from "../progress.ts";
import { t } from "../../messages/t.ts";

/** What concerns the whole list: why it stopped, files to choose again, skipped files, other tabs. */
export function Notes() {
  const { problem, counts, elsewhere, skipped, reopenable } = useUploads();
  return (
    <>
      {problem !== undefined && <p className="tray-note stopped">{problem.message}</p>}
      {(counts.missing > 1 || reopenable > 0) && <MissingNote />}
      {elsewhere.files > 0 && (
        <p className="tray-note">
          {t("tray.noteElsewhere", {
            count: elsewhere.files,
            percent: percentOf(elsewhere.bytesSent, elsewhere.bytesTotal),
          })}
        </p>
      )}
      {skipped > 0 && <p className="tray-note">{t("tray.noteSkipped", { count: skipped })}</p>}
    </>
  );
}

/** Continues the files of an earlier page, which the browser may or may not let this one read. */
function MissingNote() {
  const { counts, reopenable, reopen, add, at } = useUploads();
  const { missing } = counts;
  const inFolder = at(0)?.name.includes("/") === true;

  async function resume() {
    await reopen();
    // Files that were moved or changed stay in the list, with a button of their own.
    if (at(0)?.state === "missing") notify(t("tray.chooseSome"), "problem");
  }
  const addAgain = (files: FileList) => void add([...files]);
  return (
    <div className="tray-note">
      <p>
        {t("tray.noteMissing", { count: missing })} {reopenable < missing && t("tray.chooseSame")}
      </p>
      <div className="tray-note-actions">
        {reopenable > 0 && (
          <button type="button" className="button small" onClick={() => void resume()}>
            {reopenable < missing ? t("tray.resumeSome", { count: reopenable }) : t("tray.resume")}
          </button>
        )}
        {reopenable < missing && (
          <FileButton
            label={t("upload.chooseFiles")}
            testId="missing-files"
            multiple
            onChoose={addAgain}
          />
        )}
        {reopenable < missing && inFolder && (
          <FileButton
            label={t("upload.chooseFolder")}
            testId="missing-folder"
            folder
            onChoose={addAgain}
          />
        )}
      </div>
    </div>
  );
}
