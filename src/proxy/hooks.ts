import type {
  ConnectContext,
  HookContext,
  HookRefusal,
  Hooks,
  PublishContext,
  SubscribeContext,
} from "../channels/hooks.ts";
import { parseChannel } from "../channels/names.ts";
import type { Endpoint, ProxyConfig, ProxyKind } from "../config/proxy.ts";
import { parsePayload } from "../protocol/json/payload.ts";
import { toBase64 } from "../shared/encodings.ts";
import { PROXY_LIMITS } from "../shared/limits.ts";
import {
  connectGrant,
  isEmptyAnswer,
  publishGrant,
  readAnswer,
  refreshGrant,
  rpcAnswer,
  subscriptionGrant,
  subscriptionRefreshGrant,
} from "./answers.ts";
import { type BackendAnswer, BackendFailure, type Fetch, post } from "./request.ts";

/** What the backend is asked: members of the request's body. */
type Question = Readonly<Record<string, unknown>>;

/** Asks the backend one kind of question. Undefined: it has no opinion. */
type Ask<Grant> = (context: Caller, question: Question) => Promise<Grant | HookRefusal | undefined>;

type Caller = ConnectContext | HookContext;

/** Hooks that ask a backend, one for each endpoint that the configuration names. `fetch` carries out the requests. */
export function createProxyHooks(proxy: ProxyConfig, fetch: Fetch): Hooks {
  const about = <Grant extends object>(kind: ProxyKind, grantOf: (result: unknown) => Grant) => {
    const endpoint = proxy.endpoints[kind];
    return endpoint && askAt(endpoint, kind, proxy, grantOf, fetch);
  };
  const connect = about("connect", connectGrant);
  const subscribe = about("subscribe", subscriptionGrant);
  const publish = about("publish", publishGrant);
  const rpc = about("rpc", rpcAnswer);
  const refresh = about("refresh", refreshGrant);
  const refreshSubscription = about("sub_refresh", subscriptionRefreshGrant);
  return {
    ...(connect && { connect: (context) => connect(context, connecting(context, proxy)) }),
    ...(subscribe && {
      subscribe: (context) =>
        isAskedAbout("subscribe", context, proxy) ? subscribe(context, onChannel(context, proxy)) : undefined,
    }),
    ...(publish && {
      publish: (context) =>
        isAskedAbout("publish", context, proxy) ? publish(context, publishing(context, proxy)) : undefined,
    }),
    ...(rpc && {
      rpc: (context) => rpc(context, { method: context.method, ...payload(context.rawData, proxy) }),
    }),
    ...(refresh && { refresh: (context) => refresh(context, {}) }),
    ...(refreshSubscription && {
      refreshSubscription: (context) => refreshSubscription(context, { channel: context.channel }),
    }),
  };
}

/** Questions to which `{}` means no opinion. To the others, `{}` is an empty result. */
const MAY_BE_SILENT: readonly ProxyKind[] = ["connect", "refresh", "sub_refresh"];

function askAt<Grant extends object>(
  endpoint: Endpoint,
  kind: ProxyKind,
  proxy: ProxyConfig,
  grantOf: (result: unknown) => Grant,
  fetch: Fetch,
): Ask<Grant> {
  return async (context, question) => {
    try {
      const { status, text } = await send(endpoint, proxy, context, question, fetch);
      const answer = status === 200 ? readAnswer(text, grantOf) : refusalFor(status, proxy);
      if (answer !== undefined || MAY_BE_SILENT.includes(kind)) return answer;
      if (isEmptyAnswer(text)) return grantOf({});
      throw new BackendFailure("the answer has neither result, error nor disconnect");
    } catch (failure) {
      if (!(failure instanceof BackendFailure)) throw failure;
      throw new BackendFailure(`${kind}: ${failure.message}`, { cause: failure.cause });
    }
  };
}

function send(
  { address, timeout }: Endpoint,
  proxy: ProxyConfig,
  context: Caller,
  question: Question,
  fetch: Fetch,
): Promise<BackendAnswer> {
  const body = JSON.stringify({ ...connectionOf(context, proxy), ...question });
  const { headers: kept = {}, traceparent } = context;
  const headers = [kept, traceparent === undefined ? {} : { traceparent }, proxy.staticHeaders];
  const { answerSize } = PROXY_LIMITS;
  return post({ address, body, headers, secret: proxy.secret, timeout, answerSize }, fetch);
}

function refusalFor(status: number, { transforms }: ProxyConfig): HookRefusal {
  const refusal = transforms.get(status);
  if (refusal === undefined) throw new BackendFailure(`the backend answered with status ${status}`);
  return refusal;
}

/** `encoding` says how payloads are written in this request, `protocol` what the client speaks. */
function connectionOf(context: Caller, { isBinary, includesMeta }: ProxyConfig): Question {
  const connection = {
    client: context.client,
    transport: context.transport,
    protocol: context.protocol,
    encoding: isBinary ? "binary" : "json",
  };
  if (!("user" in context)) return connection;
  return {
    ...connection,
    user: context.user,
    ...(includesMeta ? { meta: parsePayload(context.rawMeta) } : {}),
  };
}

function connecting({ rawData, name, version, channels }: ConnectContext, proxy: ProxyConfig): Question {
  return { ...payload(rawData, proxy), name, version, channels };
}

function onChannel({ channel, rawData }: SubscribeContext, proxy: ProxyConfig): Question {
  return { channel, ...payload(rawData, proxy) };
}

function publishing(context: PublishContext, proxy: ProxyConfig): Question {
  const { channel, bytes } = context;
  return bytes === undefined ? onChannel(context, proxy) : { channel, b64data: toBase64(bytes.slice()) };
}

function payload(rawData: string | undefined, { isBinary }: ProxyConfig): Question {
  if (rawData === undefined) return {};
  return isBinary ? { b64data: toBase64(rawData) } : { data: parsePayload(rawData) };
}

function isAskedAbout(
  kind: "subscribe" | "publish",
  { channel }: { channel: string },
  { endpoints }: ProxyConfig,
): boolean {
  return endpoints[kind]?.namespaces?.includes(parseChannel(channel).namespace) ?? true;
}
