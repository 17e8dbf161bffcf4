import { expect, test } from "vitest";
import { DISCONNECTS } from "../../src/shared/codes.ts";
import { useStage } from "./stage.ts";

const stage = useStage();
const channel = "kept:news";
const HOME = "home/kept:news";
const STALLED = 20;

test("HUB-60: 20 clients that take nothing of 15 MB each are closed with 3008 as far as memory demands, and others are served", async () => {
  const [publisher, bystander] = await stage.join(HOME, 2, {}, { subscribe: { channel } });
  if (publisher === undefined || bystander === undefined) throw new Error("nobody is there");
  for (let count = 0; count < 75; count += 1)
    expect((await publisher.ask({ publish: { channel, data: "x".repeat(50_000) } })).error).toBeUndefined();
  const stalled = await stage.join(HOME, STALLED);
  for (const member of stalled) {
    member.stall();
    for (let count = 0; count < 4; count += 1) member.send({ history: { channel, limit: -1 } });
  }
  for (let count = 0; count < 10; count += 1)
    expect((await publisher.ask({ publish: { channel, data: "go on" } })).error).toBeUndefined();
  await stage.untilAll([publisher, bystander], ({ publications }) => publications.get(channel) === 85);
  for (const member of stalled) member.resume();
  await stage.untilAll(
    stalled,
    ({ closeCode, replies }) => closeCode === DISCONNECTS.slow.code || replies.size >= 4,
  );
});
