import { expect, test } from "vitest";
import { ERRORS } from "../../src/shared/codes.ts";
import { useStage } from "./stage.ts";

const stage = useStage();
const HUB = "edge/near";
const CLIENTS = 1_000;
const CHANNELS = 128;
/** Clients that subscribe at the same time. */
const AT_ONCE = 50;

test("HUB-60: a hub full of subscriptions refuses more with 111 and sends newcomers on, and serves whom it has", async () => {
  const members = await stage.join(HUB, CLIENTS);
  let [entered, refused] = [0, 0];
  for (let start = 0; start < CLIENTS; start += AT_ONCE) {
    const some = members.slice(start, start + AT_ONCE);
    const sent = some.map((member, index) => member.send(...subscribesOf(start + index)));
    for (const [index, member] of some.entries()) {
      for (const id of sent[index] ?? []) {
        const { error } = await member.reply(id);
        if (error !== undefined) expect(error).toBe(ERRORS.tooManyRequests.code);
        if (error === undefined) entered += 1;
        else refused += 1;
      }
    }
  }
  expect(entered).toBeGreaterThan((CLIENTS * CHANNELS) / 2);
  expect(refused).toBeGreaterThan(0);
  const [newcomer] = await stage.open(HUB, 1);
  expect(newcomer?.status).toBe(503);
  const [first, second] = members;
  expect((await second?.ask({ publish: { channel: "live:0/0", data: 1 } }))?.error).toBeUndefined();
  await stage.untilAll([first], (member) => member?.publications.get("live:0/0") === 1);
});

function subscribesOf(client: number): object[] {
  return Array.from({ length: CHANNELS }, (_, index) => ({
    subscribe: { channel: `live:${client}/${index}` },
  }));
}
