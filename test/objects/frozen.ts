/// <reference types="vite/types/importMeta.d.ts" />

/** Hubs and a room as an earlier build left them: asleep, with their storage and their sockets. */
import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import attachments from "../fixtures/2b7db08/attachments.json";
import facts from "../fixtures/2b7db08/facts.json";
import { thaw } from "../fixtures/thaw.ts";
import type { HubClient } from "../support/hub-client.ts";
import { configureHub } from "../support/hub-config.ts";
import type { Client } from "./client.ts";
import { clock, frozenChannels } from "./frozen-gateway/config.ts";
import { testKinds } from "./kinds.ts";
import { TestHub } from "./test-hub.ts";
import { TestRoom } from "./test-room.ts";

const HOME = "home/kept:42";
const EDGE = "edge/local/0";
const ROOM = "clock/tower";
const dumps = import.meta.glob<string>("../fixtures/2b7db08/storage/poorwill-frozen-Hub/*.sql", {
  query: "?raw",
  import: "default",
  eager: true,
});

export const { epoch } = facts;

export interface FrozenHubs {
  readonly home: TestHub;
  readonly edge: TestHub;
  /** At the home. */
  readonly ann: HubClient;
  /** At the edge, as all that follow. */
  readonly bob: HubClient;
  /** Its state is in a row. */
  readonly large: HubClient;
  /** Its connect was answered with an error. */
  readonly refused: HubClient;
  /** It has not sent its connect yet. */
  readonly unconnected: HubClient;
}

/** The hubs, with a client at each socket. */
export async function thawHubs(): Promise<FrozenHubs> {
  for (const dump of Object.values(dumps)) await restore(dump);
  const [home, edge] = [new TestHub({ name: HOME }), new TestHub({ name: EDGE })];
  // The home delivers when it wakes: by then, who follows it must be there.
  const [unconnected, refused, large, bob] = await reopen(edge, EDGE);
  const [ann] = await reopen(home, HOME);
  if (!(unconnected && refused && large && bob && ann)) throw new Error("a session is missing");
  return { home, edge, ann, bob, large, refused, unconnected };
}

/** The room, with a client at each socket. */
export async function thawRoom(): Promise<{ room: TestRoom; second: Client; first: Client }> {
  const [kind, name] = ROOM.split("/") as [string, string];
  testKinds[kind] = clock as RoomHandler;
  const room = new TestRoom(kind, name);
  const clients: Client[] = [];
  for (const attachment of attachments[ROOM]) {
    clients.push(await room.connect());
    await room.inside((state) => exchange(state, "id", attachment));
  }
  await room.sleep();
  const [second, first] = clients as [Client, Client];
  return { room, second, first };
}

async function restore(dump: string): Promise<void> {
  const [heading = "", ...statements] = thawed(dump).trim().split("\n");
  const name = heading.split(" ").slice(2).join(" ");
  if (name === "metadata") return;
  configureHub(name, frozenChannels);
  await runInDurableObject(env.HUB.getByName(name), (_, { storage }) => {
    // Tables of the runtime's own cannot be written from inside.
    for (const statement of statements) if (!statement.includes(" _cf_")) storage.sql.exec(statement);
  });
}

async function reopen(hub: TestHub, name: typeof HOME | typeof EDGE): Promise<HubClient[]> {
  const clients: HubClient[] = [];
  for (const attachment of attachments[name]) {
    clients.push(await hub.open());
    await hub.inside((state) => exchange(state, "client", attachment));
  }
  await hub.sleep();
  return clients;
}

/** Gives the socket that has just been opened what a frozen one carried; `id` is what tells attachments apart. */
function exchange<Id extends string>(ctx: DurableObjectState, id: Id, attachment: Record<Id, unknown>): void {
  const frozen = new Set<unknown>(
    Object.values(attachments).flatMap((list) => list.map((one) => Reflect.get(one, id))),
  );
  const fresh = ctx
    .getWebSockets()
    .filter((raw) => !frozen.has(Reflect.get(raw.deserializeAttachment(), id)));
  if (fresh.length !== 1) throw new Error(`${fresh.length} sockets are new, not one`);
  fresh[0]?.serializeAttachment(JSON.parse(thawed(JSON.stringify(attachment))));
}

function thawed(text: string): string {
  return thaw(text, facts.frozenAt, Math.floor(Date.now() / 1000));
}
