import { expect, test } from "vitest";
import { importsOf } from "../../scripts/imports/parse.ts";
import {
  findCycles,
  findLongFiles,
  findWrongArrows,
  MOST_LINES,
  type SourceFile,
} from "../../scripts/imports/rules.ts";

const file = (path: string, imports: readonly string[] = [], isType = false): SourceFile => ({
  path,
  lines: 10,
  imports: imports.map((imported) => ({ path: imported, isType })),
});

test.each([
  ["src/streams/home.ts", "src/streams/registry.ts"],
  ["src/streams/home.ts", "src/shared/limits.ts"],
  ["src/hub/server.ts", "src/fronts/centrifugo/dispatch.ts"],
  ["durable-objects/hub/hub.ts", "src/hub/server.ts"],
  ["src/worker.ts", "src/config.ts"],
  ["src/index.ts", "durable-objects/hub/hub.ts"],
  ["src/client/frame-view.ts", "src/websocket/frame.ts"],
  ["cli/doctor/settings.ts", "src/config/config.ts"],
  ["cli/commands/doctor.ts", "cli/doctor/diagnose.ts"],
])("%s may import %s", (from, to) => {
  expect(findWrongArrows([file(from, [to])])).toEqual([]);
});

test.each([
  ["src/shared/limits.ts", "src/streams/home.ts"],
  ["src/streams/home.ts", "durable-objects/hub/storage/stream-store.ts"],
  ["src/hub/server.ts", "durable-objects/hub/sockets.ts"],
  ["src/websocket/frame.ts", "src/protocol/messages.ts"],
  ["src/operations/publish.ts", "src/fronts/centrifugo/dispatch.ts"],
  ["src/client/frame-view.ts", "src/operations/publish.ts"],
  ["src/streams/home.ts", "src/client/frame-view.ts"],
  ["src/nowhere/a.ts", "src/shared/limits.ts"],
  ["durable-objects/hub/hub.ts", "src/config.ts"],
  ["src/index.ts", "src/worker.ts"],
  ["cli/doctor/settings.ts", "src/hub/server.ts"],
  ["src/config/config.ts", "cli/doctor/settings.ts"],
])("%s may not import %s, not even a type", (from, to) => {
  expect(findWrongArrows([file(from, [to], true)])).toEqual([`${from} may not import ${to}`]);
});

test("the bindings name the classes of the objects, as types only", () => {
  const [env, hub] = ["src/deployment/env.ts", "durable-objects/hub/hub.ts"];
  expect(findWrongArrows([file(env, [hub], true)])).toEqual([]);
  expect(findWrongArrows([file(env, [hub])])).toHaveLength(1);
});

test("a circle of values is found, one of types is none", () => {
  const circle = (isType: boolean) => [
    file("src/shared/a.ts", ["src/shared/b.ts"]),
    file("src/shared/b.ts", ["src/shared/c.ts"]),
    file("src/shared/c.ts", ["src/shared/a.ts"], isType),
  ];
  expect(findCycles(circle(false))).toHaveLength(1);
  expect(findCycles(circle(true))).toEqual([]);
});

test("a file of more than 300 lines is too long", () => {
  const long = { ...file("src/shared/a.ts"), lines: MOST_LINES + 1 };
  expect(findLongFiles([long, file("src/shared/b.ts")])).toHaveLength(1);
});

test("imports are read as they are written", () => {
  const text = `import { a, type B } from "./a.ts";
import type { C } from "./c.ts";
import {
  type D,
  type E,
} from "./d.ts";
import "./e.ts";
export * from "./f.ts";
export type { G } from "./g.ts";
const late = await import("./h.ts");
// import { x } from "./none.ts";
`;
  expect(importsOf(text)).toEqual([
    { from: "./a.ts", isType: false },
    { from: "./c.ts", isType: true },
    { from: "./d.ts", isType: true },
    { from: "./e.ts", isType: false },
    { from: "./f.ts", isType: false },
    { from: "./g.ts", isType: true },
    { from: "./h.ts", isType: false },
  ]);
});
