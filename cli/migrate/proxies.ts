import type { ProxyKind, ProxySettings, StatusTransform } from "../../src/config/proxy.ts";
import { defined } from "../../src/shared/defined.ts";
import type { ReadNamespaces } from "./namespaces.ts";
import type { Source } from "./source.ts";

/** Where a Centrifugo configuration has the endpoint of each kind of question. */
export const PROXIES: Readonly<Record<ProxyKind, string>> = {
  connect: "client.proxy.connect",
  refresh: "client.proxy.refresh",
  subscribe: "channel.proxy.subscribe",
  publish: "channel.proxy.publish",
  sub_refresh: "channel.proxy.sub_refresh",
  rpc: "rpc.proxy",
};

/** What Centrifugo sets for each kind by itself, and this gateway once for all kinds. */
interface Shared {
  readonly headers: readonly string[];
  readonly staticHeaders: Readonly<Record<string, string>>;
  readonly transforms: readonly StatusTransform[];
  readonly includesMeta: boolean;
  readonly isBinary: boolean;
}

/** Undefined where nothing is asked. */
export function readProxies(
  source: Source,
  { asked, withoutNamespace, namespaces }: ReadNamespaces,
): ProxySettings | undefined {
  const isAsked: Readonly<Record<ProxyKind, boolean>> = {
    connect: source.flag("client.proxy.connect.enabled") === true,
    refresh: source.flag("client.proxy.refresh.enabled") === true,
    subscribe: asked.subscribe.length > 0,
    publish: asked.publish.length > 0,
    sub_refresh: asked.sub_refresh.length > 0,
    rpc: isRpcAsked(source),
  };
  const total = namespaces.length + (withoutNamespace === undefined ? 0 : 1);
  if (isAsked.sub_refresh && asked.sub_refresh.length < total) {
    source.leave(
      `${PROXIES.sub_refresh}.endpoint`,
      "is asked about all channels here, not only those of some namespaces",
    );
  }
  const kinds = (Object.keys(PROXIES) as ProxyKind[]).filter((kind) => isAsked[kind] && isHttp(source, kind));
  for (const kind of Object.keys(PROXIES) as ProxyKind[]) if (!isAsked[kind]) source.value(PROXIES[kind]);
  if (kinds.length === 0) return undefined;
  const endpoints = kinds.map(
    (kind) => [kind, endpointOf(source.section(PROXIES[kind]), kind, asked)] as const,
  );
  return {
    ...Object.fromEntries(endpoints),
    ...settingsOf(kinds.map((kind) => readShared(source.section(PROXIES[kind])))),
  };
}

function isRpcAsked(source: Source): boolean {
  const parts = [source.section("rpc.without_namespace"), ...source.items("rpc.namespaces")];
  for (const part of parts) part.value("name");
  return parts.map((part) => part.flag("proxy_enabled")).includes(true);
}

function isHttp(source: Source, kind: ProxyKind): boolean {
  const path = `${PROXIES[kind]}.endpoint`;
  const endpoint = source.text(path);
  if (endpoint?.includes("://") && /^https?:/.test(endpoint)) return true;
  source.value(PROXIES[kind]);
  source.leave(path, endpoint === undefined ? "there is no endpoint to ask" : "a backend is asked over HTTP");
  return false;
}

function endpointOf(proxy: Source, kind: ProxyKind, asked: ReadNamespaces["asked"]) {
  return defined({
    endpoint: proxy.text("endpoint"),
    timeout: proxy.seconds("timeout"),
    namespaces: kind === "subscribe" || kind === "publish" ? asked[kind] : undefined,
  });
}

function readShared(proxy: Source): Shared {
  return {
    headers: proxy.texts("http_headers") ?? [],
    staticHeaders: (proxy.fields("http.static_headers") ?? {}) as Shared["staticHeaders"],
    transforms: (proxy.list("http.status_to_code_transforms") ?? []) as unknown as Shared["transforms"],
    includesMeta: proxy.flag("include_connection_meta") ?? false,
    isBinary: proxy.flag("binary_encoding") ?? false,
  };
}

/** What one kind needs, all get. */
function settingsOf(shared: readonly Shared[]): ProxySettings {
  const headers = [...new Set(shared.flatMap((part) => part.headers))];
  const staticHeaders = Object.assign(
    {},
    ...shared.map((part) => part.staticHeaders),
  ) as Shared["staticHeaders"];
  const transforms = new Map(shared.flatMap((part) => part.transforms).map((one) => [one.status_code, one]));
  return defined<ProxySettings>({
    http_headers: headers.length > 0 ? headers : undefined,
    static_headers: Object.keys(staticHeaders).length > 0 ? staticHeaders : undefined,
    status_to_code_transforms: transforms.size > 0 ? [...transforms.values()] : undefined,
    include_connection_meta: shared.some((part) => part.includesMeta) || undefined,
    binary_encoding: shared.some((part) => part.isBinary) || undefined,
  });
}
