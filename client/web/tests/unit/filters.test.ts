import { describe, expect, it } from "vitest";
import { isFiltered, listVariables, readFilters, writeFilters } from "../../src/library/filters.ts";

const NONE = readFilters(new URLSearchParams());

describe("filters", () => {
  it("default to current uploads, newest first", () => {
    expect(listVariables(NONE)).toEqual({
      filter: { status: ["PENDING", "STORED", "REJECTED"] },
      orderBy: { field: "CREATED_AT", direction: "DESC" },
    });
    expect(writeFilters(NONE).toString()).toBe("");
    expect(isFiltered(NONE)).toBe(false);
  });

  it("survive being written to the URL and read again", () => {
    const filters = {
      search: "été & more",
      kind: "image",
      status: "closed",
      order: "largest",
      tags: ["a b", "c"],
      from: "2026-01-31",
      to: "2026-02-28",
    } as const;
    expect(readFilters(writeFilters(filters))).toEqual(filters);
    expect(isFiltered(filters)).toBe(true);
  });

  it("ignore invalid values", () => {
    const params = new URLSearchParams("type=constructor&status=x&sort=&from=2026-13-40&to=soon");
    expect(readFilters(params)).toEqual(NONE);
  });

  it("cover whole days, including the last one", () => {
    const { filter } = listVariables({ ...NONE, from: "2026-03-01", to: "2026-03-01" });
    const length = Date.parse(filter.createdBefore ?? "") - Date.parse(filter.createdAfter ?? "");
    expect(length).toBe(86_400_000);
    expect(new Date(filter.createdAfter ?? "").getHours()).toBe(0);
  });

  it("do not count the order as a filter", () => {
    expect(isFiltered({ ...NONE, order: "name" })).toBe(false);
  });
});
