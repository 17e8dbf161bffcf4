import { describe, expect, test } from "vitest";
import { CODE, literalAtStart } from "../../cli/project/literals.ts";
import { readWorkerSource } from "../../cli/project/worker-source.ts";
import { reader } from "../support/cli-folder.ts";

const optionOf = (files: Readonly<Record<string, string>>, name = "channels") =>
  readWorkerSource(reader(files), "worker.ts")?.option(name);

describe("what is read of a Worker without running it", () => {
  test.each([
    [
      '{ a: [1, -2, "x", true, null], "b": 30 * 24 * 3_600 }, more',
      { a: [1, -2, "x", true, null], b: 2_592_000 },
    ],
    ["`text`)", "text"],
    ["{ a: 1 } as const satisfies Config;", { a: 1 }],
    ["[env.NAME, f(), ...rest]", [CODE, CODE, CODE]],
    ["{ a: { [name]: 1, ...more } }", { a: { [CODE]: CODE } }],
    ["{ hooks: { connect() {} } }", { hooks: { connect: CODE } }],
    ["{ hook: (a: string) => a }", undefined],
    ["name", CODE],
    ["{ unfinished:", undefined],
  ])("CLI-13: the literal in %s", (source, value) => {
    expect(literalAtStart(source)).toEqual(value);
  });

  test.each([
    [
      "itself",
      { "worker.ts": 'createGateway({ channels: { namespaces: [{ name: "news" }] }, path: "/x" })' },
    ],
    [
      "a variable of the module",
      {
        "worker.ts":
          'const channels: Config = { namespaces: [{ name: "news" }] };\ncreateGateway({ channels })',
      },
    ],
    [
      "options that are a variable",
      {
        "worker.ts":
          'const options: GatewayOptions = { rooms, channels: { namespaces: [{ name: "news" }] } };\ncreateGateway(options)',
      },
    ],
    [
      "a call with type arguments",
      {
        "worker.ts":
          'createGateway<{ chat: RoomHandler<Seat> }>({ "channels": { namespaces: [{ name: "news" }] } })',
      },
    ],
    [
      "beside code that has its name",
      {
        "worker.ts":
          'createGateway({ rooms: { chat: { message(ws: Socket, text?: string) { ws.send({ channels: 1 }); } } }, channels: { namespaces: [{ name: "news" }] } })',
      },
    ],
    [
      "a variable of another module",
      {
        "worker.ts": 'import { mine } from "./mine.js";\ncreateGateway({ rooms, channels: mine })',
        "mine.ts": 'export const mine = { namespaces: [{ name: "news" }] } satisfies Config',
      },
    ],
    [
      "a gateway of another module",
      {
        "worker.ts": 'export { Room } from "./realtime/gateway";',
        "realtime/gateway.ts":
          'import { channels } from "../config/channels.ts"; createGateway({ channels })',
        "config/channels.ts": 'export const channels = { namespaces: [{ name: "news" }] };',
      },
    ],
  ])("CLI-13: an option is found where it is %s", (_, files) => {
    expect(optionOf(files)).toEqual({ value: { namespaces: [{ name: "news" }] } });
  });

  test("CLI-13: an option that is not there is absent, also where it stands in a comment", () => {
    const worker = 'createGateway({ rooms, // channels: { namespaces: [] },\n  path: "https://x" })';
    expect(optionOf({ "worker.ts": worker })).toEqual({ absent: true });
    expect(optionOf({ "worker.ts": worker }, "path")).toEqual({ value: "https://x" });
    expect(optionOf({ "worker.ts": "createGateway({ channels: made() })" })).toEqual({ value: CODE });
  });

  test.each([
    "createGateway(made())",
    "createGateway({ ...shared })",
    "createGateway({ [name]: 1 })",
    "createGateway(options)",
    "const make = createGateway; make({})",
  ])("CLI-13: that an option is absent is not said of code: %s", (source) => {
    expect(optionOf({ "worker.ts": source })).toEqual({ value: CODE });
  });

  test("CLI-13: a gateway without options has none", () => {
    expect(optionOf({ "worker.ts": "createGateway( )" })).toEqual({ absent: true });
    expect(optionOf({ "worker.ts": "createGateway({})" })).toEqual({ absent: true });
  });

  test.each([
    ["export const { Room, Hub: Center } = gateway;", ["Center", "Room"]],
    ['export { Room, Hub as Center } from "./gateway.ts";', ["Center", "Room"]],
    ["export class Room extends Other {}\nexport const Center = gateway.Hub;", ["Center", "Room"]],
    ["// export class Hub {}\nexport default {};", []],
  ])("CLI-11: what is exported by %s", (source, names) => {
    const exported = readWorkerSource(reader({ "worker.ts": source }), "worker.ts")?.exported;
    expect([...(exported ?? [])].sort()).toEqual(names);
  });

  test("CLI-11: what a module passes on as a whole is not seen", () => {
    const worker = readWorkerSource(reader({ "worker.ts": 'export * from "./gateway.ts";' }), "worker.ts");
    expect(worker?.exported).toBeUndefined();
    expect(readWorkerSource(reader({}), "worker.ts")).toBeUndefined();
  });
});
