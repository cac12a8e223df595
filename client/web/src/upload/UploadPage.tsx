import { useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import { sentence } from "../api/errors.ts";
import { TagInput } from "../library/TagInput.tsx";
import { useViewer } from "../session/useSession.ts";
import { useTitle } from "../shell/useTitle.ts";
import { RetryMessage } from "../ui/RetryMessage.tsx";
import { Name } from "../ui/Name.tsx";
import type { Uploader } from "../uppy/uploader.ts";
import { loadUploader } from "./loadUploader.ts";

/** The page on which the user chooses files and watches their progress. */
export function UploadPage() {
  useTitle("Upload");
  const viewerId = useViewer()?.id;
  const [uploader, setUploader] = useState<Uploader>();
  const [problem, setProblem] = useState<string>();
  const [attempt, setAttempt] = useState(0);

  useEffect(() => {
    if (viewerId === undefined) return;
    let left = false;
    loadUploader(viewerId).then(
      (loaded) => {
        if (!left) setUploader(loaded);
      },
      (error: unknown) => {
        if (!left) setProblem(sentence(error));
      },
    );
    return () => {
      left = true;
    };
  }, [viewerId, attempt]);

  return (
    <>
      <header className="page-header">
        <h1>Upload</h1>
      </header>
      {uploader !== undefined ? (
        <UploadForm uploader={uploader} />
      ) : problem !== undefined ? (
        <RetryMessage
          title="The uploader couldn’t be loaded"
          primary
          onRetry={() => {
            setProblem(undefined);
            setAttempt(attempt + 1);
          }}
        >
          {problem}
        </RetryMessage>
      ) : (
        <div className="uploader-loading" role="status" aria-label="Loading" />
      )}
    </>
  );
}

function UploadForm({ uploader }: { readonly uploader: Uploader }) {
  const navigate = useNavigate();
  const target = useRef<HTMLDivElement>(null);
  const [tags, setTags] = useState<readonly string[]>(uploader.tags());
  const [missing, setMissing] = useState<readonly string[]>([]);

  useEffect(() => {
    if (target.current === null) return;
    return uploader.show(target.current, () => void navigate("/library"));
  }, [uploader, navigate]);
  useEffect(() => uploader.onMissing(setMissing), [uploader]);

  return (
    <>
      <TagInput
        label="Tags for the files you add next (optional)"
        tags={tags}
        onChange={(next) => {
          setTags(next);
          uploader.setTags(next);
        }}
      />
      {missing.length > 0 && (
        <section className="note" aria-label="Files to choose again">
          <p>
            {missing.length === 1 ? "This file is" : "These files are"} too large to be kept in the
            browser. Choose {missing.length === 1 ? "it" : "them"} again to send only what is
            missing:
          </p>
          <ul>
            {missing.map((name) => (
              <li key={name}>
                <Name>{name}</Name>
              </li>
            ))}
          </ul>
        </section>
      )}
      <div ref={target} className="uploader" />
      <p className="hint">
        Uploads continue while you visit other pages. If you close the tab or lose your connection,
        they resume later where they stopped.
      </p>
    </>
  );
}
