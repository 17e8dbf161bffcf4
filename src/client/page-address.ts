/** The address of the page, which says what it shows: a reload or a link brings that back. Tokens are never in it. */

import { readRoomUrl, roomUrl } from "./room-url.ts";

/** What a link can say. Undefined for what it leaves open. */
export interface PageState {
  /** The WebSocket URL of the view of sockets. */
  readonly url: string | undefined;
  /** Subprotocols, with commas between them. */
  readonly subprotocol: string;
  readonly channels: readonly string[] | undefined;
  /** The hub that is picked in the overview. */
  readonly hub: string | undefined;
  /** What the channels of the overview are searched for. */
  readonly search: string;
}

/** A link subscribes to no more than so many channels. */
export const LINKED_CHANNELS = 16;

const NAME_CHARACTERS = 255;
/** The names of hubs hold names of channels. */
const HUB_CHARACTERS = 300;
const USUAL_NAME = "lobby";

/**
 * @param base the gateway of the page.
 * @param query such as `?kind=echo&room=lobby&channel=public:a&channel=public:b`.
 */
export function readPageAddress(base: string, query: string): PageState {
  const values = new URLSearchParams(query);
  const kind = values.get("kind");
  const room = values.get("room") ?? "";
  const channels = [...new Set(values.getAll("channel"))].slice(0, LINKED_CHANNELS);
  return {
    url: kind === null ? (values.get("url") ?? undefined) : roomUrl(base, { kind, room }),
    subprotocol: values.get("subprotocol") ?? "",
    channels: values.has("channel")
      ? channels.filter((name) => name !== "" && name.length <= NAME_CHARACTERS)
      : undefined,
    hub: values.get("hub")?.slice(0, HUB_CHARACTERS) || undefined,
    search: values.get("search")?.slice(0, NAME_CHARACTERS) ?? "",
  };
}

/** The channels that are shown without a link: one of the first namespace. */
export function usualChannels(namespaces: readonly string[]): string[] {
  return namespaces.slice(0, 1).map((name) => (name === "" ? USUAL_NAME : `${name}:${USUAL_NAME}`));
}

/** The query of the page's address, with what the view of sockets is connected to. `/ws` needs no words. */
export function withSocket(base: string, query: string, url: string, subprotocol: string): string {
  const values = new URLSearchParams(query);
  for (const name of ["kind", "room", "url", "subprotocol"]) values.delete(name);
  const choice = readRoomUrl(base, url);
  if (choice === undefined) values.set("url", url);
  else if (choice.room !== "") {
    values.set("kind", choice.kind);
    values.set("room", choice.room);
  }
  if (subprotocol !== "") values.set("subprotocol", subprotocol);
  return write(values);
}

/**
 * The query of the page's address, with the channels that have panels. An empty one says that there are none; those that
 * are there without a link need no words.
 */
export function withChannels(query: string, channels: readonly string[], usual: readonly string[]): string {
  const values = new URLSearchParams(query);
  values.delete("channel");
  if (channels.join("\n") === usual.join("\n")) return write(values);
  const linked = channels.length === 0 ? [""] : channels.slice(0, LINKED_CHANNELS);
  for (const channel of linked) values.append("channel", channel);
  return write(values);
}

/** The query of the page's address, with what is picked or searched for in the overview. What is left out stays. */
export function withOverview(query: string, shown: Partial<Pick<PageState, "hub" | "search">>): string {
  const values = new URLSearchParams(query);
  for (const [name, value] of Object.entries(shown)) {
    if (value === undefined || value === "") values.delete(name);
    else values.set(name, value);
  }
  return write(values);
}

/** A colon needs no escape in a query, and channels have one. */
function write(values: URLSearchParams): string {
  const query = values.toString().replaceAll("%3A", ":");
  return query === "" ? "" : `?${query}`;
}
