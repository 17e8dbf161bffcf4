import { expect, onTestFinished, test, vi } from "vitest";
import { DISCONNECTS, ERRORS } from "../../../src/shared/codes.ts";
import { mutatedFrame } from "../../support/frame-mutations.ts";
import type { HubClient } from "../../support/hub-client.ts";
import { captureErrors } from "../../support/log.ts";
import { TestHub } from "../../support/node/test-hub.ts";
import { mutatedProtobuf } from "../../support/protobuf-mutations.ts";
import { until } from "../../support/until.ts";

const COUNT = 10_000;
const WORKERS = 32;
const SENTINEL = 4_000_000_000;
const CLOSE_CODES = new Set<number>(Object.values(DISCONNECTS).map(({ code }) => code));
const ERROR_CODES = new Set<number>(Object.values(ERRORS).map(({ code }) => code));
const INTERNAL = /\.ts\b|\bat [\w.<]+ ?\(|Error:|stack|SQLITE|durable-objects|node_modules/;

/** Sends one broken frame, and waits until the hub is through with it. */
async function provoke(client: HubClient, frame: string | ArrayBuffer, number: number): Promise<void> {
  client.sendRaw(frame);
  const id = SENTINEL + number;
  client.send({ unsubscribe: { channel: "open:sentinel" }, id });
  await client.reply(id).catch(() => {});
}

test(
  "SESS-61: 10,000 broken frames leave the hub serving others, with a documented code each and nothing of the inside",
  {
    timeout: 600_000,
  },
  () => provokeAll("", mutatedFrame),
);

test("PB-21: 10,000 broken frames of Protobuf do so too", { timeout: 600_000 }, () =>
  provokeAll("?cf_protocol=protobuf", mutatedProtobuf),
);

/** Sends broken frames over connections that speak what the query asks for. */
async function provokeAll(query: string, mutated: (number: number) => string | ArrayBuffer): Promise<void> {
  vi.spyOn(console, "log").mockImplementation(() => {});
  onTestFinished(() => void vi.restoreAllMocks());
  const errors = captureErrors();
  const hub = new TestHub({
    name: "home/keep:fuzz",
    config: {
      // Nobody here answers pings, or is quick to connect.
      connection: { pingInterval: 3_600, staleCloseDelay: 3_600 },
      hooks: { rpc: ({ data }) => ({ data }), message: () => undefined },
    },
  });
  const clients: HubClient[] = [];
  const closings = new Map<number, number>();
  let next = 0;

  async function work(): Promise<void> {
    let client: HubClient | undefined;
    for (let number = next++; number < COUNT; number = next++) {
      if (client === undefined || client.isClosed) {
        client = await hub.open(query);
        clients.push(client);
        if (number % 5 > 0) client.send({ connect: {} });
      }
      await provoke(client, mutated(number), number);
      if (!client.isClosed) continue;
      const { code } = await client.closed;
      closings.set(code, (closings.get(code) ?? 0) + 1);
    }
  }

  const witness = await hub.connect();
  await witness.subscribe(`keep:witness${query}`);
  const workers = Promise.all(Array.from({ length: WORKERS }, work));
  for (let round = 1; next < COUNT; round += 1) {
    await until(() => next >= Math.min(COUNT, round * 100));
    await witness.publish(`keep:witness${query}`, round);
    expect(await witness.publication(`keep:witness${query}`)).toMatchObject({ data: round, offset: round });
  }
  await workers;

  const unknown = [...closings.keys()].filter((code) => !CLOSE_CODES.has(code));
  expect(unknown).toEqual([]);
  expect(closings.get(DISCONNECTS.badRequest.code)).toBeGreaterThan(1_000);
  for (const client of clients) {
    for (const line of client.unread) if (line.error) expect(ERROR_CODES).toContain(line.error.code);
    const inside = client.frames.filter((frame) => INTERNAL.test(String(frame)));
    expect(inside).toEqual([]);
  }
  expect(errors()).toEqual([]);
  expect(witness.isClosed).toBe(false);
}
