import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { type Called, callOrder } from "../support/call-order.ts";
import { TestHub } from "../support/node/test-hub.ts";

/** Whatever of these folders a publication gets to is a step on the page, or a by-stander. */
const FOLDERS =
  /^(?:src\/(?:fronts|operations|sessions|streams|hub|hub-rpc|protocol|channels)|durable-objects)\//;
/** What stands between the runtime and a hub. It runs inside the runtime only. */
const ON_RUNTIME = ["durable-objects/hub/hub.ts", "durable-objects/hub/sockets.ts"];

/** Files that run for a publication, and are no step of its way. */
const BYSTANDERS: Readonly<Record<string, string>> = {
  "src/hub/wiring.ts": "carries calls between the parts of a hub, and decides nothing",
  "src/hub/flush-steps.ts": "calls the parts of a hub that store, send and call in a flush",
  "src/hub/reporter.ts": "counts for operators",
  "src/hub/usage.ts": "notes that the hub is in use",
  "src/hub/alarms.ts": "sets the alarm, for what is trimmed or tried again later",
  "src/channels/channel-facts.ts": "looks up the home and the options of the channel for several steps",
  "src/operations/channel-options.ts": "reads the options out of what was looked up",
  "src/operations/hook.ts": "asks a hook, where there is one",
  "src/operations/new-homes.ts": "bounds how many homes a session calls",
  "src/sessions/new-homes.ts": "the same, for the sessions of a hub",
  "src/sessions/allowance.ts": "the sums of the rates",
  "src/sessions/pending-publishes.ts": "knows what the session has published and is not answered for",
  "src/sessions/recording.ts": "remembers what the publisher did, for the log",
  "src/sessions/output.ts": "the list of what waits to be sent to a session",
  "src/sessions/long-replies.ts": "counts long replies, which push no others aside",
  "src/sessions/output-backlog.ts": "decides for the sender whether a client is too slow",
  "src/protocol/json/codec.ts": "names the functions of the codec",
  "src/protocol/json/raw-json.ts": "measures how deep a payload is nested",
  "src/protocol/json/encode.ts": "writes the reply to the publisher",
  "src/protocol/json/encode-info.ts": "writes who has published it",
  "src/protocol/json/encode-results.ts": "writes the body of a reply: of this one, nothing",
  "src/protocol/json/publication.ts": "writes it as JSON text, where its data is no bytes",
  "src/protocol/json/lines.ts": "joins what the codec has written to frames",
  "src/streams/unsettled-channels.ts": "knows which channels have followers that may not have everything",
  "src/streams/publication-run.ts": "cuts and joins runs of publications",
  "src/streams/sweep-schedule.ts": "says when to forget what is not needed",
  "src/hub-rpc/hub-rpc.ts": "names the methods of a hub, which are all called in the same way",
  "src/hub-rpc/lengths.ts": "measures what waits for a call",
  "src/hub-rpc/wire-versions.ts": "knows the versions in which rows and calls are written",
  "durable-objects/hub/storage/history-rows.ts": "packs what is stored together into one row",
  "durable-objects/hub/storage/lazy-tables.ts": "makes a table with its first row",
};

const here = await publish((channel) => `home/${channel}`);
const away = await publish(() => `edge/test/${crypto.randomUUID()}`);
const [way, detour] = waysOf(readFileSync("CONTRIBUTING.md", "utf8"));

describe("how a publish travels, as CONTRIBUTING.md has it", () => {
  test("GUIDE-24: in the order of its steps, at the home of the channel and away from it", () => {
    expect(faultsOf(way, here)).toEqual([]);
    expect(faultsOf(detour, away)).toEqual([]);
  });

  test("GUIDE-24: away from the home, it comes to each file of the way all the same", () => {
    expect(way.filter((step) => !isOnRuntime(step) && indexIn(away, step) === -1)).toEqual([]);
  });

  test("GUIDE-24: it comes to no other file, but for those that are no step of its way", () => {
    expect(unnamed([...way, ...detour])).toEqual([]);
    const executed = new Set([...here, ...away].map(({ file }) => file));
    expect(Object.keys(BYSTANDERS).filter((file) => !executed.has(file))).toEqual([]);
  });

  test("GUIDE-24: the steps that only the runtime takes are there", () => {
    expect([way.at(0), way.at(-1)].map((step) => step?.file)).toEqual(ON_RUNTIME);
    for (const { file, name } of way.filter(isOnRuntime))
      expect(readFileSync(file, "utf8")).toMatch(new RegExp(`^  (?:override )?${name}\\(`, "m"));
  });

  test("GUIDE-24: steps in another order, steps that are none, and steps left out are found", () => {
    for (const [steps, calls] of [
      [way, here],
      [detour, away],
    ] as const) {
      const inNode = steps.filter((step) => !isOnRuntime(step));
      expect(inNode.length).toBeGreaterThanOrEqual(8);
      for (const [index, step] of inNode.entries()) {
        const [before, after] = [inNode.slice(0, index), inNode.slice(index + 1)];
        const [next, ...rest] = after;
        if (next) expect(faultsOf([...before, next, step, ...rest], calls)).toHaveLength(1);
        expect(faultsOf([...before, { ...step, name: "unsubscribe" }, ...after], calls)).toHaveLength(1);
      }
    }
    for (const { file } of [...way, ...detour].filter((step) => !isOnRuntime(step)))
      expect(unnamed([...way, ...detour].filter((step) => step.file !== file))).toEqual([file]);
  });
});

/** What of the product one client's publish calls until another client has it, both of one hub. */
async function publish(nameOf: (channel: string) => string): Promise<Called[]> {
  const channel = `keep:${crypto.randomUUID()}`;
  const [hub, home] = [nameOf(channel), `home/${channel}`].map((name) => new TestHub({ name }));
  if (hub === undefined || home === undefined) throw new Error("no hubs");
  const [writer, reader] = [await hub.connect(), await hub.connect()];
  await reader.subscribe(channel);
  const idle = async () => {
    for (const each of [hub, home, hub]) await each.sockets();
  };
  await idle();
  return callOrder(async () => {
    const [, publication] = await Promise.all([
      writer.publish(channel, "hello"),
      reader.publication(channel),
    ]);
    expect(publication?.data).toBe("hello");
    await idle();
  });
}

/** The steps of the two tables: of a channel that is homed here, and of one that is homed elsewhere. */
function waysOf(page: string): [way: Called[], detour: Called[]] {
  const [, section = ""] = /^## How a publish travels\n(.*?)^## /ms.exec(page) ?? [];
  const [first = "", second = ""] = section.split(/^### .+$/m);
  return [stepsOf(first), stepsOf(second)];
}

function stepsOf(text: string): Called[] {
  return [...text.matchAll(/^\| `([\w/.-]+\.ts)` \| `(\w+)` \| .+ \|$/gm)].map(
    ([, file = "", name = ""]) => ({
      file,
      name,
    }),
  );
}

/** Steps that are not called, and steps that are called before the one above them. */
function faultsOf(steps: readonly Called[], calls: readonly Called[]): string[] {
  const inNode = steps.filter((step) => !isOnRuntime(step));
  const called = inNode.filter((step) => indexIn(calls, step) !== -1);
  const missing = inNode.filter((step) => !called.includes(step));
  const early = called.filter((step, index) => {
    const above = called[index - 1];
    return above !== undefined && indexIn(calls, above) >= indexIn(calls, step);
  });
  return [
    ...missing.map(({ file, name }) => `${file}: ${name} is not called`),
    ...early.map(({ file, name }) => `${file}: ${name} is called before what is above it`),
  ];
}

/** Files that a publication comes to, and that are neither among the steps nor a by-stander. */
function unnamed(steps: readonly Called[]): string[] {
  const named = new Set([...steps.map(({ file }) => file), ...Object.keys(BYSTANDERS)]);
  const executed = new Set([...here, ...away].map(({ file }) => file));
  return [...executed].filter((file) => FOLDERS.test(file) && !named.has(file));
}

function indexIn(calls: readonly Called[], { file, name }: Called): number {
  return calls.findIndex((call) => call.file === file && call.name === name);
}

function isOnRuntime({ file }: Called): boolean {
  return ON_RUNTIME.includes(file);
}
