import { hash } from "../shared/hash.ts";
import { API_LIMITS } from "../shared/limits.ts";
import { DEFAULT_OPTIONS } from "./option-schema.ts";
import type { ChannelOptions } from "./options.ts";

/** The prefix of control channels. No client may subscribe to, publish to or read such a channel. */
const PREFIX = "\0users/";
const CONTROL_CHANNEL = /^\0users\/\d+$/;

/** Control channels keep nothing: a command reaches who is connected now. */
export const CONTROL_OPTIONS: ChannelOptions = DEFAULT_OPTIONS;

/** The channel that carries commands on a user to every hub that holds one of that user's connections. */
export function controlChannel(user: string): string {
  return `${PREFIX}${hash(user) % API_LIMITS.userShards}`;
}

/** The hub that takes commands on a user. It never has the name of a channel's home or of an edge hub. */
export function userHome(user: string): string {
  return controlChannel(user).slice(1);
}

/** The home of a control channel, or undefined for every other channel. */
export function controlHome(channel: string): string | undefined {
  return CONTROL_CHANNEL.test(channel) ? channel.slice(1) : undefined;
}
