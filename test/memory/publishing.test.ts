import { expect, test } from "vitest";
import { ERRORS } from "../../src/shared/codes.ts";
import { useStage } from "./stage.ts";

const stage = useStage();
const LENGTH = 60_000;
const PUBLICATIONS = 240;

test("HUB-60: eight publishers with 14 MB each for homes that are slow are acknowledged or refused, and what is acknowledged is stored", async () => {
  const publishers = await stage.join("edge/near", 8);
  const [bystander] = await stage.join("edge/near", 1);
  await stage.hold("calls");
  const sent = publishers.map((publisher, index) => {
    const publication = { publish: { channel: channelOf(index), data: "x".repeat(LENGTH) } };
    return Array.from({ length: PUBLICATIONS }, () => publisher.send(publication)[0]);
  });
  // Each home has a call under way; the rest waits at the edge hub.
  await stage.untilHeld(publishers.length);
  expect((await bystander?.ask({ subscribe: { channel: "live:here" } }))?.error).toBeUndefined();
  await stage.release();
  for (const [index, publisher] of publishers.entries()) {
    let acknowledged = 0;
    for (const id of sent[index] ?? []) {
      const { error } = await publisher.reply(id);
      if (error === undefined) acknowledged += 1;
      // A call that takes too long may have been carried out all the same.
      else expect([ERRORS.tooManyRequests.code, ERRORS.internal.code]).toContain(error);
    }
    const { line } = await publisher.ask({ history: { channel: channelOf(index), limit: 0 } });
    expect(Number(/"offset":(\d+)/.exec(line.end)?.[1] ?? 0)).toBeGreaterThanOrEqual(acknowledged);
  }
});

function channelOf(index: number): string {
  return `kept:${index}`;
}
