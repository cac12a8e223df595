import { message, type Message } from "../messages/t.ts";
import type { Filters } from "./filters.ts";

export const ORDER_LABELS: Readonly<Record<Filters["order"], Message>> = {
  newest: message("filters.order.newest"),
  oldest: message("filters.order.oldest"),
  name: message("filters.order.name"),
  nameDown: message("filters.order.nameDown"),
  largest: message("filters.order.largest"),
  smallest: message("filters.order.smallest"),
};
