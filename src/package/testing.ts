/** `poorwill/testing`: clients, sleep and time for tests with vitest and Cloudflare's plugin. */
export { type ChannelClient, ChannelError } from "../testing/channel-client.ts";
export type {
  ConnectBody,
  ErrorBody,
  HistoryBody,
  Line,
  PublicationBody,
  SubscribeBody,
} from "../testing/channel-lines.ts";
export type { Closing } from "../testing/client-end.ts";
export { advance } from "../testing/clock.ts";
export {
  type ChannelsOptions,
  connectChannels,
  connectRoom,
  dropConnections,
  type HandshakeOptions,
} from "../testing/connect.ts";
export type { RoomOrObject } from "../testing/objects.ts";
export type { RoomClient } from "../testing/room-client.ts";
export { expectSleeps, type SleepOptions, sleep } from "../testing/sleep.ts";
