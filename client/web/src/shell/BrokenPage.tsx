import { Message } from "../ui/Message.tsx";

/** Shown where a page fails, such as when its code can't be loaded after a new release. */
export function BrokenPage() {
  return (
    <main className="starting">
      <Message
        icon="warning"
        title="This page could not be shown"
        alert
        action={
          <button type="button" className="button primary" onClick={() => location.reload()}>
            Load it again
          </button>
        }
      >
        Nothing is lost: uploads go on where they stopped.
      </Message>
    </main>
  );
}
