import { expect, test } from "vitest";
import { Gate } from "./gate.ts";

const { signal } = new AbortController();

/** Enter the gate and log the visitor's name. Resolves to the function that leaves. */
async function visit(gate: Gate, name: string, log: string[], rank = 0, weight = 1) {
  const leave = await gate.enter(rank, signal, weight);
  log.push(name);
  return leave;
}

function settle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve));
}

test("admits by rank, then in order", async () => {
  const gate = new Gate(1);
  const log: string[] = [];
  const leave = await visit(gate, "first", log);
  const later = [
    visit(gate, "video", log, 2),
    visit(gate, "photo 1", log, 1),
    visit(gate, "photo 2", log, 1),
  ];
  leave();
  for (const visitor of [later[1], later[2], later[0]]) (await visitor)?.();
  expect(log).toEqual(["first", "photo 1", "photo 2", "video"]);
});

test("counts weights, and admits a visitor heavier than the limit alone", async () => {
  const gate = new Gate(10);
  const log: string[] = [];
  const leave = await visit(gate, "six", log, 0, 6);
  const heavy = visit(gate, "twenty", log, 0, 20);
  await settle();
  expect(log).toEqual(["six"]);
  leave();
  leave(); // Leaving twice counts once.
  const leaveHeavy = await heavy;
  const last = visit(gate, "one", log);
  await settle();
  expect(log).toEqual(["six", "twenty"]);
  leaveHeavy();
  (await last)();
  expect(gate.used).toBe(0);
});

test("forgets a visitor who gives up, and admits the next one", async () => {
  const gate = new Gate(2);
  const log: string[] = [];
  const leave = await visit(gate, "one", log);
  const leaving = new AbortController();
  const heavy = gate.enter(0, leaving.signal, 2);
  const light = visit(gate, "light", log);
  await settle();
  expect(log).toEqual(["one"]);
  leaving.abort(new Error("gone"));
  await expect(heavy).rejects.toThrow("gone");
  (await light)();
  leave();
  expect(gate.used).toBe(0);
});

test("admits more when the limit rises", async () => {
  const gate = new Gate(1);
  const log: string[] = [];
  await visit(gate, "one", log);
  void visit(gate, "two", log);
  void visit(gate, "three", log);
  gate.setLimit(2);
  await settle();
  expect(log).toEqual(["one", "two"]);
});
