import { Message } from "../ui/Message.tsx";

/** Shown when a page fails to load or render, for example if a new release removed its code. */
export function BrokenPage() {
  return (
    <main className="starting">
      <Message
        icon="warning"
        title="This page couldn’t be loaded"
        alert
        action={
          <button type="button" className="button primary" onClick={() => location.reload()}>
            Reload page
          </button>
        }
      >
        Your files are safe. Interrupted uploads resume where they stopped.
      </Message>
    </main>
  );
}
