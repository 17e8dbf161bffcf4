// What is public: npm run docs

// poorwill: AcceptOptions, Accepted, ApiError, ApiMethod, ApiReply, ApiRequest, ApiRequests, ApiResult, ApiResults, Awaitable, BackendEvent, BindingNames, ChannelOptions, Config, ConnectContext, ConnectGrant, ConnectionSettings, Decision, EndpointSettings, EventBatch, EventKind, EventSettings, Fetch, GatewayClasses, GatewayOptions, GatewayWorker, Heartbeat, HomeRegion, HookContext, HookDisconnect, HookError, HookRefusal, Hooks, ListOptions, ListedSocket, Message, MessageContext, NamespaceConfig, ObjectClass, OperationsSettings, Payload, ProxySettings, PublishContext, PublishGrant, QueuedEvents, RateLimit, RefreshContext, RefreshGrant, RoomCall, RoomContext, RoomError, RoomHandler, RoomKinds, RoomOptions, RoomSettings, RoomSocket, RoomStorage, RoomStub, RpcAnswer, RpcContext, ServePage, ServerApi, SocketPage, SubscribeContext, SubscriptionGrant, SubscriptionOverride, SubscriptionRefreshContext, SubscriptionRefreshGrant, TokenSettings, accept, createGateway, roomOf
// poorwill/rooms: AcceptOptions, Accepted, Decision, Heartbeat, Message, Payload, RateLimit, RoomContext, RoomHandler, RoomKinds, RoomOptions, RoomSocket, RoomStorage, accept, broadcast, echo, hello
// poorwill/backend: BackendEvent, ConnectRequest, ConnectResult, EventBatch, EventKind, HookDisconnect, HookError, HookRefusal, InfoResult, ProxyAnswer, ProxyConnection, ProxyPayload, ProxyUser, PublishRequest, PublishResult, RefreshRequest, RefreshResult, RpcRequest, RpcResult, SIGNATURE_HEADER, SubRefreshRequest, SubRefreshResult, SubscribeRequest, SubscribeResult, VerifyOptions, sign, verify
// poorwill/console: Fetch, ServePage, serveNotFound, servePage
// poorwill/testing: ChannelClient, ChannelError, ChannelsOptions, Closing, ConnectBody, ErrorBody, HandshakeOptions, HistoryBody, Line, PublicationBody, RoomClient, RoomOrObject, SleepOptions, SubscribeBody, advance, connectChannels, connectRoom, dropConnections, expectSleeps, sleep

interface ProxyConnection {
  readonly client: string;
  readonly transport: "websocket";
  readonly protocol: "json";
  readonly encoding: "json" | "binary";
}
interface ProxyUser extends ProxyConnection {
  readonly user: string;
  readonly meta?: unknown;
}
interface ProxyPayload {
  readonly data?: unknown;
  readonly b64data?: string;
}
interface ConnectRequest extends ProxyConnection, ProxyPayload {
  readonly name: string;
  readonly version: string;
  readonly channels?: readonly string[];
}
interface SubscribeRequest extends ProxyUser, ProxyPayload {
  readonly channel: string;
}
interface PublishRequest extends ProxyUser, ProxyPayload {
  readonly channel: string;
}
interface RpcRequest extends ProxyUser, ProxyPayload {
  readonly method: string;
}
type RefreshRequest = ProxyUser;
interface SubRefreshRequest extends ProxyUser {
  readonly channel: string;
}
type ProxyAnswer<Result> = {
  readonly result: Result;
} | HookRefusal | Record<string, never>;
interface InfoResult {
  readonly info?: unknown;
  readonly b64info?: string;
}
interface SubscribeResult extends InfoResult, ProxyPayload {
  readonly expire_at?: number;
  readonly override?: Readonly<Partial<Record<"presence" | "join_leave" | "force_push_join_leave" | "force_recovery" | "force_positioning", {
    readonly value: boolean;
  }>>>;
}
interface ConnectResult extends InfoResult, ProxyPayload {
  readonly user?: string;
  readonly expire_at?: number;
  readonly channels?: readonly string[];
  readonly subs?: Readonly<Record<string, SubscribeResult>>;
  readonly meta?: Readonly<Record<string, unknown>>;
}
interface PublishResult extends ProxyPayload {
  readonly tags?: Readonly<Record<string, string>>;
  readonly skip_history?: boolean;
  readonly idempotency_key?: string;
  readonly version?: number;
  readonly version_epoch?: string;
}
type RpcResult = ProxyPayload;
interface SubRefreshResult extends InfoResult {
  readonly expired?: boolean;
  readonly expire_at?: number;
}
interface RefreshResult extends SubRefreshResult {
  readonly meta?: Readonly<Record<string, unknown>>;
}
export declare const SIGNATURE_HEADER = "X-Poorwill-Signature";
interface VerifyOptions {
  readonly tolerance?: number;
  readonly now?: number;
}
export declare function sign(body: string, secret: string, now?: number): Promise<string>;
export declare function verify(header: string | null | undefined, body: string, secret: string, { tolerance, now }?: VerifyOptions): Promise<boolean>;

export declare const servePage: ServePage;
export declare const serveNotFound: Fetch;

interface ApiError {
  readonly code: number;
  readonly message: string;
}
interface Data {
  readonly data?: unknown;
  readonly b64data?: string | null | undefined;
}
interface Info {
  readonly info?: unknown;
  readonly b64info?: string | null | undefined;
}
interface Publishing extends Data {
  readonly b64data?: string | null | undefined;
  readonly skip_history?: boolean | null | undefined;
  readonly tags?: Readonly<Record<string, string>> | null | undefined;
  readonly idempotency_key?: string | null | undefined;
  readonly delta?: boolean | null | undefined;
  readonly version?: number | null | undefined;
  readonly version_epoch?: string | null | undefined;
}
interface Channel {
  readonly channel: string;
}
interface Room {
  readonly kind: string;
  readonly room: string;
}
interface Connections {
  readonly user: string;
  readonly client?: string | null | undefined;
  readonly session?: string | null | undefined;
}
type Position = {
  readonly offset?: number | null | undefined;
  readonly epoch?: string | null | undefined;
};
type Overridden = {
  readonly value?: boolean | null | undefined;
} | null | undefined;
type Override = {
  readonly presence?: Overridden;
  readonly join_leave?: Overridden;
  readonly force_recovery?: Overridden;
  readonly force_positioning?: Overridden;
  readonly force_push_join_leave?: Overridden;
};
interface ApiRequests {
  readonly publish: Channel & Publishing;
  readonly broadcast: {
    readonly channels: string[];
  } & Publishing;
  readonly subscribe: Connections & Channel & Info & Data & {
    readonly recover_since?: Position | null | undefined;
    readonly expire_at?: number | null | undefined;
    readonly override?: Override | null | undefined;
  };
  readonly unsubscribe: Connections & {
    readonly channel?: string | null | undefined;
  };
  readonly disconnect: Connections & {
    readonly whitelist?: string[] | null | undefined;
    readonly disconnect?: {
      readonly code?: number | null | undefined;
      readonly reason?: string | null | undefined;
    } | null | undefined;
  };
  readonly refresh: Connections & Info & {
    readonly expired?: boolean | null | undefined;
    readonly expire_at?: number | null | undefined;
  };
  readonly block_user: {
    readonly user: string;
    readonly until?: number | null | undefined;
    readonly reason?: string | null | undefined;
  };
  readonly unblock_user: {
    readonly user: string;
  };
  readonly presence: Channel;
  readonly presence_stats: Channel;
  readonly history: Channel & {
    readonly limit?: number | null | undefined;
    readonly since?: Position | null | undefined;
    readonly reverse?: boolean | null | undefined;
  };
  readonly history_remove: Channel;
  readonly channels: {
    readonly pattern?: string | null | undefined;
  };
  readonly info: object;
  readonly overview: object;
  readonly overview_channels: {
    readonly search?: string | null | undefined;
    readonly limit?: number | null | undefined;
    readonly offset?: number | null | undefined;
  };
  readonly user_connections: {
    readonly user: string;
  };
  readonly room_publish: Room & {
    readonly topic: string;
    readonly data?: string | null | undefined;
    readonly b64data?: string | null | undefined;
  };
  readonly room_sockets: Room & {
    readonly after?: string | null | undefined;
    readonly limit?: number | null | undefined;
    readonly data?: boolean | null | undefined;
  };
  readonly room_close: Room & {
    readonly code?: number | null | undefined;
    readonly reason?: string | null | undefined;
  };
  readonly room_call: Room & {
    readonly name: string;
    readonly arguments?: unknown[] | null | undefined;
  };
  readonly batch: {
    readonly commands: unknown[];
    readonly parallel?: boolean | null | undefined;
  };
}
interface Published {
  readonly offset?: number | undefined;
  readonly epoch?: string | undefined;
}
interface ClientInfo {
  readonly user: string;
  readonly client: string;
  readonly conn_info?: unknown;
  readonly chan_info?: unknown;
}
interface Publication {
  readonly data?: unknown;
  readonly b64data?: string | undefined;
  readonly offset?: number | undefined;
  readonly info?: ClientInfo | undefined;
  readonly tags?: Readonly<Record<string, string>> | undefined;
}
interface Counts {
  readonly num_clients: number;
  readonly num_users: number;
}
interface Node extends Counts {
  readonly uid: string;
  readonly name: string;
  readonly version: string;
  readonly num_channels: number;
  readonly num_subs: number;
  readonly uptime: number;
}
interface RoomSocketInfo {
  readonly id: string;
  readonly remote_address: string;
  readonly protocol: string;
  readonly tags: string[];
  readonly topics: string[];
  readonly data?: unknown;
}
interface ApiResults {
  readonly publish: Published;
  readonly broadcast: {
    readonly responses: ({
      readonly result: Published;
    } | {
      readonly error: ApiError;
    })[];
  };
  readonly subscribe: object;
  readonly unsubscribe: object;
  readonly disconnect: object;
  readonly refresh: object;
  readonly block_user: object;
  readonly unblock_user: object;
  readonly presence: {
    readonly presence: Readonly<Record<string, ClientInfo>>;
  };
  readonly presence_stats: Counts;
  readonly history: {
    readonly publications: Publication[];
    readonly offset: number;
    readonly epoch: string;
  };
  readonly history_remove: object;
  readonly channels: {
    readonly channels: Readonly<Record<string, {
      readonly num_clients: number;
    }>>;
  };
  readonly info: {
    readonly nodes: Node[];
  };
  readonly overview: OverviewSnapshot;
  readonly overview_channels: OverviewChannels;
  readonly user_connections: UserConnections;
  readonly room_publish: {
    readonly reached: number;
  };
  readonly room_sockets: {
    readonly sockets: RoomSocketInfo[];
    readonly next?: string | undefined;
  };
  readonly room_close: {
    readonly closed: number;
  };
  readonly room_call: {
    readonly value?: unknown;
  };
  readonly batch: {
    readonly replies: unknown[];
  };
}
type ApiMethod = keyof ApiRequests;
type ApiRequest<Method extends ApiMethod> = ApiRequests[Method];
type ApiResult<Method extends ApiMethod> = ApiResults[Method];
type ApiReply<Method extends ApiMethod> = {
  readonly result: ApiResult<Method>;
} | {
  readonly error: ApiError;
};
interface ServerApi {
  publish(request: ApiRequest<"publish">): Promise<ApiReply<"publish">>;
  broadcast(request: ApiRequest<"broadcast">): Promise<ApiReply<"broadcast">>;
  subscribe(request: ApiRequest<"subscribe">): Promise<ApiReply<"subscribe">>;
  unsubscribe(request: ApiRequest<"unsubscribe">): Promise<ApiReply<"unsubscribe">>;
  disconnect(request: ApiRequest<"disconnect">): Promise<ApiReply<"disconnect">>;
  refresh(request: ApiRequest<"refresh">): Promise<ApiReply<"refresh">>;
  blockUser(request: ApiRequest<"block_user">): Promise<ApiReply<"block_user">>;
  unblockUser(request: ApiRequest<"unblock_user">): Promise<ApiReply<"unblock_user">>;
  presence(request: ApiRequest<"presence">): Promise<ApiReply<"presence">>;
  presenceStats(request: ApiRequest<"presence_stats">): Promise<ApiReply<"presence_stats">>;
  history(request: ApiRequest<"history">): Promise<ApiReply<"history">>;
  historyRemove(request: ApiRequest<"history_remove">): Promise<ApiReply<"history_remove">>;
  channels(request?: ApiRequest<"channels">): Promise<ApiReply<"channels">>;
  info(request?: ApiRequest<"info">): Promise<ApiReply<"info">>;
  overview(request?: ApiRequest<"overview">): Promise<ApiReply<"overview">>;
  overviewChannels(request?: ApiRequest<"overview_channels">): Promise<ApiReply<"overview_channels">>;
  userConnections(request: ApiRequest<"user_connections">): Promise<ApiReply<"user_connections">>;
  roomPublish(request: ApiRequest<"room_publish">): Promise<ApiReply<"room_publish">>;
  roomSockets(request: ApiRequest<"room_sockets">): Promise<ApiReply<"room_sockets">>;
  roomClose(request: ApiRequest<"room_close">): Promise<ApiReply<"room_close">>;
  roomCall(request: ApiRequest<"room_call">): Promise<ApiReply<"room_call">>;
  batch(request: ApiRequest<"batch">): Promise<ApiReply<"batch">>;
}
declare class Outgoing extends WorkerEntrypoint {
  fetch(request: Request): Promise<Response>;
}
type ObjectClass = new (ctx: DurableObjectState, env: object) => DurableObject<object>;
interface GatewayClasses {
  readonly Room: ObjectClass;
  readonly Hub: ObjectClass;
  readonly Directory: ObjectClass;
  readonly Api: new (ctx: ExecutionContext, env: object) => WorkerEntrypoint<object> & ServerApi;
  readonly Outgoing: typeof Outgoing;
}
interface QueuedEvents {
  readonly messages: readonly {
    readonly body: unknown;
    readonly attempts: number;
  }[];
  ackAll(): void;
  retryAll(options: {
    readonly delaySeconds: number;
  }): void;
}
interface ReachedRoom extends RoomRpc {
  fetch(request: Request): Promise<Response>;
}
type FoundRoom = {
  readonly room: ReachedRoom;
} | {
  readonly errorCode: number;
};
interface RoomBinding {
  readonly ROOM: {
    getByName(name: string): {
      fetch(request: Request): Promise<Response>;
    };
  };
}
export declare class RoomError extends Error {
  readonly code: number;
  constructor(code: number);
}
interface ListOptions {
  readonly after?: string;
  readonly limit?: number;
  readonly data?: boolean;
}
export declare class RoomStub<Handler extends RoomHandler = RoomHandler> {
  #private;
  constructor(found: FoundRoom);
  publish(topic: string, message: Payload): Promise<number>;
  sockets({ after, limit, data }?: ListOptions): Promise<SocketPage>;
  close(code?: number, reason?: string): Promise<number>;
  call<Name extends string & keyof CallsOf<Handler>>(name: Name, ...parameters: ParametersOf<CallsOf<Handler>[Name]>): Promise<ResultOf<CallsOf<Handler>[Name]>>;
  fetch(request: Request): Promise<Response>;
}
export declare function roomOf<Kinds extends RoomKinds, Kind extends string & keyof Kinds>(env: RoomBinding, kinds: Kinds, kind: Kind, name: string): RoomStub<Kinds[Kind]>;
export interface GatewayWorker<Rooms extends RoomKinds = RoomKinds> extends GatewayClasses {
  readonly fetch: (request: Request, env: object, ctx: ExecutionContext) => Response | Promise<Response>;
  readonly queue: (batch: QueuedEvents) => Promise<void>;
  readonly app: Hono;
  room<Kind extends string & keyof Rooms>(env: object, kind: Kind, name: string): RoomStub<Rooms[Kind]>;
}
export declare function createGateway<Rooms extends RoomKinds = RoomKinds>(options?: GatewayOptions<Rooms>): GatewayWorker<Rooms>;

export declare const broadcast: RoomHandler;
export declare const echo: RoomHandler;
export declare const hello: RoomHandler;

declare const HOME_REGIONS: readonly ["wnam", "enam", "sam", "weur", "eeur", "apac", "oc", "afr", "me"];
type HomeRegion = (typeof HOME_REGIONS)[number];
interface ChannelOptions {
  readonly history_size: number;
  readonly history_ttl: number;
  readonly history_meta_ttl: number;
  readonly force_positioning: boolean;
  readonly allow_positioning: boolean;
  readonly force_recovery: boolean;
  readonly allow_recovery: boolean;
  readonly force_recovery_mode: "stream" | "cache";
  readonly auto_cache_recover: boolean;
  readonly presence: boolean;
  readonly join_leave: boolean;
  readonly force_push_join_leave: boolean;
  readonly allow_subscribe_for_client: boolean;
  readonly allow_subscribe_for_anonymous: boolean;
  readonly allow_user_limited_channels: boolean;
  readonly channel_regex: string;
  readonly allow_publish_for_client: boolean;
  readonly allow_publish_for_subscriber: boolean;
  readonly allow_publish_for_anonymous: boolean;
  readonly publication_data_format: "" | "json" | "json_object" | "binary";
  readonly allow_presence_for_client: boolean;
  readonly allow_presence_for_subscriber: boolean;
  readonly allow_presence_for_anonymous: boolean;
  readonly allow_history_for_client: boolean;
  readonly allow_history_for_subscriber: boolean;
  readonly allow_history_for_anonymous: boolean;
  readonly home_region: HomeRegion | "";
}
interface SubscriptionOverride {
  readonly presence?: boolean;
  readonly joinLeave?: boolean;
  readonly forcePushJoinLeave?: boolean;
  readonly forceRecovery?: boolean;
  readonly forcePositioning?: boolean;
}
type Json = string;
type Encoding = "json" | "protobuf";
type StreamTransport = "http_stream" | "sse" | "uni_http_stream" | "uni_sse";
type Transport = "websocket" | StreamTransport;
type Awaitable<T> = T | Promise<T>;
interface HookContext {
  readonly client: string;
  readonly transport: Transport;
  readonly user: string;
  readonly protocol: Encoding;
  readonly meta: unknown;
  readonly rawMeta: string | undefined;
  readonly headers?: Readonly<Record<string, string>>;
  readonly traceparent?: string;
}
interface ConnectContext {
  readonly client: string;
  readonly transport: Transport;
  readonly protocol: Encoding;
  readonly data: unknown;
  readonly rawData: string | undefined;
  readonly name: string;
  readonly version: string;
  readonly channels?: readonly string[];
  readonly headers?: Readonly<Record<string, string>>;
  readonly traceparent?: string;
}
type RefreshContext = HookContext;
interface SubscriptionRefreshContext extends HookContext {
  readonly channel: string;
}
interface SubscribeContext extends HookContext {
  readonly channel: string;
  readonly data: unknown;
  readonly rawData: string | undefined;
}
interface PublishContext extends HookContext {
  readonly channel: string;
  readonly data: unknown;
  readonly rawData: string | undefined;
  readonly bytes?: Uint8Array;
}
interface RpcContext extends HookContext {
  readonly method: string;
  readonly data: unknown;
  readonly rawData: string | undefined;
}
interface MessageContext extends HookContext {
  readonly data: unknown;
  readonly rawData: string | undefined;
}
interface HookError {
  readonly error: {
    readonly code: number;
    readonly message: string;
    readonly temporary?: boolean;
  };
}
interface HookDisconnect {
  readonly disconnect: {
    readonly code: number;
    readonly reason: string;
  };
}
type HookRefusal = HookError | HookDisconnect;
interface NoRefusal {
  readonly error?: never;
  readonly disconnect?: never;
}
interface SubscriptionGrant extends NoRefusal {
  readonly info?: unknown;
  readonly data?: unknown;
  readonly expireAt?: number;
  readonly override?: SubscriptionOverride;
}
interface ConnectGrant extends NoRefusal {
  readonly user: string;
  readonly info?: unknown;
  readonly data?: unknown;
  readonly expireAt?: number;
  readonly subs?: Readonly<Record<string, SubscriptionGrant>>;
  readonly meta?: unknown;
}
interface PublishGrant extends NoRefusal {
  readonly data?: unknown;
  readonly tags?: Readonly<Record<string, string>>;
  readonly skipHistory?: boolean;
  readonly idempotencyKey?: string;
  readonly version?: number;
  readonly versionEpoch?: string;
}
interface SubscriptionRefreshGrant extends NoRefusal {
  readonly expired?: boolean;
  readonly expireAt?: number;
  readonly info?: unknown;
}
interface RefreshGrant extends SubscriptionRefreshGrant {
  readonly meta?: unknown;
}
interface RpcAnswer extends NoRefusal {
  readonly data?: unknown;
}
interface Hooks {
  connect?(context: ConnectContext): Awaitable<ConnectGrant | HookRefusal | undefined>;
  subscribe?(context: SubscribeContext): Awaitable<SubscriptionGrant | HookRefusal | undefined>;
  publish?(context: PublishContext): Awaitable<PublishGrant | HookRefusal | undefined>;
  rpc?(context: RpcContext): Awaitable<RpcAnswer | HookRefusal | undefined>;
  refresh?(context: RefreshContext): Awaitable<RefreshGrant | HookRefusal | undefined>;
  refreshSubscription?(context: SubscriptionRefreshContext): Awaitable<SubscriptionRefreshGrant | HookRefusal | undefined>;
  message?(context: MessageContext): Awaitable<HookDisconnect | undefined>;
}
declare const EVENT_KINDS: readonly ["connection.opened", "connection.closed", "member.joined", "member.left", "channel.occupied", "channel.vacated"];
type EventKind = (typeof EVENT_KINDS)[number];
interface BackendEvent {
  readonly id: string;
  readonly kind: EventKind;
  readonly time: number;
  readonly sequence: number;
  readonly channel?: string;
  readonly client?: string;
  readonly user?: string;
  readonly code?: number;
}
interface EventBatch {
  readonly events: readonly BackendEvent[];
}

type Counts = Readonly<Record<string, number>>;
interface Rates {
  readonly messagesReceived: number;
  readonly messagesSent: number;
  readonly publications: number;
}
type HubState = "ok" | "late" | "full";
interface HubOverview {
  readonly hub: string;
  readonly region?: string | undefined;
  readonly state: HubState;
  readonly sockets: number;
  readonly clients: number;
  readonly users: number;
  readonly subscriptions: number;
  readonly channels: number;
  readonly lag: number;
  readonly memory: number;
  readonly rates: Rates;
  readonly awakeShare: number;
  readonly awake: number;
  readonly wakes: Counts;
  readonly wokeAt: number;
  readonly reportedAt: number;
}
interface RoomsOverview {
  readonly kind: string;
  readonly connections: number;
  readonly messagesReceived: number;
  readonly messagesSent: number;
  readonly errors: number;
  readonly awake: number;
  readonly wakes: Counts;
}
interface Totals {
  readonly hubs: number;
  readonly sockets: number;
  readonly clients: number;
  readonly users: number;
  readonly subscriptions: number;
  readonly channels: number;
  readonly rates: Rates;
  readonly messagesReceived: number;
  readonly messagesSent: number;
  readonly publications: number;
  readonly errors: Counts;
  readonly disconnects: Counts;
  readonly unsubscribes: Counts;
  readonly refusals: Counts;
  readonly recovered: number;
  readonly unrecovered: number;
  readonly awake: number;
  readonly wakes: Counts;
}
interface Seen {
  readonly at: number;
  readonly totals: Totals;
  readonly moreHubs: number;
  readonly rooms: readonly RoomsOverview[];
}
interface OverviewSnapshot extends Seen {
  readonly kind: "snapshot";
  readonly hubs: readonly HubOverview[];
}
interface OverviewChannels {
  readonly channels: readonly {
    readonly channel: string;
    readonly num_clients: number;
  }[];
  readonly total: number;
  readonly complete: boolean;
}
interface UserConnection {
  readonly client: string;
  readonly hub: string;
  readonly transport: string;
  readonly protocol: string;
  readonly connected_at: number;
  readonly num_subscriptions: number;
  readonly channels: readonly string[];
}
interface UserConnections {
  readonly connections: readonly UserConnection[];
  readonly more: number;
  readonly unanswered: number;
}
interface NamespaceConfig extends Partial<ChannelOptions> {
  readonly name: string;
}
interface ConnectionConfig {
  readonly pingInterval: number;
  readonly pong: boolean;
  readonly protobufPong: boolean;
  readonly staleCloseDelay: number;
  readonly expiredCloseDelay: number;
  readonly channelLimit: number;
  readonly messageSizeLimit: number;
  readonly queueSize: number;
  readonly historyMaxPublicationLimit: number;
  readonly recoveryMaxPublicationLimit: number;
  readonly replyMaxLength: number;
  readonly userConnectionLimit: number;
  readonly commandRate: RateLimit;
  readonly byteRate: RateLimit;
  readonly allowAnonymous: boolean;
  readonly insecure: boolean;
  readonly userCommands: boolean;
  readonly personalChannel: PersonalChannelConfig;
}
interface PersonalChannelConfig {
  readonly enabled: boolean;
  readonly namespace: string;
}
interface EventSettings {
  readonly webhook: string;
  readonly kinds: readonly EventKind[];
  readonly namespaces?: readonly string[];
  readonly queue?: string;
  readonly sweepInterval?: number;
  readonly signatureSecret?: string;
}
interface OperationsSettings {
  readonly directory?: boolean | undefined;
  readonly flightRecorder?: boolean | undefined;
  readonly storyCodes?: readonly number[] | undefined;
  readonly budget?: BudgetSettings | undefined;
}
interface BudgetSettings {
  readonly dollarsPerDay: number;
  readonly onExceeded?: "log" | "shed" | undefined;
}
interface EndpointSettings {
  readonly endpoint: string;
  readonly timeout?: number;
}
interface ChannelEndpointSettings extends EndpointSettings {
  readonly namespaces?: readonly string[];
}
interface StatusTransform {
  readonly status_code: number;
  readonly to_error?: HookError["error"];
  readonly to_disconnect?: HookDisconnect["disconnect"];
}
interface ProxySettings {
  readonly connect?: EndpointSettings;
  readonly refresh?: EndpointSettings;
  readonly subscribe?: ChannelEndpointSettings;
  readonly publish?: ChannelEndpointSettings;
  readonly rpc?: EndpointSettings;
  readonly sub_refresh?: EndpointSettings;
  readonly http_headers?: readonly string[];
  readonly static_headers?: Readonly<Record<string, string>>;
  readonly include_connection_meta?: boolean;
  readonly binary_encoding?: boolean;
  readonly status_to_code_transforms?: readonly StatusTransform[];
  readonly signatureSecret?: string;
}
interface TokenSettings {
  readonly hmacSecret?: string;
  readonly hmacPreviousSecret?: string;
  readonly hmacPreviousSecretValidUntil?: number;
  readonly rsaPublicKey?: string;
  readonly ecdsaPublicKey?: string;
  readonly jwksEndpoint?: string;
  readonly audience?: string;
  readonly audienceRegex?: string;
  readonly issuer?: string;
  readonly issuerRegex?: string;
  readonly userIdClaim?: string;
}
type ConnectionSettings = Partial<Omit<ConnectionConfig, "personalChannel">> & {
  readonly personalChannel?: Partial<ConnectionConfig["personalChannel"]>;
};
interface RoomSettings {
  readonly public?: RoomsConfig["public"];
}
interface Settings {
  readonly connection?: ConnectionSettings;
  readonly withoutNamespace?: Partial<ChannelOptions>;
  readonly namespaces?: readonly NamespaceConfig[];
}
interface Config extends Settings {
  readonly rooms?: RoomSettings;
  readonly tokens?: TokenSettings;
  readonly subscriptionTokens?: TokenSettings;
  readonly development?: Settings;
  readonly hooks?: Hooks;
  readonly proxy?: ProxySettings;
  readonly operations?: OperationsSettings;
  readonly events?: EventSettings;
}
interface ListedSocket {
  readonly id: string;
  readonly remoteAddress: string;
  readonly protocol: string;
  readonly tags: readonly string[];
  readonly topics: readonly string[];
  readonly data?: unknown;
}
interface SocketPage {
  readonly sockets: readonly ListedSocket[];
  readonly next?: string;
}
interface PageRequest {
  readonly after: string;
  readonly limit: number;
  readonly withData: boolean;
}
type RoomCommand = {
  readonly kind: "publish";
  readonly topic: string;
  readonly message: Message;
} | ({
  readonly kind: "sockets";
} & PageRequest) | {
  readonly kind: "close";
  readonly code: number | undefined;
  readonly reason: string;
} |
{
  readonly kind: "call";
  readonly name: string;
  readonly parameters: Json;
};
type RoomAnswer = {
  readonly result: Json;
} | {
  readonly errorCode: number;
};
interface RoomRpc {
  ask(command: RoomCommand): Promise<RoomAnswer>;
}
declare const BINDINGS: readonly ["ROOM", "HUB", "DIRECTORY", "ASSETS", "CONNECT_RATE", "API_RATE", "ANALYTICS"];
type BindingNames = Readonly<Partial<Record<(typeof BINDINGS)[number], string>>>;
type Fetch = {
  fetch(request: Request, env: object, ctx: ExecutionContext): Response | Promise<Response>;
}["fetch"];
type ServePage = (request: Request, path: string) => Response | undefined | Promise<Response | undefined>;
interface GatewayOptions<Rooms extends RoomKinds = RoomKinds> {
  readonly rooms?: Rooms;
  readonly channels?: Config;
  readonly path?: string;
  readonly bindings?: BindingNames;
  readonly console?: ServePage;
  readonly fallback?: Fetch | {
    readonly fetch: Fetch;
  };
  readonly development?: {
    readonly rooms?: RoomKinds;
  };
}

type Message = string | ArrayBuffer;
type Payload = string | ArrayBuffer | ArrayBufferView<ArrayBuffer>;

interface RateLimit {
  readonly perSecond: number;
  readonly burst: number;
}
interface AcceptOptions {
  readonly headers?: HeadersInit;
  readonly protocol?: string;
  readonly tags?: readonly string[];
}
declare class Accepted<Data = unknown> {
  readonly data: Data;
  readonly headers: Headers;
  readonly protocol: string | undefined;
  readonly tags: readonly string[];
  constructor(data: Data, { headers, protocol, tags }: AcceptOptions);
}
declare function accept<Data>(data: Data, options?: AcceptOptions): Accepted<Data>;
interface RoomSocket<Data = unknown> {
  readonly id: string;
  data: Data;
  readonly remoteAddress: string;
  readonly protocol: string;
  readonly tags: readonly string[];
  readonly readyState: number;
  send(message: Payload): number;
  close(code?: number, reason?: string): void;
  subscribe(topic: string): void;
  unsubscribe(topic: string): void;
  isSubscribed(topic: string): boolean;
  readonly subscriptions: string[];
  publish(topic: string, message: Payload): number;
}
declare global {
  namespace Cloudflare {
    interface Env {}
  }
}
interface RoomContext<Data = unknown> {
  readonly kind: string;
  readonly name: string;
  readonly env: Cloudflare.Env;
  readonly sockets: Iterable<RoomSocket<Data>>;
  socket(id: string): RoomSocket<Data> | undefined;
  socketsByTag(tag: string): Iterable<RoomSocket<Data>>;
  publish(topic: string, message: Payload): number;
  subscriberCount(topic: string): number;
  readonly storage: RoomStorage;
  setAlarm(time: number | Date): void;
  getAlarm(): number | undefined;
  deleteAlarm(): void;
  waitUntil(promise: PromiseLike<unknown>): void;
}
interface RoomStorage {
  readonly sql: SqlStorage;
  readonly kv: SyncKvStorage;
  transactionSync<Result>(work: () => Result): Result;
  deleteAll(): Promise<void>;
}
type RoomCall<Data = unknown> = {
  call(room: RoomContext<Data>, ...parameters: never[]): unknown;
}["call"];
type CallsOf<Handler extends RoomHandler> = Handler extends {
  readonly calls: infer Calls;
} ? Calls : Readonly<Record<string, (room: never, ...parameters: unknown[]) => unknown>>;
type ParametersOf<Call> = Call extends ((room: never, ...parameters: infer Parameters) => unknown) ? Parameters : never;
type ResultOf<Call> = Call extends ((...parameters: never[]) => infer Result) ? AsJson<Awaited<Result>> : never;
type AsJson<Value> = unknown extends Value ? unknown : Value extends string | number | boolean | null | undefined ? Value : Value extends {
  toJSON(): infer Written;
} ? AsJson<Written> : Value extends object ? { [Key in keyof Value]: AsJson<Value[Key]>; } : undefined;
interface Heartbeat {
  readonly request: string;
  readonly response: string;
}
interface RoomOptions {
  readonly maxPayloadLength?: number;
  readonly backpressureLimit?: number;
  readonly closeOnBackpressureLimit?: boolean;
  readonly idleTimeout?: number;
  readonly heartbeat?: Heartbeat;
  readonly protocols?: readonly string[];
  readonly rateLimit?: RateLimit;
  readonly byteRate?: RateLimit;
  readonly maxSockets?: number;
  readonly tickInterval?: number;
  readonly alarmsPerHour?: number;
  readonly maxRequestBody?: number;
  readonly stream?: boolean;
}
type Decision<Data> = Data | Accepted<Data> | Response;
interface RoomHandler<Data = unknown> extends RoomOptions {
  upgrade?(request: Request, room: RoomContext<Data>): Decision<Data> | Promise<Decision<Data>>;
  open?(ws: RoomSocket<Data>, room: RoomContext<Data>): unknown;
  message(ws: RoomSocket<Data>, message: Message, room: RoomContext<Data>): unknown;
  close?(ws: RoomSocket<Data>, code: number, reason: string, room: RoomContext<Data>): unknown;
  error?(ws: RoomSocket<Data>, error: unknown, room: RoomContext<Data>): unknown;
  tick?(room: RoomContext<Data>): unknown;
  start?(room: RoomContext<Data>): unknown;
  request?(request: Request, room: RoomContext<Data>): Response | Promise<Response>;
  alarm?(room: RoomContext<Data>): unknown;
  readonly calls?: Readonly<Record<string, RoomCall<Data>>>;
}
declare const shippedKinds: {
  readonly hello: RoomHandler<unknown>;
  readonly echo: RoomHandler<unknown>;
  readonly broadcast: RoomHandler<unknown>;
};
type RoomKinds = Readonly<Record<string, RoomHandler>>;
interface RoomsConfig {
  readonly public: readonly (keyof typeof shippedKinds)[];
}

interface ErrorBody {
  readonly code: number;
  readonly message: string;
  readonly temporary?: boolean;
}
interface PublicationBody {
  readonly data: unknown;
  readonly offset?: number;
  readonly info?: unknown;
  readonly tags?: unknown;
}
interface SubscribeBody {
  readonly expires?: boolean;
  readonly ttl?: number;
  readonly recoverable?: boolean;
  readonly positioned?: boolean;
  readonly epoch?: string;
  readonly offset?: number;
  readonly publications?: readonly PublicationBody[];
  readonly recovered?: boolean;
  readonly was_recovering?: boolean;
  readonly data?: unknown;
}
interface ConnectBody {
  readonly client: string;
  readonly version: string;
  readonly expires?: boolean;
  readonly ttl?: number;
  readonly data?: unknown;
  readonly subs?: Readonly<Record<string, SubscribeBody>>;
  readonly ping?: number;
  readonly pong?: boolean;
}
interface HistoryBody {
  readonly publications: readonly PublicationBody[];
  readonly epoch: string;
  readonly offset: number;
}
interface Line {
  readonly id?: number;
  readonly error?: ErrorBody;
  readonly push?: Readonly<Record<string, unknown>> & {
    readonly channel?: string;
    readonly pub?: PublicationBody;
  };
  readonly connect?: ConnectBody;
  readonly subscribe?: SubscribeBody;
  readonly history?: HistoryBody;
  readonly [kind: string]: unknown;
}
interface Closing {
  readonly code: number;
  readonly reason: string;
}
interface ClientEnd {
  send(frame: string | ArrayBuffer | ArrayBufferView): void;
  close(code?: number, reason?: string): void;
  addEventListener(kind: "message", listen: (event: {
    readonly data: unknown;
  }) => void): void;
  addEventListener(kind: "close", listen: (event: Closing) => void): void;
}
type Patience = () => number;
export declare class ChannelError extends Error {
  readonly code: number;
  constructor(command: string, { error }: Line);
}
declare class ChannelClient {
  #private;
  constructor(socket: ClientEnd, patience: Patience);
  protected accepts(line: Line): boolean;
  get connection(): ConnectBody | undefined;
  connect(body?: Readonly<Record<string, unknown>>): Promise<ConnectBody>;
  subscribe(channel: string, options?: Readonly<Record<string, unknown>>): Promise<SubscribeBody>;
  unsubscribe(channel: string): Promise<void>;
  publish(channel: string, data: unknown): Promise<void>;
  history(channel: string, options?: Readonly<Record<string, unknown>>): Promise<HistoryBody>;
  publication(channel: string): Promise<PublicationBody>;
  push(member: string): Promise<Readonly<Record<string, unknown>>>;
  ask<Body>(command: string, body?: Readonly<Record<string, unknown>>): Promise<Body>;
  request(command: string, body?: Readonly<Record<string, unknown>>): Promise<Line>;
  send(...commands: readonly Readonly<Record<string, unknown>>[]): number[];
  sendFrame(frame: string | ArrayBuffer): void;
  reply(id: number): Promise<Line>;
  get unread(): readonly Line[];
  close(code?: number, reason?: string): Promise<Closing>;
  get closed(): Promise<Closing>;
  get isClosed(): boolean;
  protected next(isMeant: (line: Line) => boolean, what: string): Promise<Line>;
}
export declare function advance(time: number): Promise<number>;
declare class RoomClient {
  #private;
  constructor(socket: ClientEnd, patience: Patience);
  send(...messages: readonly Payload[]): void;
  next(): Promise<Message>;
  take(count: number): Promise<Message[]>;
  get unread(): readonly Message[];
  close(code?: number, reason?: string): Promise<Closing>;
  get closed(): Promise<Closing>;
}
interface HandshakeOptions {
  readonly headers?: Readonly<Record<string, string>>;
}
interface ChannelsOptions extends HandshakeOptions {
  readonly channel?: string;
  readonly token?: string;
  readonly data?: unknown;
  readonly path?: string;
}
export declare function connectRoom(path: string, options?: HandshakeOptions): Promise<RoomClient>;
export declare function connectChannels(options?: ChannelsOptions): Promise<ChannelClient>;
export declare function dropConnections(): void;
type RoomOrObject = string | DurableObjectStub;
interface SleepOptions {
  readonly within?: number;
}
export declare function sleep(room?: RoomOrObject): Promise<void>;
export declare function expectSleeps(room: RoomOrObject, { within }?: SleepOptions): Promise<void>;
