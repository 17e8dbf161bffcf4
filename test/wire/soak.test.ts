import { afterAll, beforeAll, expect, test } from "vitest";
import { CapacityGateway } from "../../bench/capacity/gateway.ts";
import { soak } from "../../bench/soak/soak.ts";

const ROUNDS = 12;
const HUBS = 4;
const [AT_HOME, AT_EACH, DROPPED] = [60, 10, 25];

let gateway: CapacityGateway;
beforeAll(async () => {
  gateway = await CapacityGateway.start({ pingSeconds: 25 });
});
afterAll(() => gateway.stop());

// The same with thousands of sockets is `npm run soak`.
test("CAP-01: who is cut off while others publish, at a home or at a hub that follows it, comes back to everything, once", async () => {
  const soaked = await soak(gateway, {
    sockets: AT_HOME,
    hubs: HUBS,
    socketsPerHub: AT_EACH,
    drops: DROPPED,
    roundMs: 0,
    goesOn: (rounds) => rounds < ROUNDS,
    onRound: async () => undefined,
  });
  const { publications, drops, recoveries } = soaked;
  expect(soaked).toMatchObject({ lost: 0, repeated: 0, drops: ROUNDS * DROPPED });
  expect(soaked.deliveries).toBe(publications * (AT_HOME + HUBS * AT_EACH));
  expect(recoveries).toBe(drops);
});
