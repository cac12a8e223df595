import type { UploadFields } from "../api/uploadFields.ts";
import type { UploadFilter, UploadOrder } from "../graphql/graphql.ts";

/** Return whether a list with this filter contains the upload, as the service would decide. */
export function matches(filter: UploadFilter, upload: UploadFields): boolean {
  const { status, search, tags, createdAfter, createdBefore, trashed = false } = filter;
  const createdAt = Date.parse(upload.createdAt);
  return (
    (upload.trashedAt !== null) === trashed &&
    (status == null || status.length === 0 || status.includes(upload.status)) &&
    isOfType(filter.contentType, upload.contentType) &&
    upload.filename.toLowerCase().includes((search ?? "").toLowerCase()) &&
    (tags ?? []).every((tag) => upload.tags.includes(tag)) &&
    (createdAfter == null || createdAt >= Date.parse(createdAfter)) &&
    (createdBefore == null || createdAt < Date.parse(createdBefore))
  );
}

/** Return whether a content type is of this media type or range; its parameters do not count. */
function isOfType(range: string | null | undefined, contentType: string): boolean {
  if (range == null || range === "*/*") return true;
  const essence = contentType.split(";", 1)[0]?.trim() ?? "";
  return range.endsWith("/*") ? essence.startsWith(range.slice(0, -1)) : essence === range;
}

type Sorted = Pick<UploadFields, "id" | "filename" | "size">;

/** Return the function that compares two uploads in this order; ties are broken by creation. */
export function order({ field = "CREATED_AT", direction = "DESC" }: Partial<UploadOrder>) {
  const sign = direction === "ASC" ? 1 : -1;
  return (one: Sorted, other: Sorted): number =>
    sign * (byField(field, one, other) || byText(one.id, other.id));
}

function byField(field: UploadOrder["field"], one: Sorted, other: Sorted): number {
  switch (field) {
    case "SIZE":
      return one.size - other.size;
    case "FILENAME":
      return byText(one.filename.toLowerCase(), other.filename.toLowerCase());
    default: // Ids sort by creation time.
      return 0;
  }
}

function byText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
