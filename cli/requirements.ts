/** What a Worker needs so that the gateway runs in it: `init` writes it, and `doctor` looks for it. */

/** The date that the gateway is tested with. An older one may lack what it uses. */
export const COMPATIBILITY_DATE = "2026-10-23";

/** Flags, and what goes on without them. One that is not needed is a choice. */
export const FLAGS = [
  {
    flag: "enable_request_signal",
    isNeeded: true,
    without: "a request whose client has gone is not given up",
  },
  {
    flag: "request_signal_passthrough",
    isNeeded: true,
    without: "objects do not give up a request whose client has gone",
  },
  {
    flag: "no_web_socket_compression",
    isNeeded: false,
    without: "connections are compressed, which costs memory and time",
  },
] as const;

/** The classes of Durable Objects, by the name of their binding. */
export const OBJECTS = { ROOM: "Room", HUB: "Hub", DIRECTORY: "Directory" } as const;

export type ObjectBinding = keyof typeof OBJECTS;

/** Entrypoints that a Worker exports beside the objects, and what needs them. */
export const ENTRYPOINTS = {
  Api: "other Workers call the server API through it",
  Outgoing: "requests to a backend go through it, so that slow answers hold up nobody else",
} as const;

/** Bindings that count, what each of them bounds, and how. `namespaceId` is a number that no other limit has. */
export const RATE_LIMITS = [
  {
    name: "CONNECT_RATE",
    namespaceId: 1001,
    limit: 1000,
    period: 60,
    bounds: "connections from one address",
  },
  {
    name: "API_RATE",
    namespaceId: 1002,
    limit: 60_000,
    period: 60,
    bounds: "requests to the API with one key",
  },
] as const;
