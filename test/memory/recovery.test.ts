import { expect, test } from "vitest";
import { ERRORS } from "../../src/shared/codes.ts";
import type { Member } from "./member.ts";
import { useStage } from "./stage.ts";

const stage = useStage();
const channel = "kept:news";
const HOME = "home/kept:news";
const PUBLICATIONS = 100;

for (const [clients, length] of [
  [1_000, 300_000],
  [4_900, 100_000],
] as const) {
  test(`HUB-60: ${clients} clients that come back at once and miss ${length} characters each get all of it, or are told that they did not`, async () => {
    const [publisher] = await stage.join(HOME, 1, {}, { subscribe: { channel } });
    if (publisher === undefined) throw new Error("nobody publishes");
    await publish(publisher, length / PUBLICATIONS);
    const recover = { recover: true, epoch: await epochOf(publisher), offset: 0 };
    const returning = await stage.join(HOME, clients);
    await stage.hold("frames");
    const ids = returning.map((member) => member.send({ subscribe: { channel, ...recover } })[0]);
    await stage.untilHeld(returning.length);
    await stage.release();
    for (const [index, member] of returning.entries()) {
      const { error, line } = await member.reply(ids[index]);
      if (error !== undefined) expect(error).toBe(ERRORS.tooManyRequests.code);
      else if (line.end.includes('"recovered":true')) expect(line.length).toBeGreaterThan(length);
      else expect(line.end).toContain('"was_recovering":true');
    }
    expect((await publisher.ask({ publish: { channel, data: "go on" } })).error).toBeUndefined();
  });
}

async function publish(publisher: Member, length: number): Promise<void> {
  const publication = { publish: { channel, data: "x".repeat(length) } };
  for (let count = 0; count < PUBLICATIONS; count += 10) {
    const ids = publisher.send(...Array(10).fill(publication));
    for (const id of ids) expect((await publisher.reply(id)).error).toBeUndefined();
  }
}

async function epochOf(member: Member): Promise<string> {
  const { line } = await member.ask({ history: { channel, limit: 0 } });
  return /"epoch":"([^"]+)"/.exec(line.end)?.[1] ?? "";
}
