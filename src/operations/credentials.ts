import type { TokenVerifier } from "../auth/tokens.ts";
import type { ConnectContext, ConnectGrant, SubscriptionGrant } from "../channels/hooks.ts";
import type { ResolvedConfig } from "../config/config.ts";
import type { ConnectCommand } from "../protocol/messages.ts";
import type { ClientFaults } from "../sessions/client-faults.ts";
import type { Session } from "../sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { closeWith, failWith } from "../shared/refusal.ts";
import { traceparentOf } from "../shared/trace-context.ts";
import { askAbout, type HubOfHooks, payloadOf, transportOf } from "./hook.ts";
import { type Granted, granted } from "./operation.ts";
import type { Renewals } from "./renewals.ts";

/** What finding out who a client is needs of the hub. */
export type HubOfCredentials = HubOfHooks & {
  readonly config: ResolvedConfig;
  readonly tokens: Pick<TokenVerifier, "connection">;
  readonly renewals: Pick<Renewals, "renewsConnections">;
  readonly faults: Pick<ClientFaults, "noteUnproven">;
};

/** Who a client is, and what it is granted. */
export interface Credentials {
  readonly user: string;
  readonly info: unknown;
  readonly meta: unknown;
  /** For the reply. */
  readonly data: unknown;
  /** Unix seconds; undefined for never. */
  readonly expireAt: number | undefined;
  /** Whether the client is to refresh its token by itself. */
  readonly hasToken: boolean;
  /** Server-side subscriptions by channel. */
  readonly subs: Readonly<Record<string, SubscriptionGrant>>;
}

/** The token decides, or else the hook, or else whether anybody may connect. */
export async function identify(
  hub: HubOfCredentials,
  session: Session,
  command: ConnectCommand,
): Promise<Granted<Credentials>> {
  if (command.token !== "") return identifyByToken(hub, session, command.token);
  const { hooks, connection } = hub.config;
  if (hooks.connect) {
    const context = contextOf(session, command);
    const asked = await askAbout<ConnectGrant>(hub, session, {
      hook: "connect",
      ask: () => hooks.connect?.(context),
      isUsable: ({ user }) => typeof user === "string",
    });
    if (asked.kind !== "granted") return asked;
    if (asked.grant) return granted(credentialsOf(asked.grant));
  }
  if (connection.allowAnonymous || connection.insecure) return granted(credentialsOf({ user: "" }));
  const why = hooks.connect ? "no credentials from the hook" : "connection.allowAnonymous is off";
  hub.faults.noteUnproven("connect_refused", DISCONNECTS.badRequest, session, `no token, and ${why}`);
  return closeWith(DISCONNECTS.badRequest);
}

async function identifyByToken(
  hub: HubOfCredentials,
  session: Session,
  token: string,
): Promise<Granted<Credentials>> {
  const verified = await hub.tokens.connection(token);
  switch (verified.kind) {
    case "valid": {
      const { claims } = verified;
      const hasToken = !hub.renewals.renewsConnections;
      return granted({ ...claims, data: undefined, hasToken, subs: claims.channels });
    }
    case "expired":
      return failWith(ERRORS.tokenExpired);
    case "unavailable":
      hub.faults.noteUnproven("token_unverified", ERRORS.internal, session, verified.why);
      return failWith(ERRORS.internal);
    case "invalid":
      hub.faults.noteUnproven("token_refused", DISCONNECTS.invalidToken, session, verified.why);
      return closeWith(DISCONNECTS.invalidToken);
  }
}

function contextOf({ state }: Session, { data, name, version, subs }: ConnectCommand): ConnectContext {
  const { client, encoding, headers, trace } = state;
  const channels = [...subs.keys()];
  return {
    client,
    transport: transportOf(state),
    protocol: encoding,
    ...payloadOf(data),
    name,
    version,
    ...(channels.length > 0 && { channels }),
    ...(headers && { headers }),
    ...(trace && { traceparent: traceparentOf(trace) }),
  };
}

function credentialsOf({ user, info, meta, data, expireAt, subs = {} }: ConnectGrant): Credentials {
  return { user, info, meta, data, expireAt, subs, hasToken: false };
}
