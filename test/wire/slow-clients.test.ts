import { expect, test } from "vitest";
import { HUB_LIMITS, ROOM_LIMITS } from "../../src/shared/limits.ts";
import { OPCODE } from "../../src/websocket/frame.ts";
import { Talker } from "../support/talker.ts";
import { useWire } from "../support/wire.ts";

/** What may wait for one client is more here than what may wait for all. */
const wire = useWire(
  { ENVIRONMENT: "development", QUEUE_SIZE: "patient" },
  "test/objects/slow-worker/wrangler.toml",
);

const SLOW = 4;
const FILLER = "x".repeat(60_000);
/** How much may be in the buffers of TCP on both sides, of all slow clients. */
const TCP_BUFFERS = SLOW * 16 * 1024 * 1024;

test("ABUSE-50: slow clients of a room together are sent less than each may leave waiting, and others everything", async () => {
  const path = "/rooms/patient/together";
  const [sender, reader] = [await wire.open(path), await wire.open(path)];
  const slow = await Promise.all(Array.from({ length: SLOW }, () => wire.open(path)));
  for (const peer of slow) peer.stopReading();
  let sent = 0;
  let results: number[] = [];
  while (!results.includes(0) && sent < TCP_BUFFERS + 2 * ROOM_LIMITS.totalBackpressure) {
    sender.sendText(FILLER);
    results = JSON.parse(Buffer.from((await sender.nextFrame()).payload).toString()) as number[];
    const { opcode, payload } = await reader.nextFrame();
    expect([opcode, payload.length]).toEqual([OPCODE.text, FILLER.length]);
    sent += SLOW * FILLER.length;
  }
  expect(results.filter((result) => result === 0).length).toBeGreaterThan(0);
  expect(results).toContain(FILLER.length);
});

test("HUB-55: slow clients of a hub together are closed with 3008 before each has what it may leave waiting, and others are served", async () => {
  const channel = `keep:${crypto.randomUUID()}`;
  const path = `/connection/websocket?channel=${channel}`;
  const join = async () => {
    const client = new Talker(await wire.open(path));
    await client.ask({ connect: {} });
    return client;
  };
  const [publisher, reader] = [await join(), await join()];
  const slow = await Promise.all(Array.from({ length: SLOW }, join));
  for (const client of [reader, ...slow]) await client.ask({ subscribe: { channel } });
  for (const { peer } of slow) peer.stopReading();
  const present = async () => {
    const { presence_stats } = await publisher.ask({ presence_stats: { channel } });
    return Number(presence_stats?.num_clients);
  };
  let sent = 0;
  let published = 0;
  while ((await present()) > SLOW && sent < TCP_BUFFERS + 2 * HUB_LIMITS.backpressure) {
    await publisher.ask({ publish: { channel, data: FILLER } });
    published += 1;
    sent += SLOW * FILLER.length;
    while (reader.offsets.length < published) await reader.read();
  }
  const codes: (number | undefined)[] = [];
  for (const client of slow) {
    client.peer.readOn();
    let code: number | undefined;
    while (code === undefined && client.offsets.length < published) code = await client.read();
    codes.push(code);
  }
  expect(codes).toContain(3008);
});
