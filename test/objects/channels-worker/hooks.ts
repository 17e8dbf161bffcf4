import type { Hooks } from "../../../src/channels/hooks.ts";

interface Wish {
  readonly nick?: string;
  readonly close?: { readonly code: number; readonly reason: string };
}

let lastMessage: unknown;

/** Hooks that do what a client asks, and have no opinion on anything else. */
export function createHooks(countLives: () => number): Hooks {
  return {
    connect({ data }) {
      const { nick, close } = wishOf(data);
      if (close) return { disconnect: close };
      if (nick === undefined) return undefined;
      return { user: nick, info: { nick }, data: { hello: nick } };
    },

    subscribe({ channel, data }) {
      if (!channel.startsWith("asked:")) return undefined;
      if (data !== "please") throw { error: { code: 403, message: "say please" } };
      return { data: "welcome", info: { polite: true } };
    },

    publish({ channel, user, data }) {
      if (!channel.startsWith("asked:")) return undefined;
      return { data: { from: user, text: String(data).toUpperCase() }, tags: { kind: "shout" } };
    },

    async rpc({ method, user, data }) {
      const { close } = wishOf(data);
      switch (method) {
        case "whoami":
          return { data: { user } };
        case "lives":
          return { data: countLives() };
        case "last message":
          return { data: lastMessage };
        case "fail":
          throw { error: { code: 1_000, message: "not today" } };
        default:
          return close && { disconnect: close };
      }
    },

    message({ data }) {
      lastMessage = data;
      const { close } = wishOf(data);
      return close && { disconnect: close };
    },
  };
}

function wishOf(data: unknown): Wish {
  return typeof data === "object" && data !== null ? data : {};
}
