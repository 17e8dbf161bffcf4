import { DurableObject } from "cloudflare:workers";
import { observerTokens } from "../../src/api/observer-tokens.ts";
import { keepHeaders } from "../../src/channels/kept-headers.ts";
import { OVERVIEW_HOME } from "../../src/channels/overview.ts";
import { homeRegion, REFUSAL_HEADER } from "../../src/channels/placement.ts";
import { directoryOf } from "../../src/deployment/directory.ts";
import { GATEWAY, type Gateway } from "../../src/deployment/gateway.ts";
import { hubNamed } from "../../src/deployment/hub-named.ts";
import type { HubSettings } from "../../src/hub/platform.ts";
import type { HubReading } from "../../src/hub/reporter.ts";
import { HubServer } from "../../src/hub/server.ts";
import { SHIPPED_SETTINGS } from "../../src/hub/settings.ts";
import type { Answer, Call, HubRpc } from "../../src/hub-rpc/hub-rpc.ts";
import { streamOf } from "../../src/protocol/http/transports.ts";
import { chooseEncoding, chooseSubprotocol } from "../../src/protocol/subprotocol.ts";
import { backendFetch } from "../../src/proxy/backend-fetch.ts";
import { pongOf } from "../../src/sessions/pongs.ts";
import type { Session } from "../../src/sessions/session.ts";
import { httpError } from "../../src/shared/http-error.ts";
import type { Message } from "../../src/shared/payload-size.ts";
import { traceOf } from "../../src/shared/trace-context.ts";
import type { TraceAnswer, TraceCall } from "../../src/trace/call.ts";
import { CONNECTION_FAILED } from "../../src/websocket/close-answer.ts";
import { completeClose } from "../../src/websocket/close-quietly.ts";
import { isPreflight, wouldAccept } from "../../src/websocket/preflight.ts";
import { Sockets } from "./sockets.ts";
import { SqlBlockStore } from "./storage/block-store.ts";
import { SqlConditionStore } from "./storage/condition-store.ts";
import { SqlEventStore } from "./storage/event-store.ts";
import { SqlPaceStore } from "./storage/pace-store.ts";
import { SqlSessionStore } from "./storage/session-store.ts";
import { SqlStreamStore } from "./storage/stream-store.ts";

/** Holds protocol sessions, and is the home of the channels that are named like it. */
export abstract class Hub extends DurableObject<object> implements HubRpc {
  readonly #sockets = new Sockets(this.ctx);
  #running: HubServer | undefined;

  protected abstract get [GATEWAY](): Gateway;

  /** What this hub takes, and the forms that it knows. */
  protected get settings(): HubSettings {
    return SHIPPED_SETTINGS;
  }

  /** Reaches another hub. */
  protected stubOf(hub: string): HubRpc {
    const { readEnv, config } = this[GATEWAY];
    return hubNamed(readEnv(this.env), hub, homeRegion(hub, config.namespaces)) as unknown as HubRpc;
  }

  override async fetch(request: Request): Promise<Response> {
    const { refusal } = this.#server;
    if (refusal !== undefined)
      return new Response(null, { status: 503, headers: { [REFUSAL_HEADER]: refusal } });
    const names = this[GATEWAY].config.proxy?.httpHeaders ?? [];
    const kept = names.length === 0 ? undefined : keepHeaders(request.headers, names);
    if (names.length > 0 && kept === undefined) return httpError("headers_too_large");
    const subprotocol = chooseSubprotocol(request);
    if (isPreflight(request)) return wouldAccept(subprotocol);
    const { 0: client, 1: server } = new WebSocketPair();
    const headers: Record<string, string> =
      subprotocol === "" ? {} : { "Sec-WebSocket-Protocol": subprotocol };
    const response = new Response(null, { status: 101, webSocket: client, headers });
    const stream = streamOf(request);
    // The session is the tag by which `emulate` finds the socket. Only who opened the stream knows it.
    this.ctx.acceptWebSocket(server, stream?.session ? [stream.session] : []);
    const socket = this.#sockets.of(server);
    const encoding = chooseEncoding(request);
    const trace = traceOf(request.headers);
    this.#answerPongs(this.#server.accept(socket, { encoding, headers: kept, stream, trace }));
    return response;
  }

  override webSocketMessage(raw: WebSocket, message: string | ArrayBuffer): void {
    this.#server.message(this.#sockets.of(raw), message);
  }

  /** Takes a frame for a session over HTTP. False: there is no such session, and nothing was woken for it. */
  async emulate(session: string, frame: Message): Promise<boolean> {
    const [raw] = this.ctx.getWebSockets(session);
    const socket = raw && this.#sockets.of(raw);
    if (!socket?.isOpen) return false;
    this.#server.message(socket, frame, "request");
    return true;
  }

  override webSocketClose(raw: WebSocket, code: number, reason: string): void {
    completeClose(raw, code, reason);
    this.#gone(raw, code);
  }

  override webSocketError(raw: WebSocket): void {
    this.#gone(raw, CONNECTION_FAILED);
  }

  override alarm(info?: AlarmInvocationInfo): Promise<void> {
    return this.#server.alarm(info?.scheduledTime);
  }

  async follow(call: Call<"follow">): Promise<Answer<"follow">> {
    return this.#server.rpc.follow(call);
  }

  async unfollow(call: Call<"unfollow">): Promise<Answer<"unfollow">> {
    return this.#server.rpc.unfollow(call);
  }

  async publish(call: Call<"publish">): Promise<Answer<"publish">> {
    return this.#server.rpc.publish(call);
  }

  async history(call: Call<"history">): Promise<Answer<"history">> {
    return this.#server.rpc.history(call);
  }

  async presence(call: Call<"presence">): Promise<Answer<"presence">> {
    return this.#server.rpc.presence(call);
  }

  async members(call: Call<"members">): Promise<Answer<"members">> {
    return this.#server.rpc.members(call);
  }

  async deliver(call: Call<"deliver">): Promise<Answer<"deliver">> {
    return this.#server.rpc.deliver(call);
  }

  async manage(call: Call<"manage">): Promise<Answer<"manage">> {
    return this.#server.rpc.manage(call);
  }

  async occupancy(call: Call<"occupancy">): Promise<Answer<"occupancy">> {
    return this.#server.rpc.occupancy(call);
  }

  async admitUser(call: Call<"admitUser">): Promise<Answer<"admitUser">> {
    return this.#server.rpc.admitUser(call);
  }

  async userCounts(call: Call<"userCounts">): Promise<Answer<"userCounts">> {
    return this.#server.rpc.userCounts(call);
  }

  async userConnections(call: Call<"userConnections">): Promise<Answer<"userConnections">> {
    return this.#server.rpc.userConnections(call);
  }

  /** What this hub has counted, and how things stand. Asking wakes it. */
  async metrics(): Promise<HubReading> {
    return this.#server.reading();
  }

  /**
   * Tells what clients do here, for a trace. Asking wakes the hub, and it stays awake as long as it tells. It cannot be named
   * `trace`: that is a handler, and no method of an RPC (workerd 1.20261117.1).
   */
  async startTrace(call: TraceCall): Promise<TraceAnswer> {
    return this.#server.startTrace(call);
  }

  /** The hubs that follow a channel of this home. Asking wakes it. */
  async followersOf(channel: string): Promise<readonly string[]> {
    return this.#server.followersOf(channel);
  }

  get #server(): HubServer {
    this.#running ??= this.#start();
    return this.#running;
  }

  #start(): HubServer {
    const { ctx } = this;
    const { storage } = ctx;
    const { readEnv, config } = this[GATEWAY];
    const env = readEnv(this.env);
    const settings = this.settings;
    const name = ctx.id.name ?? "";
    const directory = directoryOf(env, config.operations);
    const holdsOverviews = name === OVERVIEW_HOME;
    const platform = {
      name,
      connections: this.#sockets,
      stores: {
        streams: new SqlStreamStore(storage, settings.wireVersions.stored),
        sessions: new SqlSessionStore(storage),
        conditions: new SqlConditionStore(storage),
        events: new SqlEventStore(storage),
        paces: new SqlPaceStore(storage),
        blocks: new SqlBlockStore(storage),
      },
      alarm: storage,
      // A report of the hub that is told of every report would never end.
      targets: holdsOverviews ? {} : { directory, analytics: env.ANALYTICS },
      overview: holdsOverviews ? { tokens: observerTokens(env), directory } : undefined,
      fetch: backendFetch(ctx.exports),
      stubOf: (hub: string) => this.stubOf(hub),
      sync: () => storage.sync(),
      deleteAll: () => storage.deleteAll(),
      abort: (reason: string) => ctx.abort(reason),
    };
    return new HubServer(platform, config, settings);
  }

  /** The runtime answers a client's pong by itself, with a push that every SDK ignores: the object sleeps on. */
  #answerPongs(session: Session): void {
    const pong = pongOf(session);
    if (pong)
      this.ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair(pong.request, pong.response));
  }

  #gone(raw: WebSocket, code: number): void {
    this.#server.closed(this.#sockets.of(raw), code);
    // Last: a hub that wakes for this still finds a socket that has failed (getWebSockets of workerd 1.20261117.1).
    this.#sockets.letGo(raw);
  }
}
