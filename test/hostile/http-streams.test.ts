import { expect, test } from "vitest";
import { atHub, Bystander } from "../support/bystander.ts";
import { channelIn, useChannels } from "../support/channel-gateway.ts";
import { protobufFraming, textFraming } from "../support/stream-framing.ts";

/** How many times longer than on a quiet hub a bystander may wait. */
const BOUND = 5;
const POSTS = 10_000;
const AT_ONCE = 50;

const gateway = useChannels();

test("HTTP-07 HTTP-23: 10,000 posts to invented sessions reach no hub, and hold up nobody", async () => {
  const channel = channelIn("keep");
  const bystander = await Bystander.connect(atHub(gateway, channel));
  const statuses = new Set<number>();
  const post = async (number: number) => {
    const session = `${"x".repeat(22)}.${"y".repeat(43)}`;
    const node = number % 2 === 0 ? `home/keep:${number}` : `home/${channel}`;
    const { headers, frame, envelope } = number % 4 < 2 ? textFraming() : protobufFraming();
    const body = envelope({ session, node }, frame('{"rpc":{},"id":1}'));
    const response = await fetch(`http://127.0.0.1:${gateway.port}/emulation`, {
      ...{ method: "POST", body, headers },
    });
    await response.text();
    statuses.add(response.status);
  };
  const files = await gateway.storedObjects();
  expect(files).toBeGreaterThan(0);
  const attack = async () => {
    for (let number = 0; number < POSTS; number += AT_ONCE)
      await Promise.all(Array.from({ length: AT_ONCE }, (_, index) => post(number + index)));
  };
  expect(await bystander.leastDelayUnder(attack, BOUND)).toBeLessThan(BOUND);
  expect(statuses).toEqual(new Set([404]));
  expect(await gateway.storedObjects()).toBe(files);
  await bystander.end();
});
