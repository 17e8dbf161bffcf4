import { expect, test } from "vitest";
import { API_LIMITS } from "../../src/shared/limits.ts";
import { ask, batch, KEY, newChannel, request } from "./api-client.ts";

const errorCodes = (replies: readonly unknown[]) =>
  (replies as { error?: { code: number } }[]).map(({ error }) => error?.code);

test("API-19: past so many characters of answers, reads are error 111, and what publishes is done all the same", async () => {
  const { channel } = newChannel("large");
  const data = "x".repeat(100_000);
  for (let count = 0; count < 30; count += 1) await ask("publish", { channel, data });
  const history = { history: { channel, limit: -1 } };
  const publish = { publish: { channel, data: "last" } };
  const codes = errorCodes(await batch([...Array(5).fill(history), publish, history]));
  const answered = Math.ceil(API_LIMITS.answersLength / (30 * data.length));
  expect(codes).toEqual([
    ...Array(answered).fill(undefined),
    ...Array(5 - answered).fill(111),
    undefined,
    111,
  ]);
  expect(await ask("history", { channel })).toMatchObject({ offset: 31 });
});

test("API-19: past so many characters of publications, they are error 111, and not published", async () => {
  const { channel } = newChannel("keep");
  const data = "x".repeat(120_000);
  const published = Math.ceil(API_LIMITS.publishedLength / (data.length + 2));
  const channels = Array.from({ length: published + 10 }, (_, index) => `${channel}/${index}`);
  const { responses } = await ask("broadcast", { channels, data });
  expect(errorCodes(responses as unknown[])).toEqual([
    ...Array(published).fill(undefined),
    ...Array(10).fill(111),
  ]);
  expect(await ask("history", { channel: channels.at(-11) })).toMatchObject({ offset: 1 });
  expect(await ask("history", { channel: channels.at(-1) })).toMatchObject({ offset: 0 });
});

test("API-18: batches in several lines count together", async () => {
  const { channel } = newChannel("open");
  const half = API_LIMITS.batchCommands / 2;
  const line = (count: number) => {
    const commands = Array(count).fill({ presence_stats: { channel } });
    return JSON.stringify({ method: "batch", params: { commands } });
  };
  const body = [line(half), line(half + 10)].join("\n");
  const response = await request("/api", { headers: { "X-API-Key": KEY }, body });
  const answers = (await response.text()).split("\n").map((answer) => JSON.parse(answer));
  const codes = answers.flatMap(({ result }) => errorCodes(result.replies));
  expect(codes).toEqual([...Array(2 * half).fill(undefined), ...Array(10).fill(107)]);
});
