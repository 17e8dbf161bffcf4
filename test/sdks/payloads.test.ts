import { expect } from "vitest";
import { channelIn, range } from "../support/channel-gateway.ts";
import { until } from "../support/until.ts";
import type { Speaker } from "./sdks.ts";
import { useSdks } from "./support/scenario.ts";

const scenario = useSdks();

/** The JSON client of centrifuge-js reads and writes numbers as JavaScript does. */
const keepsDigits = ({ sdk, protocol }: Speaker) => sdk.name !== "centrifuge-js" || protocol.codec !== "json";

/** Without the spaces that centrifuge-python writes. */
const compact = (text: string) => text.replaceAll(" ", "");

/** Over HTTP, centrifuge-js does not look at the answers to what it posts. */
const hearsRefusals = ({ protocol }: Speaker) => protocol.transport === "websocket";

const EXACT = '{"n":12345678901234567890}';
const TEXT = { text: 'é 𝄞 \u2028 " \\ \n \u0000 \u007f', empty: "", list: [], nothing: null };

scenario(
  "SDK-18: every digit of a number reaches each SDK, whatever the codecs",
  async ({ connect, connectAll }) => {
    const channel = channelIn("keep");
    const readers = await connectAll(keepsDigits);
    await Promise.all([...readers.values()].map((reader) => reader.subscribe(channel)));
    const publisher = await connect();
    await publisher.publishText(channel, EXACT);
    for (const [name, reader] of readers) {
      expect([name, (await reader.texts(channel, 1)).map(compact)]).toEqual([name, [EXACT]]);
    }
    const { publications } = await publisher.history(channel, { limit: 1 });
    expect(publications.map(({ data }) => compact(data))).toEqual([EXACT]);
  },
  keepsDigits,
);

scenario("SDK-18: every character of a text reaches each SDK", async ({ connect, connectAll }) => {
  const channel = channelIn("keep");
  const readers = await connectAll(() => true);
  await Promise.all([...readers.values()].map((reader) => reader.subscribe(channel)));
  const publisher = await connect();
  await publisher.publish(channel, TEXT);
  for (const [name, reader] of readers) {
    expect([name, await reader.received(channel, 1)]).toEqual([name, [TEXT]]);
  }
});

scenario("SDK-17: large publications arrive, and one that is too large is error 107", async ({ connect }) => {
  const channel = channelIn("keep");
  const [reader, publisher] = [await connect(), await connect()];
  await reader.subscribe(channel);
  const large = range(3).map((digit) => `${digit}`.repeat(60_000));
  await publisher.publishAll(channel, large);
  expect(await reader.received(channel, 3)).toEqual(large);
  await expect(publisher.publish(channel, "x".repeat(70_000))).rejects.toMatchObject({ code: 107 });
  expect(publisher.all("connected")).toHaveLength(1);
});

scenario(
  "SDK-06: a message over 512 KiB ends the connection, and its caller and the app are told",
  async ({ connect }) => {
    const client = await connect();
    await expect(client.publish(channelIn("keep"), "x".repeat(530_000))).rejects.toThrow();
    // centrifuge-js ends, the others come back.
    const changes = () => [...client.all("disconnected"), ...client.all("connecting")];
    await until(() => changes().some(({ code }) => code === 3), "the end of the connection");
  },
  hearsRefusals,
);

scenario(
  "SDK-17: many publications at once reach every subscriber once, in one order",
  async ({ connect }) => {
    const channel = channelIn("keep");
    const publisher = await connect();
    const readers = [await connect(), await connect()];
    for (const reader of readers) await reader.subscribe(channel);
    await Promise.all(range(500).map((n) => publisher.publish(channel, n)));
    const [one, other] = await Promise.all(readers.map((reader) => reader.received(channel, 500)));
    expect(one).toEqual(other);
    expect(new Set(one).size).toBe(500);
    expect(readers[0]?.all("publication").map(({ offset }) => offset)).toEqual(range(500));
  },
);
