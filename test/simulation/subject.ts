/** What is simulated. */
export { SqlStreamStore } from "../../durable-objects/hub/storage/stream-store.ts";
export type { HubRpc } from "../../src/hub-rpc/hub-rpc.ts";
export type * from "../../src/hub-rpc/messages.ts";
export { wireVersions } from "../../src/hub-rpc/wire-versions.ts";
export type { Encoded } from "../../src/protocol/codec.ts";
export { jsonCodec } from "../../src/protocol/json/codec.ts";
export type { ClientInfo, WirePublication } from "../../src/protocol/messages.ts";
export type { Session } from "../../src/sessions/session.ts";
export type { Subscription } from "../../src/sessions/state.ts";
export { Deliveries, type HubOfDeliveries } from "../../src/streams/deliveries.ts";
export {
  Follower,
  type HubOfFollower,
  type Opening,
  OpeningOverflow,
} from "../../src/streams/follower.ts";
export { Home, type HubOfHome } from "../../src/streams/home.ts";
export type { HomeChannel } from "../../src/streams/home-channel.ts";
export { historyOf, openAtHome } from "../../src/streams/home-reads.ts";
export { LocalChannels } from "../../src/streams/local-channels.ts";
export { Registry } from "../../src/streams/registry.ts";
export { type HubOfRemoteHomes, RemoteHomes } from "../../src/streams/remote-homes.ts";
export { type HubOfVacancies, Vacancies } from "../../src/streams/vacancies.ts";
