import { ERRORS, type ProtocolError } from "../shared/codes.ts";
import { hasHistory } from "./contradictions.ts";
import type { ChannelName } from "./names.ts";
import type { ChannelOptions } from "./options.ts";

export {
  decideJoinLeave,
  decidePositioning,
  type JoinLeave,
  type Positioning,
} from "./subscription-features.ts";

/** Who asks, and under which rules. */
export interface Access {
  /** "" is an anonymous user. */
  readonly user: string;
  readonly isSubscribed: boolean;
  readonly options: ChannelOptions;
  /** Permissions are not checked; for tests. */
  readonly insecure: boolean;
}

export interface SubscribeAccess extends Omit<Access, "isSubscribed"> {
  readonly channel: ChannelName;
  readonly hasToken: boolean;
  /** Whether a hook is still to be asked; false too when it was asked and has no opinion. */
  readonly hasHook: boolean;
}

export type SubscribeDecision =
  | { readonly kind: "allow" }
  /** The subscription token decides. */
  | { readonly kind: "token" }
  /** The hook decides. */
  | { readonly kind: "hook" }
  | { readonly kind: "deny"; readonly error: ProtocolError };

const ALLOW: SubscribeDecision = { kind: "allow" };
const DENY: SubscribeDecision = { kind: "deny", error: ERRORS.permissionDenied };

/** Who decides about a subscription, and the decision where the options make it. */
export function maySubscribe(access: SubscribeAccess): SubscribeDecision {
  const { channel, user, options, hasToken, hasHook, insecure } = access;
  if (hasToken) return { kind: "token" };
  if (channel.isPrivate) return DENY;
  if (options.allow_user_limited_channels && channel.users !== undefined) {
    return channel.users.includes(user) ? ALLOW : DENY;
  }
  if (hasHook) return { kind: "hook" };
  return isAllowedForClient("subscribe", user, options) || insecure ? ALLOW : DENY;
}

/** Undefined: the publication is allowed, as far as the options say. A hook is asked before. */
export function mayPublish(access: Access): ProtocolError | undefined {
  return permission("publish", access);
}

/** Undefined: presence and presence_stats are allowed. */
export function mayReadPresence(access: Access): ProtocolError | undefined {
  return access.options.presence ? permission("presence", access) : ERRORS.notAvailable;
}

/** Undefined: history is allowed. */
export function mayReadHistory(access: Access): ProtocolError | undefined {
  return hasHistory(access.options) ? permission("history", access) : ERRORS.notAvailable;
}

type Action = "subscribe" | "publish" | "presence" | "history";

function permission(action: Exclude<Action, "subscribe">, access: Access): ProtocolError | undefined {
  const { user, isSubscribed, options, insecure } = access;
  const isAllowed =
    isAllowedForClient(action, user, options) ||
    (options[`allow_${action}_for_subscriber`] && isSubscribed) ||
    insecure;
  return isAllowed ? undefined : ERRORS.permissionDenied;
}

function isAllowedForClient(action: Action, user: string, options: ChannelOptions): boolean {
  return options[`allow_${action}_for_client`] && (user !== "" || options[`allow_${action}_for_anonymous`]);
}
