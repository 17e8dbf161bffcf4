import { expect, test } from "vitest";
import { DISCONNECTS } from "../../src/shared/codes.ts";
import type { Member } from "./member.ts";
import { useStage } from "./stage.ts";

const stage = useStage();
const CHANNELS = 40;
const PUBLICATIONS = 60;
const LENGTH = 50_000;

test.each(["kept", "live"])(
  "HUB-60: a follower that is stuck for 40 busy channels of namespace %s ends neither their home nor its clients",
  async (namespace) => {
    const channels = Array.from({ length: CHANNELS }, (_, index) => `${namespace}:news/${index}`);
    const subscribes = channels.map((channel) => ({ subscribe: { channel } }));
    const [publisher] = await stage.join(`home/${namespace}:news`, 1, {}, ...subscribes);
    const [follower, other] = await stage.join("edge/far", 2, {}, ...subscribes);
    if (!publisher || !follower || !other) throw new Error("nobody is there");
    const publish = async (data: string) => {
      const ids = channels.map((channel) => publisher.send({ publish: { channel, data } })[0]);
      for (const id of ids) expect((await publisher.reply(id)).error).toBeUndefined();
    };
    await stage.hold("calls");
    for (let count = 0; count < PUBLICATIONS; count += 1) await publish("x".repeat(LENGTH));
    // Who is at the home has missed nothing.
    await stage.untilAll(channels, (channel) => publisher.publications.get(channel) === PUBLICATIONS);
    await stage.release();
    await publish("last");
    // What is stored arrives later. A client that takes it too slowly comes back for it.
    const isServed = ({ closeCode, publications }: Member, least: number) =>
      closeCode === undefined
        ? channels.every((channel) => (publications.get(channel) ?? 0) >= least)
        : closeCode === DISCONNECTS.slow.code;
    if (namespace === "live") {
      // What is not stored may be lost while the calls are full, so somebody goes on until there is space again.
      await stage.untilAll(
        [follower, other],
        (member) => isServed(member, 1),
        () => publish("more"),
      );
      return;
    }
    await stage.untilAll([follower, other], (member) => isServed(member, PUBLICATIONS + 1));
    const [returning] = await stage.join("edge/far", 1);
    for (const channel of channels) {
      const reply = await returning?.ask({ history: { channel, limit: 0 } });
      expect(reply?.line.end).toContain(`"offset":${PUBLICATIONS + 1}`);
    }
  },
);
