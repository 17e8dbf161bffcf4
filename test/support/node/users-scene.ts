import { userHome } from "../../../src/channels/control.ts";
import type { Config } from "../../../src/config/config.ts";
import type { HubClient } from "../hub-client.ts";
import { inSeconds, sign } from "../hub-config.ts";
import { until } from "../until.ts";
import { TestHub } from "./test-hub.ts";

const userCommands = { connection: { userCommands: true } } as const satisfies Config;

export const newUser = () => crypto.randomUUID();
export const newHub = (config: Config = userCommands) => new TestHub({ config });
export const newChannel = (namespace: string) => `${namespace}:${crypto.randomUUID()}`;

export async function connectAs(user: string, hub: TestHub, claims: Record<string, unknown> = {}) {
  const { client, connect } = await hub.connected({
    token: await sign({ sub: user, exp: inSeconds(3600), ...claims }),
  });
  return { client, id: connect.client };
}

/** One user on two hubs, and somebody else on one of them. */
export async function scene() {
  const user = newUser();
  const hubs = [newHub(), newHub()] as const;
  const here = await connectAs(user, hubs[0]);
  const there = await connectAs(user, hubs[1]);
  const other = await connectAs(newUser(), hubs[0]);
  return { user, hubs, here, there, other };
}

/** Lets whatever has been sent to a client arrive. */
export async function arrived(client: HubClient): Promise<void> {
  await client.request("presence", { channel: "open:a" });
}

export const sleepAll = async (hubs: readonly TestHub[]) => {
  for (const hub of hubs) await hub.sleep();
};

/** What the control home of a user knows of a hub. */
export async function followersOf(user: string, { name }: TestHub) {
  const home = new TestHub({ name: userHome(user) });
  const tables = await home.tables();
  return tables.length === 0 ? [] : (await home.rows("followers")).filter(({ hub }) => hub === name);
}

/** A connection that waits for the home of one of its channels, and another one of its user on the same hub. */
export async function connecting() {
  const user = newUser();
  const hub = newHub();
  const slow = newChannel("keep");
  const letGo = new TestHub({ name: `home/${slow}` }).hold();
  const waiting = await hub.open();
  waiting.send({ connect: { token: await sign({ sub: user, channels: [slow] }) } });
  await until(async () => (await followersOf(user, hub)).length === 1);
  return { user, waiting, letGo, witness: (await connectAs(user, hub)).client };
}
