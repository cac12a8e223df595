import { describe, expect, it } from "vitest";
import { isFiltered, listVariables, readFilters, writeFilters } from "../../src/library/filters.ts";

const NONE = readFilters(new URLSearchParams());

describe("filters", () => {
  it("show what is current, newest first, where the address says nothing", () => {
    expect(listVariables(NONE)).toEqual({
      filter: { status: ["PENDING", "STORED", "REJECTED"] },
      orderBy: { field: "CREATED_AT", direction: "DESC" },
    });
    expect(writeFilters(NONE).toString()).toBe("");
    expect(isFiltered(NONE)).toBe(false);
  });

  it("are the same after they were written into the address and read", () => {
    const filters = {
      search: "été & more",
      kind: "image",
      status: "given",
      order: "largest",
      tags: ["a b", "c"],
      from: "2026-01-31",
      to: "2026-02-28",
    } as const;
    expect(readFilters(writeFilters(filters))).toEqual(filters);
    expect(isFiltered(filters)).toBe(true);
  });

  it("take no sense out of nonsense", () => {
    const params = new URLSearchParams("type=constructor&status=x&sort=&from=2026-13-40&to=soon");
    expect(readFilters(params)).toEqual(NONE);
  });

  it("hold whole days, the last one included", () => {
    const { filter } = listVariables({ ...NONE, from: "2026-03-01", to: "2026-03-01" });
    const length = Date.parse(filter.createdBefore ?? "") - Date.parse(filter.createdAfter ?? "");
    expect(length).toBe(86_400_000);
    expect(new Date(filter.createdAfter ?? "").getHours()).toBe(0);
  });

  it("treat an order as no filter", () => {
    expect(isFiltered({ ...NONE, order: "name" })).toBe(false);
  });
});
