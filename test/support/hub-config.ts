import { CompactSign, SignJWT } from "jose";
import type { ChannelOptions } from "../../src/channels/options.ts";
import { type Config, resolveConfig } from "../../src/config/config.ts";
import type { OverviewPlatform } from "../../src/hub/overview-home.ts";
import type { HubSettings } from "../../src/hub/platform.ts";
import type { DirectoryStub } from "../../src/metrics/report.ts";
import { forEverybody, withPresence } from "./channel-options.ts";
import { UNLIMITED } from "./rates.ts";

/** Bindings of a Worker, by name. */
export type Bindings = Readonly<Record<string, unknown>>;

const SECRET = "the secret of the test, long enough";

/** What the hubs of the tests find in their environment besides the bindings of the gateway. */
export const testSecrets = { TOKEN_HMAC_SECRET: SECRET, KEYS_ADDRESS: "https://keys.test/" };

const withHistory = {
  history_size: 10,
  history_ttl: 60,
  allow_history_for_client: true,
  allow_history_for_anonymous: true,
} satisfies Partial<ChannelOptions>;

/** Namespaces of which each one shows an option. */
export const baseConfig = {
  // Rates of bytes and pings are tested on their own: the longer a test takes, the more of them would come in between.
  connection: { allowAnonymous: true, byteRate: UNLIMITED, pingInterval: 86_400 },
  withoutNamespace: { ...forEverybody, allow_user_limited_channels: true },
  namespaces: [
    { name: "open", ...forEverybody, ...withPresence, join_leave: true },
    {
      name: "keep",
      ...forEverybody,
      ...withPresence,
      ...withHistory,
      join_leave: true,
      force_recovery: true,
    },
    { name: "large", ...forEverybody, ...withHistory, history_size: 1_000, force_recovery: true },
    { name: "brief", ...forEverybody, ...withHistory, history_meta_ttl: 120, force_recovery: true },
    {
      name: "asked",
      ...forEverybody,
      ...withHistory,
      allow_history_for_client: false,
      allow_history_for_anonymous: false,
      allow_positioning: true,
      allow_recovery: true,
    },
    {
      name: "unasked",
      ...forEverybody,
      ...withHistory,
      allow_history_for_client: false,
      allow_history_for_anonymous: false,
    },
    { name: "readers", ...forEverybody, ...withHistory },
    { name: "positioned", ...forEverybody, ...withHistory, force_positioning: true },
    { name: "cache", ...forEverybody, ...withHistory, force_recovery: true, force_recovery_mode: "cache" },
    {
      name: "latest",
      ...forEverybody,
      ...withHistory,
      force_recovery: true,
      force_recovery_mode: "cache",
      auto_cache_recover: true,
    },
    { name: "closed" },
    {
      name: "users",
      allow_subscribe_for_client: true,
      allow_publish_for_client: true,
      ...withPresence,
      ...withHistory,
      allow_presence_for_anonymous: false,
      allow_history_for_anonymous: false,
    },
    {
      name: "members",
      allow_subscribe_for_client: true,
      allow_subscribe_for_anonymous: true,
      allow_publish_for_subscriber: true,
      presence: true,
      allow_presence_for_subscriber: true,
      history_size: 10,
      history_ttl: 60,
      allow_history_for_subscriber: true,
    },
    { name: "dialog", allow_user_limited_channels: true },
    { name: "announced", ...forEverybody, join_leave: true, force_push_join_leave: true },
    { name: "discreet", ...forEverybody, join_leave: true },
    { name: "objects", ...forEverybody, publication_data_format: "json_object" },
    {
      name: "bytes",
      ...forEverybody,
      ...withPresence,
      ...withHistory,
      force_recovery: true,
      publication_data_format: "binary",
    },
    { name: "words", ...forEverybody, channel_regex: "^[a-zäöü-]+$" },
  ],
} as const satisfies Config;

/** Those namespaces, for the Worker. */
export const baseNamespaces = resolveConfig(baseConfig, {}).namespaces;

const configs = new Map<string, Config>();
const settings = new Map<string, Partial<HubSettings>>();
const runtimeSockets = new Map<string, number>();
const bindings = new Map<string, Bindings>();
const lives = new Map<string, number>();
const directories = new Map<string, Pick<DirectoryStub, "report">>();
const overviews = new Map<string, OverviewPlatform>();

/** Gives one hub settings that go over those of the other hubs. */
export function configureHub(hub: string, config: Config): void {
  configs.set(hub, {
    ...baseConfig,
    ...config,
    connection: { ...baseConfig.connection, ...config.connection },
  });
}

/** Lets one hub take other things than a hub does. Versions and memory hold when the object wakes the next time. */
export function adjustHub(hub: string, changes: Partial<HubSettings>): void {
  settings.set(hub, { ...settings.get(hub), ...changes });
}

/** Lets the runtime seem to hold so many sockets of one object, a hub or a room. */
export function limitRuntime(object: string, sockets: number): void {
  runtimeSockets.set(object, sockets);
  adjustHub(object, { heldConnections: sockets });
}

/** Has hubs whose names begin like this report to a directory. */
export function reportTo(prefix: string, directory: Pick<DirectoryStub, "report">): void {
  directories.set(prefix, directory);
}

/** Makes one hub the one that holds open overviews, as objects of that name are. */
export function holdOverviews(hub: string, platform: OverviewPlatform): void {
  overviews.set(hub, platform);
}

/** Notes that a hub was started, or woke. */
export function noteLife(hub: string): void {
  lives.set(hub, livesOf(hub) + 1);
}

/** How often a hub was started, or woke. */
export const livesOf = (hub: string): number => lives.get(hub) ?? 0;

/** Gives one hub bindings that the others do not have. */
export function bindHub(hub: string, env: Bindings): void {
  bindings.set(hub, env);
}

export const bindingsOf = (hub: string): Bindings => bindings.get(hub) ?? {};
export const overviewOf = (hub: string): OverviewPlatform | undefined => overviews.get(hub);
export const directoryOf = (hub: string): DirectoryStub | undefined =>
  [...directories].find(([prefix]) => hub.startsWith(prefix))?.[1] as DirectoryStub | undefined;
export const configOf = (hub: string): Config => configs.get(hub) ?? baseConfig;

/** The settings of a hub as they are when they are read. The machine of a test may be busy with anything. */
export function settingsOf(hub: string, shipped: HubSettings): HubSettings {
  const read = <Key extends keyof HubSettings>(key: Key): HubSettings[Key] =>
    settings.get(hub)?.[key] ??
    ((key === "flushLag" ? Number.POSITIVE_INFINITY : shipped[key]) as HubSettings[Key]);
  return {
    wireVersions: read("wireVersions"),
    callTimeout: read("callTimeout"),
    memoryLimits: read("memoryLimits"),
    get capacity() {
      return read("capacity");
    },
    get heldConnections() {
      return read("heldConnections");
    },
    get flushLag() {
      return read("flushLag");
    },
  };
}

export const runtimeSocketsOf = (object: string): number | undefined => runtimeSockets.get(object);

/** Signs claims as a backend does. */
export function sign(claims: Record<string, unknown>, secret = SECRET): Promise<string> {
  return new SignJWT(claims).setProtectedHeader({ alg: "HS256" }).sign(new TextEncoder().encode(secret));
}

/** The same for claims as JSON text. */
export function signText(claims: string): Promise<string> {
  return new CompactSign(new TextEncoder().encode(claims))
    .setProtectedHeader({ alg: "HS256" })
    .sign(new TextEncoder().encode(SECRET));
}

/** Unix seconds, so many from now. */
export const inSeconds = (seconds: number): number => Math.floor(Date.now() / 1000) + seconds;
