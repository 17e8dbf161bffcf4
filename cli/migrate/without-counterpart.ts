/**
 * What a Centrifugo configuration may say and this gateway has no setting for: the last key or the section, and what is
 * there instead. `docs/from-centrifugo.md` says the same in its tables.
 */
const WITHOUT_COUNTERPART: readonly (readonly [name: string, instead: string])[] = [
  ["allowed_delta_types", "publications are always whole"],
  ["delta_publish", "publications are always whole"],
  ["allow_tags_filter", "a subscribe that asks for it is error 107"],
  ["subscribe_stream_proxy_enabled", "HTTP: a `subscribe` hook or proxy"],
  ["subscribe_stream_proxy_name", "HTTP: a `subscribe` hook or proxy"],
  ["channel.proxy.subscribe_stream", "HTTP: a `subscribe` hook or proxy"],
  ["grpc", "HTTP"],
  ["grpc_api", "the HTTP API"],
  ["grpc_metadata", "HTTP"],
  ["proxies", "one endpoint for each kind; a hook can choose"],
  ["sse", "`/connection/sse` is always there"],
  ["http_stream", "`/connection/http_stream` is always there"],
  ["webtransport", "WebSocket with JSON"],
  ["uni_sse", "`/connection/uni_sse` is always there"],
  ["uni_http_stream", "`/connection/uni_http_stream` is always there"],
  ["uni_websocket", "WebSocket with JSON"],
  ["uni_grpc", "WebSocket with JSON"],
  ["consumers", "the HTTP API"],
  ["engine", "nothing to configure: Durable Objects hold channels and store their history"],
  ["broker", "nothing to configure: Durable Objects hold channels and store their history"],
  ["presence_manager", "nothing to configure: Durable Objects hold channels and store their history"],
  ["admin", "metrics, and `info` of the API"],
  ["client.user_id_http_header", "a `connect` hook or proxy"],
  [
    "client.disallow_anonymous_connection_tokens",
    'tokens without `sub` are for the user "": do not make them',
  ],
  ["client.connection_limit", "a hub takes 5,000 connections; further ones go to the next hub"],
  ["client.connection_rate_limit", "CONNECT_RATE in wrangler's file, for each address"],
  ["single_connection", "a user may have several connections; `connection.userConnectionLimit` bounds them"],
  ["websocket.compression", "leave out the flag `no_web_socket_compression` in wrangler's file"],
  ["http_api.error_mode", "the header `X-Centrifugo-Error-Mode: transport`, request by request"],
  ["prometheus", "`/metrics` is always there"],
  ["health", "`/healthz` is always there"],
  ["swagger", "`/api/openapi.json` is always there"],
  ["channel.max_length", "fixed: 255"],
  ["channel.private_prefix", "fixed: $"],
  ["channel.namespace_boundary", "fixed: :"],
  ["channel.user_boundary", "fixed: #"],
  ["channel.user_separator", "fixed: ,"],
  ["http_server", "the platform listens, and holds the certificates"],
  ["log", "Workers Logs; LOG_LEVEL=debug logs each connection"],
  ["node", "the platform decides how many there are"],
  ["opentelemetry", "metrics"],
  ["graphite", "metrics"],
];

/** The names above, for the check that the guide has them. */
export const NAMES_WITHOUT_COUNTERPART = WITHOUT_COUNTERPART.map(([name]) => name);

/** What there is instead of a key such as `channel.namespaces[0].delta_publish`. */
export function insteadOf(key: string): string {
  const path = `.${key.replaceAll(/\[\d+\]/g, "")}.`;
  return (
    WITHOUT_COUNTERPART.find(([name]) => path.includes(`.${name}.`))?.[1] ?? "nothing here has this name"
  );
}
