/** What an operator can do: what is asked before, what is sent, and what is said of the result. */

import { BLOCK_LIMITS } from "../../shared/limits.ts";
import { findJsonProblem } from "../json-text.ts";
import { USER_COMMANDS_OFF } from "./failure-words.ts";

const DAY_MS = 86_400_000;

/** Methods of the server API. */
export type ActionName = "publish" | "disconnect" | "unsubscribe" | "block_user" | "unblock_user";

export interface ActionField {
  readonly name: string;
  readonly label: string;
  readonly kind: "text" | "json" | "time";
  /** What an empty field means; without it, it must be filled in. */
  readonly ifEmpty?: string;
}

export type Values = Readonly<Record<string, string>>;

export interface Action {
  readonly title: string;
  /** What it does, in words that say whom it hits. */
  readonly warning: string;
  readonly confirm: string;
  readonly fields: readonly ActionField[];
  /** What is off where the gateway says that it is not available. */
  readonly off?: string;
  /** What is said when it is done. */
  done(result: Record<string, unknown>): string;
}

const USER: ActionField = { name: "user", label: "User id", kind: "text" };
const CLIENT: ActionField = {
  name: "client",
  label: "Client id",
  kind: "text",
  ifEmpty: "all connections of the user",
};

export const ACTIONS: Readonly<Record<ActionName, Action>> = {
  publish: {
    title: "Publish to a channel",
    warning: "Everybody who is subscribed gets it, and the history keeps it where there is one.",
    confirm: "Publish",
    fields: [
      { name: "channel", label: "Channel", kind: "text" },
      { name: "data", label: "Data (JSON)", kind: "json" },
    ],
    done: ({ offset }) =>
      offset === undefined ? "Published." : `Published as number ${String(offset)} of its stream.`,
  },
  disconnect: {
    title: "Disconnect a user",
    warning:
      "The connections are closed, and the SDK does not connect again by itself. Nothing keeps the user from connecting anew.",
    confirm: "Disconnect",
    fields: [USER, CLIENT],
    off: USER_COMMANDS_OFF,
    done: () => "Disconnected.",
  },
  unsubscribe: {
    title: "Unsubscribe a user",
    warning: "The subscriptions end. Nothing keeps the user from subscribing again.",
    confirm: "Unsubscribe",
    fields: [USER, { name: "channel", label: "Channel", kind: "text", ifEmpty: "all channels" }, CLIENT],
    off: USER_COMMANDS_OFF,
    done: () => "Unsubscribed.",
  },
  block_user: {
    title: "Block a user",
    warning: "The connections of the user are closed, and no new one is let in until then.",
    confirm: "Block",
    fields: [
      USER,
      { name: "until", label: "Until", kind: "time" },
      { name: "reason", label: "Reason that its clients are told", kind: "text", ifEmpty: "blocked" },
    ],
    off: USER_COMMANDS_OFF,
    done: () => "Blocked.",
  },
  unblock_user: {
    title: "Unblock a user",
    warning: "The user may connect again.",
    confirm: "Unblock",
    fields: [USER],
    off: USER_COMMANDS_OFF,
    done: () => "Unblocked.",
  },
};

/** What is wrong with a value; undefined when nothing is. `now` is in milliseconds. */
export function findProblem(
  { label, kind, ifEmpty }: ActionField,
  value: string,
  now: number,
): string | undefined {
  if (value === "") return ifEmpty === undefined ? `${label} is missing.` : undefined;
  if (kind === "json") return findJsonProblem(value);
  return kind === "time" ? findTimeProblem(label, Date.parse(value), now) : undefined;
}

function findTimeProblem(label: string, time: number, now: number): string | undefined {
  if (Number.isNaN(time)) return `${label} is no time.`;
  if (time <= now) return `${label} is over already.`;
  const days = BLOCK_LIMITS.longest / DAY_MS;
  return time - now > BLOCK_LIMITS.longest ? `${label} is more than ${days} days from now.` : undefined;
}

/** The parameters, as JSON text: numbers in data keep the digits that were typed. */
export function paramsOf({ fields }: Action, values: Values): string {
  const members = fields.flatMap(({ name, kind }) => {
    const value = values[name] ?? "";
    return value === "" ? [] : [`${JSON.stringify(name)}:${encodeValue(kind, value)}`];
  });
  return `{${members.join(",")}}`;
}

/** A time is sent in Unix seconds; one that is typed is local. */
function encodeValue(kind: ActionField["kind"], value: string): string {
  if (kind === "json") return value;
  return kind === "time" ? String(Math.floor(Date.parse(value) / 1_000)) : JSON.stringify(value);
}

/** A time as a field of the kind `datetime-local` has it: `2026-11-29T04:20`. */
export function toFieldTime(time: Date): string {
  const local = new Date(time.getTime() - time.getTimezoneOffset() * 60_000);
  return local.toISOString().slice(0, 16);
}
