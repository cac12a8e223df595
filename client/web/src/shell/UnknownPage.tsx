import { Link } from "react-router";
import { Message } from "../ui/Message.tsx";
import { useTitle } from "./useTitle.ts";

export function UnknownPage() {
  useTitle("Page not found");
  return (
    <Message
      icon="search"
      title="Page not found"
      action={
        <Link to="/library" className="button primary">
          Go to library
        </Link>
      }
    >
      Check the address for typos.
    </Message>
  );
}
