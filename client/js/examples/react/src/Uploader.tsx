import { droppedFiles } from "media-upload";
import { useUpload, useUploads } from "media-upload/react";
import type { ChangeEvent, DragEvent, ReactElement } from "react";

/** Long lists need a virtualised list, such as @tanstack/react-virtual. */
const MAX_ROWS = 100;

/** An area for files, the state of all uploads, and a row for each of them. */
export function Uploader(): ReactElement {
  const uploads = useUploads();
  const { files, counts, unfinished, bytesSent, bytesTotal, paused, problem, at } = uploads;

  function choose({ currentTarget: input }: ChangeEvent<HTMLInputElement>): void {
    void uploads.add(input.files ?? []);
    input.value = "";
  }

  async function drop(event: DragEvent): Promise<void> {
    event.preventDefault();
    for await (const batch of droppedFiles(event.dataTransfer)) void uploads.add(batch);
  }

  const items = Array.from({ length: Math.min(files, MAX_ROWS) }, (_, index) => at(index));
  return (
    <div onDragOver={(event) => event.preventDefault()} onDrop={(event) => void drop(event)}>
      <label>
        Choose files, or drop them here <input type="file" multiple onChange={choose} />
      </label>
      <p role="status">
        {counts.stored} of {files} files stored, {percent(bytesSent, bytesTotal)}
      </p>
      {problem !== undefined && <p role="alert">{problem.message}</p>}
      <p>
        {paused ? (
          <button onClick={() => uploads.resume()}>Resume all</button>
        ) : (
          <button disabled={unfinished === 0} onClick={() => uploads.pause()}>
            Pause all
          </button>
        )}
        <button disabled={counts.failed === 0} onClick={() => uploads.retry()}>
          Retry all
        </button>
        <button disabled={unfinished === 0} onClick={() => void uploads.cancel()}>
          Cancel all
        </button>
      </p>
      <ul>{items.map((item) => item && <Row key={item.id} id={item.id} />)}</ul>
    </div>
  );
}

function Row({ id }: { id: string }): ReactElement | null {
  const item = useUpload(id);
  const { pause, resume, retry, cancel } = useUploads();
  if (item === undefined) return null;
  const { name, size, state, bytesSent, problem, retryable } = item;
  const done = state === "stored" || state === "failed" || state === "missing";
  return (
    <li>
      <b>{name}</b> <span>{state}</span> {!done && percent(bytesSent, size)}
      {state === "missing" && <em> Choose this file again to continue.</em>}
      {problem !== undefined && <em> {problem.message}</em>}
      {state === "paused" && <button onClick={() => resume(id)}>Resume</button>}
      {!done && state !== "paused" && <button onClick={() => pause(id)}>Pause</button>}
      {retryable && <button onClick={() => retry(id)}>Retry</button>}
      {state !== "stored" && <button onClick={() => void cancel(id)}>Cancel</button>}
    </li>
  );
}

function percent(part: number, whole: number): string {
  return `${whole === 0 ? 0 : Math.floor((part / whole) * 100)} %`;
}
