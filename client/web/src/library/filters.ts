import type { UploadFilter, UploadOrder, UploadStatus } from "../graphql/graphql.ts";

export const KINDS = {
  all: { label: "All types", contentType: undefined },
  image: { label: "Images", contentType: "image/*" },
  video: { label: "Videos", contentType: "video/*" },
  audio: { label: "Audio", contentType: "audio/*" },
  pdf: { label: "PDF", contentType: "application/pdf" },
  text: { label: "Text", contentType: "text/*" },
} as const satisfies Record<string, { label: string; contentType: string | undefined }>;

interface StatusChoice {
  readonly label: string;
  readonly status: readonly UploadStatus[] | undefined;
}

export const STATUSES = {
  current: { label: "Current", status: ["PENDING", "STORED", "REJECTED"] },
  stored: { label: "Stored", status: ["STORED"] },
  pending: { label: "Incomplete", status: ["PENDING"] },
  rejected: { label: "Rejected", status: ["REJECTED"] },
  closed: { label: "Cancelled or expired", status: ["CANCELLED", "EXPIRED"] },
  all: { label: "Any status", status: undefined },
} as const satisfies Record<string, StatusChoice>;

export const ORDERS = {
  newest: { label: "Newest first", field: "CREATED_AT", direction: "DESC" },
  oldest: { label: "Oldest first", field: "CREATED_AT", direction: "ASC" },
  name: { label: "Name A–Z", field: "FILENAME", direction: "ASC" },
  nameDown: { label: "Name Z–A", field: "FILENAME", direction: "DESC" },
  largest: { label: "Largest first", field: "SIZE", direction: "DESC" },
  smallest: { label: "Smallest first", field: "SIZE", direction: "ASC" },
} as const satisfies Record<string, { label: string } & UploadOrder>;

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

/** Return the URL parameters for the filters, without those that have their default value. */
export function writeFilters(filters: Filters): URLSearchParams {
  const params = new URLSearchParams();
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
  const { status } = STATUSES[filters.status];
  const { contentType } = KINDS[filters.kind];
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
