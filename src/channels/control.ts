import { hash } from "../shared/hash.ts";
import { API_LIMITS } from "../shared/limits.ts";
import { DEFAULT_OPTIONS } from "./option-schema.ts";
import type { ChannelOptions } from "./options.ts";

/** Begins the name of a control channel. No client may subscribe to, publish to or look at a channel that begins so. */
const PREFIX = "\0users/";
const CONTROL_CHANNEL = /^\0users\/\d+$/;

/** Control channels keep nothing: a command reaches who is connected now. */
export const CONTROL_OPTIONS: ChannelOptions = DEFAULT_OPTIONS;

/** The channel that carries commands on a user to every hub that holds one of that user's connections. */
export function controlChannel(user: string): string {
  return `${PREFIX}${hash(user) % API_LIMITS.userShards}`;
}

/** The hub that commands on a user are given to. Its name meets those of homes of channels and of edge hubs never. */
export function userHome(user: string): string {
  return controlChannel(user).slice(1);
}

/** The home of a control channel, or undefined for every other channel. */
export function controlHome(channel: string): string | undefined {
  return CONTROL_CHANNEL.test(channel) ? channel.slice(1) : undefined;
}
