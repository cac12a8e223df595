import { createElement, Fragment, type ReactNode } from "react";
import { filled, type MessageId, type Values } from "./t.ts";

type Tag = (children: ReactNode) => ReactNode;

/** Return a message with elements inside; see `t`. Tags are functions of what they contain. */
export function rich<Id extends MessageId>(
  id: Id,
  ...values: Values<Id, ReactNode, Tag>
): ReactNode {
  return filled(id, values[0], (pieces) =>
    createElement(Fragment, null, ...(pieces as ReactNode[])),
  ) as ReactNode;
}
