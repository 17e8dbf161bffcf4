import type { ApiReply, ApiRequest } from "./method-types.ts";

/**
 * The server API for Workers of the same account, as the entrypoint of a service binding: the same methods as over HTTP,
 * and no key, because the binding is the permission. A method does not throw for a bad request; it answers with an error.
 *
 * @example
 * // wrangler.toml of the other Worker: services = [{ binding = "POORWILL", service = "poorwill", entrypoint = "Api" }]
 * const reply = await env.POORWILL.publish({ channel: "news", data: { title: "Hello" } });
 * if ("error" in reply) console.error(reply.error.message);
 */
export interface ServerApi {
  /** Publishes to a channel. `offset` and `epoch` are those of the stream, absent without history. */
  publish(request: ApiRequest<"publish">): Promise<ApiReply<"publish">>;
  /** Publishes the same to at most 1,000 channels. `responses` are in the order of the channels. */
  broadcast(request: ApiRequest<"broadcast">): Promise<ApiReply<"broadcast">>;
  /** Subscribes connections of a user to a channel, where they are connected and `userCommands` is on. */
  subscribe(request: ApiRequest<"subscribe">): Promise<ApiReply<"subscribe">>;
  /** Unsubscribes connections of a user from a channel, or from all. */
  unsubscribe(request: ApiRequest<"unsubscribe">): Promise<ApiReply<"unsubscribe">>;
  /** Closes connections of a user, with 3503 unless the request says otherwise. */
  disconnect(request: ApiRequest<"disconnect">): Promise<ApiReply<"disconnect">>;
  /** Changes when connections of a user expire, in Unix seconds, and their info. */
  refresh(request: ApiRequest<"refresh">): Promise<ApiReply<"refresh">>;
  /** Keeps a user out until a time (Unix seconds), and closes the user's connections with 3510. */
  blockUser(request: ApiRequest<"block_user">): Promise<ApiReply<"block_user">>;
  /** Lets a blocked user connect again. */
  unblockUser(request: ApiRequest<"unblock_user">): Promise<ApiReply<"unblock_user">>;
  /** Who is subscribed to a channel, by client id. */
  presence(request: ApiRequest<"presence">): Promise<ApiReply<"presence">>;
  /** How many connections and users are subscribed to a channel. */
  presenceStats(request: ApiRequest<"presence_stats">): Promise<ApiReply<"presence_stats">>;
  /** Stored publications of a channel, at most 300, and the position of its stream. */
  history(request: ApiRequest<"history">): Promise<ApiReply<"history">>;
  /** Removes the stored publications of a channel; the position of its stream stays. */
  historyRemove(request: ApiRequest<"history_remove">): Promise<ApiReply<"history_remove">>;
  /** Channels with subscribers, where there is a directory. */
  channels(request?: ApiRequest<"channels">): Promise<ApiReply<"channels">>;
  /** The hubs, where there is a directory. */
  info(request?: ApiRequest<"info">): Promise<ApiReply<"info">>;
  /** What an operator sees of the whole gateway, where there is a directory. */
  overview(request?: ApiRequest<"overview">): Promise<ApiReply<"overview">>;
  /** Channels by their subscribers, the largest first, where there is a directory. */
  overviewChannels(request?: ApiRequest<"overview_channels">): Promise<ApiReply<"overview_channels">>;
  /** The connections of a user, where `userCommands` is on. It wakes the hubs where one may be. */
  userConnections(request: ApiRequest<"user_connections">): Promise<ApiReply<"user_connections">>;
  /** Publishes to a topic of a room: a text as `data`, or bytes in base64 as `b64data`. */
  roomPublish(request: ApiRequest<"room_publish">): Promise<ApiReply<"room_publish">>;
  /** The open sockets of a room, page by page: `next` of the answer is `after` of the next request. */
  roomSockets(request: ApiRequest<"room_sockets">): Promise<ApiReply<"room_sockets">>;
  /** Closes every socket of a room, with 1000 unless the request says otherwise. */
  roomClose(request: ApiRequest<"room_close">): Promise<ApiReply<"room_close">>;
  /** Calls a function of `calls` of the room's kind. */
  roomCall(request: ApiRequest<"room_call">): Promise<ApiReply<"room_call">>;
  /** Runs at most 1,000 commands, one kind after the other unless `parallel`. `replies` are in their order. */
  batch(request: ApiRequest<"batch">): Promise<ApiReply<"batch">>;
}
