import { env } from "cloudflare:workers";
import { Hono } from "hono";
import { checkRights } from "./api/check-rights.ts";
import { createApp } from "./app.ts";
import { classesOf, type GatewayClasses } from "./classes.ts";
import { type GatewayOptions, resolveGateway } from "./deployment/options.ts";
import { createEventConsumer, type QueuedEvents } from "./events/consumer.ts";
import { findRoom } from "./room-rpc/find-room.ts";
import { RoomStub } from "./room-rpc/room-stub.ts";
import type { RoomKinds } from "./rooms/shipped.ts";
import { startGateway } from "./start.ts";

export type * from "./api/method-types.ts";
export type { ServerApi } from "./api/server-api.ts";
export type { BackendEvent, EventBatch, EventKind } from "./channels/backend-event.ts";
export type * from "./channels/hooks.ts";
export type { NamespaceConfig } from "./channels/namespaces.ts";
export type { ChannelOptions, HomeRegion } from "./channels/options.ts";
export type { SubscriptionOverride } from "./channels/override.ts";
export type { GatewayClasses, ObjectClass } from "./classes.ts";
export type { Config, ConnectionSettings, RoomSettings } from "./config/config.ts";
export type { EventSettings } from "./config/events.ts";
export type { OperationsSettings } from "./config/operations.ts";
export type { EndpointSettings, ProxySettings } from "./config/proxy.ts";
export type { TokenSettings } from "./config/tokens.ts";
export type { BindingNames } from "./deployment/bindings.ts";
export type { Fetch, GatewayOptions, ServePage } from "./deployment/options.ts";
export type { QueuedEvents } from "./events/consumer.ts";
export { type ListOptions, RoomError, RoomStub, roomOf } from "./room-rpc/room-stub.ts";
export { type Accepted, type AcceptOptions, accept } from "./rooms/accept.ts";
export type { RoomCall } from "./rooms/calls.ts";
export type * from "./rooms/handler.ts";
export type { RoomKinds } from "./rooms/shipped.ts";
export type { ListedSocket, SocketPage } from "./rooms/socket-page.ts";

/** A gateway: the handler and the classes that the main module of a Worker exports. */
export interface GatewayWorker<Rooms extends RoomKinds = RoomKinds> extends GatewayClasses {
  /** Answers requests, as the `fetch` of the Worker. */
  readonly fetch: (request: Request, env: object, ctx: ExecutionContext) => Response | Promise<Response>;
  /** Posts events to the webhook, where a queue brings them: the `queue` of the Worker. */
  readonly queue: (batch: QueuedEvents) => Promise<void>;
  /** The routes, to be mounted in another Hono app: `other.route("/realtime", gateway.app)`. */
  readonly app: Hono;
  /**
   * A room, to publish to it, to list or close its sockets, to call a function of its kind, or to pass a request on to it.
   * @param env The environment of the Worker, with the bindings of the gateway.
   * @example
   * await gateway.room(env, "chat", "lobby").publish("talk", "the gateway is about to be updated");
   */
  room<Kind extends string & keyof Rooms>(env: object, kind: Kind, name: string): RoomStub<Rooms[Kind]>;
}

/**
 * Makes a gateway, for the main module of a Worker whose wrangler.toml has the bindings ROOM, HUB and DIRECTORY.
 *
 * @throws Error that names every option that is wrong, such as `namespaces[0].history_size`: the start of a deployed
 * Worker fails with it. Where the variable ENVIRONMENT is "development", every request is answered with it instead.
 * @example
 * const gateway = createGateway({ rooms: { chat }, channels: { namespaces: [{ name: "news" }] } });
 * export const { Room, Hub, Directory, Api, Outgoing } = gateway;
 * export default gateway;
 */
export function createGateway<Rooms extends RoomKinds = RoomKinds>(
  options: GatewayOptions<Rooms> = {},
): GatewayWorker<Rooms> {
  const started = startGateway(() => {
    const deployment = resolveGateway(options, env);
    checkRights(env, deployment.gateway.config);
    return deployment;
  }, env);
  const app = typeof started === "function" ? new Hono().all("*", started) : createApp(started);
  const gateway = () => {
    if (typeof started === "function") throw new Error("the gateway has not started");
    return started.gateway;
  };
  return {
    app,
    fetch: (request, bindings, ctx) => app.fetch(request, bindings, ctx),
    queue: (batch) => createEventConsumer(gateway().config.events)(batch),
    room: (bindings, kind, name) => {
      const { readEnv, kinds } = gateway();
      return new RoomStub(findRoom(readEnv(bindings), kinds, kind, name));
    },
    ...classesOf(gateway),
  };
}
