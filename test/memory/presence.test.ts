import { expect, test } from "vitest";
import { ERRORS } from "../../src/shared/codes.ts";
import { useStage } from "./stage.ts";

const stage = useStage();
const channel = "crowd:hall";
const HOME = "home/crowd:hall";

test("HUB-60: 1,000 members who ask at once who is there are all answered, and a bystander is served", async () => {
  const members = await stage.join(HOME, 1_000, {}, { subscribe: { channel } });
  const [bystander] = await stage.join(HOME, 1);
  await stage.hold("frames");
  const ids = members.map((member) => member.send({ presence: { channel } })[0]);
  const served = bystander?.ask({ publish: { channel: "live:else", data: 1 } });
  await stage.untilHeld(members.length + 1);
  await stage.release();
  expect((await served)?.error).toBeUndefined();
  for (const [index, member] of members.entries()) {
    const { error, line } = await member.reply(ids[index]);
    if (error === undefined) expect(line.length).toBeGreaterThan(members.length * 90);
    else expect(error).toBe(ERRORS.tooManyRequests.code);
  }
});

test("HUB-60: who is in a channel with 20 MB of infos is error 111, from its home and from an edge, and the channel goes on", async () => {
  const data = 4_000;
  const members = await stage.join(HOME, 2_500, { data }, { subscribe: { channel } });
  const edge = await stage.join("edge/far", 2_500, { data }, { subscribe: { channel } });
  for (const asker of [members[0], edge[0]])
    expect((await asker?.ask({ presence: { channel } }))?.error).toBe(ERRORS.tooManyRequests.code);
  await members[0]?.ask({ publish: { channel, data: "go on" } });
  await stage.untilAll([...members, ...edge], ({ publications }) => publications.get(channel) === 1);
});
