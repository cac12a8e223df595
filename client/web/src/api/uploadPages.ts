import type { FieldFunctionOptions, FieldPolicy, Reference } from "@apollo/client";
import type { UploadsQueryQueryVariables, UploadStatus } from "../graphql/graphql.ts";

interface Edge {
  readonly node: Reference;
  readonly cursor: string;
}

interface Connection {
  readonly edges: readonly Edge[];
  readonly pageInfo: { readonly endCursor: string | null; readonly hasNextPage: boolean };
  readonly totalCount: number;
}

/**
 * Keep one list per filter and order. A page with `after` is appended. A first page replaces the
 * start of the list and leaves the pages after it, so that a refetch neither loses the place of a
 * user who has scrolled down nor loads those pages again.
 *
 * A query with `first` reads one page; a query without it reads the whole list. Read only `ids` from the
 * whole list: reading other fields of 10,000 uploads takes a second, whenever a page arrives.
 */
export const uploadPages: FieldPolicy<Connection> = {
  keyArgs: ["filter", "orderBy"],
  read: (existing, { args }: FieldFunctionOptions) => {
    const { first, after } = (args ?? {}) as Partial<UploadsQueryQueryVariables>;
    if (existing === undefined || first === undefined) return existing;
    const start =
      after == null ? 0 : existing.edges.findIndex(({ cursor }) => cursor === after) + 1;
    if (after != null && start === 0) return undefined;
    return { ...existing, edges: existing.edges.slice(start, start + first) };
  },
  merge: (existing, incoming: Connection, { args }: FieldFunctionOptions) => {
    if (existing === undefined) return incoming;
    const after = args?.["after"] as string | null | undefined;
    if (after != null) return append(existing, incoming, after);
    return replaceStart(existing, incoming);
  },
};

/** How the cache's references to uploads begin; the id follows. */
const UPLOAD = "Upload:";

/** Return the ids of a list's uploads, which are far less work to read than the uploads. */
export function listedIds(
  _existing: unknown,
  { args, readField }: FieldFunctionOptions,
): readonly string[] {
  const status = args?.["status"] as UploadStatus | null | undefined;
  const nodes = (readField<Connection["edges"]>("edges") ?? []).map(({ node }) => node);
  return nodes.filter((node) => status == null || readField("status", node) === status).map(idOf);
}

/** The cache keeps many versions of a list. They share one string per upload. */
const ids = new WeakMap<Reference, string>();

function idOf(node: Reference): string {
  const id = ids.get(node) ?? node.__ref.slice(UPLOAD.length);
  ids.set(node, id);
  return id;
}

function append(existing: Connection, incoming: Connection, after: string): Connection {
  // The list was replaced while this page was on its way.
  if (existing.pageInfo.endCursor !== after) return existing;
  return { ...incoming, edges: [...existing.edges, ...without(incoming.edges, existing.edges)] };
}

function replaceStart(existing: Connection, incoming: Connection): Connection {
  if (!incoming.pageInfo.hasNextPage) return incoming;
  const rest = existing.edges.slice(endOfStart(existing.edges, incoming.edges));
  const edges = [...incoming.edges, ...without(rest, incoming.edges)];
  if (edges.length === incoming.edges.length) return incoming;
  return { ...incoming, edges, pageInfo: existing.pageInfo };
}

/**
 * Return how many existing edges the new first page stands for: those up to its last upload that
 * was already listed. If there is none near, the first page says nothing about the rest of the list,
 * so it stands for all.
 */
function endOfStart(existing: readonly Edge[], incoming: readonly Edge[]): number {
  const places = new Map(existing.map(({ node }, index) => [node.__ref, index]));
  for (const { node } of [...incoming].reverse()) {
    const place = places.get(node.__ref);
    // An upload that has moved, for example because it was renamed, is not where the page ends.
    if (place !== undefined && place < 2 * incoming.length) return place + 1;
  }
  return existing.length;
}

function without(edges: readonly Edge[], others: readonly Edge[]): readonly Edge[] {
  const known = new Set(others.map(({ node }) => node.__ref));
  return edges.filter(({ node }) => !known.has(node.__ref));
}
