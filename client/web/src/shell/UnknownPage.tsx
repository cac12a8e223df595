import { Link } from "react-router";
import { Message } from "../ui/Message.tsx";
import { useTitle } from "./useTitle.ts";

export function UnknownPage() {
  useTitle("No such page");
  return (
    <Message
      icon="search"
      title="There is no such page"
      action={
        <Link to="/library" className="button primary">
          To the library
        </Link>
      }
    >
      The address may have a mistake in it.
    </Message>
  );
}
