import type { HomeCommand } from "../../durable-objects/hub/management-calls.ts";
import { userHome } from "../channels/control.ts";
import { ERRORS } from "../codes.ts";
import { API_LIMITS } from "../limits.ts";
import { isFields } from "../protocol/fields.ts";
import type { Json } from "../protocol/messages.ts";
import { type Answer, encodeAnswer, failed } from "./errors.ts";
import type { HomeCalls } from "./home-calls.ts";
import type { Access } from "./keys.ts";
import { homeOf, publishTo } from "./publishing.ts";
import type { ApiResult } from "./results.ts";
import { type ApiMethod, isApiMethod, type ReadRequest, readRequest } from "./schemas.ts";
import { type UserMethod, userCommandOf } from "./user-commands.ts";

/** Where `channels` and `info` are looked up. Undefined: there is no directory. */
export interface Directory {
  channels(pattern: string): Promise<ApiResult<"channels"> | undefined>;
  info(): Promise<ApiResult<"info"> | undefined>;
}

/** What one request has to do with. */
export interface ApiTools {
  readonly access: Access;
  readonly homes: HomeCalls;
  readonly directory: Directory;
}

type Handler<Method extends ApiMethod> = (
  commands: ApiCommands,
  request: ReadRequest<Method>,
) => Promise<Answer>;

const HANDLERS: { readonly [Method in ApiMethod]: Handler<Method> } = {
  publish: async (commands, request) =>
    (await commands.publish("publish", [request.channel], request))[0] ?? failed(ERRORS.internal),
  broadcast: async (commands, request) => {
    const responses = await commands.publish("broadcast", request.channels, request);
    return { result: `{"responses":[${responses.map(encodeAnswer).join(",")}]}` };
  },
  subscribe: onUser("subscribe"),
  unsubscribe: onUser("unsubscribe"),
  disconnect: onUser("disconnect"),
  refresh: onUser("refresh"),
  presence: onChannel("presence"),
  presence_stats: onChannel("presence_stats"),
  history_remove: onChannel("history_remove"),
  history: (commands, { channel, limit, since, reverse }) =>
    commands.ask(homeOf(channel), {
      kind: "history",
      ...{ channel, limit, reverse },
      since: since ?? undefined,
    }),
  channels: async ({ tools }, { pattern }) => lookedUp(await tools.directory.channels(pattern)),
  info: async ({ tools }) => lookedUp(await tools.directory.info()),
  batch: async (commands, request) => {
    const replies = await Promise.all(request.commands.map((command) => commands.runBatched(command)));
    return { result: `{"replies":[${replies.join(",")}]}` };
  },
};

/** Methods that ask for each of their channels or commands whether the caller may. */
const CONTAINERS: readonly ApiMethod[] = ["publish", "broadcast", "batch"];

/**
 * The commands of one request. Each asks its homes before it waits for anything, so that all can be run first and their
 * questions be sent together.
 */
export class ApiCommands {
  readonly tools: ApiTools;
  #publications = 0;

  constructor(tools: ApiTools) {
    this.tools = tools;
  }

  /** Runs one command, if it exists and the caller may. */
  async run(method: string, params: unknown): Promise<Answer> {
    return isApiMethod(method) ? this.#run(method, params) : failed(ERRORS.methodNotFound);
  }

  /** Runs `{"<method>":{…}}`. Returns the reply as JSON text: `{"<method>":<result>}` or `{"error":…}`. */
  async runBatched(command: unknown): Promise<Json> {
    const [entry, ...others] = isFields(command) ? Object.entries(command) : [];
    if (entry === undefined || others.length > 0) return encodeAnswer(failed(ERRORS.badRequest));
    const [method, params] = entry;
    const answer = method === "batch" ? failed(ERRORS.methodNotFound) : await this.run(method, params);
    return "error" in answer ? encodeAnswer(answer) : `{${JSON.stringify(method)}:${answer.result}}`;
  }

  /** Asks one home for one answer. */
  async ask(home: string, command: HomeCommand): Promise<Answer> {
    const [answer] = await this.tools.homes.ask(home, command);
    return answer ?? failed(ERRORS.internal);
  }

  /** Publishes to channels, for a method. */
  publish(
    method: ApiMethod,
    channels: readonly string[],
    request: ReadRequest<"publish"> | ReadRequest<"broadcast">,
  ): Promise<readonly Answer[]> {
    return publishTo(this.tools.homes, channels, request, (channel) => {
      if (!this.tools.access.allows(method, channel)) return failed(ERRORS.permissionDenied);
      this.#publications += 1;
      return this.#publications > API_LIMITS.publications ? failed(ERRORS.badRequest) : undefined;
    });
  }

  async #run<Method extends ApiMethod>(method: Method, params: unknown): Promise<Answer> {
    const request = readRequest(method, params ?? {});
    if (request === undefined) return failed(ERRORS.badRequest);
    const isAllowed = CONTAINERS.includes(method) || this.tools.access.allows(method, channelOf(request));
    return isAllowed ? HANDLERS[method](this, request) : failed(ERRORS.permissionDenied);
  }
}

function onUser<Method extends UserMethod>(method: Method): Handler<Method> {
  return (commands, request) =>
    commands.ask(userHome(request.user), { kind: "user", command: userCommandOf(method, request) });
}

function onChannel(kind: "presence" | "presence_stats" | "history_remove"): Handler<typeof kind> {
  return (commands, { channel }) => commands.ask(homeOf(channel), { kind, channel });
}

/** The one channel that a command is about, if it is about one. */
function channelOf(request: object): string | undefined {
  return "channel" in request && request.channel !== "" ? String(request.channel) : undefined;
}

function lookedUp(found: object | undefined): Answer {
  return found === undefined ? failed(ERRORS.notAvailable) : { result: JSON.stringify(found) };
}
