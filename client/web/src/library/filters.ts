import type { UploadFilter, UploadOrder, UploadStatus } from "../graphql/graphql.ts";

export const KINDS = {
  all: undefined,
  image: "image/*",
  video: "video/*",
  audio: "audio/*",
  pdf: "application/pdf",
  text: "text/*",
} as const;

export const STATUSES = {
  current: ["PENDING", "STORED", "REJECTED"],
  stored: ["STORED"],
  pending: ["PENDING"],
  rejected: ["REJECTED"],
  closed: ["CANCELLED", "EXPIRED"],
  all: undefined,
} as const satisfies Record<string, readonly UploadStatus[] | undefined>;

export const ORDERS = {
  newest: { field: "CREATED_AT", direction: "DESC" },
  oldest: { field: "CREATED_AT", direction: "ASC" },
  name: { field: "FILENAME", direction: "ASC" },
  nameDown: { field: "FILENAME", direction: "DESC" },
  largest: { field: "SIZE", direction: "DESC" },
  smallest: { field: "SIZE", direction: "ASC" },
} as const satisfies Record<string, UploadOrder>;

/** The filters and order in the URL of the library page. */
export interface Filters {
  readonly search: string;
  readonly kind: keyof typeof KINDS;
  readonly status: keyof typeof STATUSES;
  readonly order: keyof typeof ORDERS;
  readonly tags: readonly string[];
  /** Days as YYYY-MM-DD in the viewer's time zone, both inclusive; empty for no limit. */
  readonly from: string;
  readonly to: string;
}

export function readFilters(params: URLSearchParams): Filters {
  return {
    search: params.get("q") ?? "",
    kind: choice(KINDS, params.get("type"), "all"),
    status: choice(STATUSES, params.get("status"), "current"),
    order: choice(ORDERS, params.get("sort"), "newest"),
    tags: params.getAll("tag"),
    from: day(params.get("from")),
    to: day(params.get("to")),
  };
}

const PARAMS = ["q", "type", "status", "sort", "tag", "from", "to"];

/**
 * Return the URL parameters for the filters, without those that have their default value, and with
 * the other parameters of `address`.
 */
export function writeFilters(filters: Filters, address = new URLSearchParams()): URLSearchParams {
  const params = new URLSearchParams(address);
  for (const name of PARAMS) params.delete(name);
  if (filters.search !== "") params.set("q", filters.search);
  if (filters.kind !== "all") params.set("type", filters.kind);
  if (filters.status !== "current") params.set("status", filters.status);
  if (filters.order !== "newest") params.set("sort", filters.order);
  for (const tag of filters.tags) params.append("tag", tag);
  if (filters.from !== "") params.set("from", filters.from);
  if (filters.to !== "") params.set("to", filters.to);
  return params;
}

export function isFiltered(filters: Filters): boolean {
  return writeFilters({ ...filters, order: "newest" }).size > 0;
}

export interface ListVariables {
  readonly filter: UploadFilter;
  readonly orderBy: UploadOrder;
}

export function listVariables(filters: Filters): ListVariables {
  const status = STATUSES[filters.status];
  const contentType = KINDS[filters.kind];
  const { field, direction } = ORDERS[filters.order];
  return {
    filter: {
      ...(status !== undefined && { status: [...status] }),
      ...(contentType !== undefined && { contentType }),
      ...(filters.search.trim() !== "" && { search: filters.search.trim() }),
      ...(filters.tags.length > 0 && { tags: [...filters.tags] }),
      ...(filters.from !== "" && { createdAfter: midnight(filters.from, 0) }),
      ...(filters.to !== "" && { createdBefore: midnight(filters.to, 1) }),
    },
    orderBy: { field, direction },
  };
}

/** Return the start of the day that is `daysLater` days after `day`. */
function midnight(day: string, daysLater: number): string {
  const at = new Date(`${day}T00:00`);
  at.setDate(at.getDate() + daysLater);
  return at.toISOString();
}

function day(given: string | null): string {
  return given !== null && /^\d{4}-\d\d-\d\d$/.test(given) && !Number.isNaN(Date.parse(given))
    ? given
    : "";
}

function choice<K extends string>(
  choices: Readonly<Record<K, unknown>>,
  given: string | null,
  fallback: K,
): K {
  return given !== null && Object.hasOwn(choices, given) ? (given as K) : fallback;
}
