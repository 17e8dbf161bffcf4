import { userHome } from "../channels/control.ts";
import { homeOf } from "../channels/placement.ts";
import type { HomeCommand } from "../hub-rpc/management.ts";
import type { OverviewStub } from "../overview/stub.ts";
import { objectName } from "../rooms/name.ts";
import { ERRORS } from "../shared/codes.ts";
import { API_LIMITS } from "../shared/limits.ts";
import type { Access } from "./access.ts";
import { blockOf } from "./block.ts";
import { type Answer, badRequest, encodeAnswer, failed, isOff, type Outcome } from "./errors.ts";
import { FailureLog } from "./failure-log.ts";
import type { HomeCalls } from "./home-calls.ts";
import type { ApiMethod, ApiResult } from "./method-types.ts";
import { type HashUser, logAction } from "./operator-log.ts";
import { stepsOf } from "./order.ts";
import { publishTo } from "./publishing.ts";
import { type ApiCommand, readBatched } from "./requests.ts";
import type { RoomCalls } from "./rooms.ts";
import { isApiMethod, type ReadRequest, readRequest } from "./schemas.ts";
import { type UserMethod, userCommandOf } from "./user-commands.ts";

/** Where channels and hubs are looked up. */
export interface Directory extends Pick<OverviewStub, "overview" | "largestChannels"> {
  channels(pattern: string): Promise<ApiResult<"channels">>;
  info(): Promise<ApiResult<"info">>;
}

/** What the commands of one request work with. */
export interface ApiTools {
  readonly access: Access;
  readonly hashUser: HashUser;
  /** The id of the trace that the request belongs to; undefined where a binding calls. */
  readonly trace?: string | undefined;
  readonly homes: HomeCalls;
  readonly rooms: RoomCalls;
  /** Undefined: there is none. */
  readonly directory: Directory | undefined;
}

type Handler<Method extends ApiMethod> = (
  commands: ApiCommands,
  request: ReadRequest<Method>,
) => Promise<Outcome>;

const HANDLERS: { readonly [Method in ApiMethod]: Handler<Method> } = {
  publish: async (commands, request) =>
    (await commands.publish("publish", [request.channel], request))[0] ?? failed(ERRORS.internal),
  broadcast: async (commands, request) => {
    const outcomes = await commands.publish("broadcast", request.channels, request);
    const responses = outcomes.map((outcome) => commands.failures.record("broadcast", outcome));
    return { result: `{"responses":[${responses.map(encodeAnswer).join(",")}]}` };
  },
  subscribe: onUser("subscribe"),
  unsubscribe: onUser("unsubscribe"),
  disconnect: onUser("disconnect"),
  refresh: onUser("refresh"),
  block_user: async (commands, request) => {
    const block = blockOf(request, Date.now());
    return "why" in block
      ? badRequest(block.why)
      : unlessOff(SWITCHES.users, commands.ask(userHome(request.user), block));
  },
  unblock_user: (commands, { user }) =>
    unlessOff(SWITCHES.users, commands.ask(userHome(user), { kind: "unblock_user", user })),
  presence: onChannel("presence"),
  presence_stats: onChannel("presence_stats"),
  history_remove: onChannel("history_remove"),
  history: (commands, { channel, limit, since, reverse }) => {
    const command = { kind: "history", channel, limit, reverse, since: since ?? undefined } as const;
    return unlessOff(SWITCHES.history, commands.ask(homeOf(channel), command));
  },
  channels: async ({ tools }, { pattern }) => lookedUp(await tools.directory?.channels(pattern)),
  info: async ({ tools }) => lookedUp(await tools.directory?.info()),
  overview: async ({ tools }) => lookedUp(await tools.directory?.overview()),
  overview_channels: async ({ tools }, request) => lookedUp(await tools.directory?.largestChannels(request)),
  user_connections: (commands, { user }) =>
    unlessOff("connection.userCommands", commands.ask(userHome(user), { kind: "user_connections", user })),
  room_publish: ({ tools }, request) => tools.rooms.publish(request),
  room_sockets: ({ tools }, request) => tools.rooms.sockets(request),
  room_close: ({ tools }, request) => tools.rooms.close(request),
  room_call: ({ tools }, request) => tools.rooms.call(request),
  batch: async (commands, request) => {
    const batched = request.commands.map(readBatched);
    const answers = await (request.parallel ? commands.runTogether(batched) : commands.runInOrder(batched));
    const replies = answers.map((answer, index) =>
      "error" in answer
        ? encodeAnswer(answer)
        : `{${JSON.stringify(batched[index]?.method)}:${answer.result}}`,
    );
    return { result: `{"replies":[${replies.join(",")}]}` };
  },
};

/** The options that must be on for each of these methods. */
const SWITCHES = {
  users: "connection.userCommands",
  presence: "presence",
  presence_stats: "presence",
  history: "history_size or history_ttl",
  history_remove: "history_size or history_ttl",
} as const;

const TOO_LATE: Outcome = {
  ...failed(ERRORS.tooManyRequests),
  why: `not begun within ${API_LIMITS.requestTime} ms`,
};

/** Methods that check the caller's permission themselves, for each of their channels or commands. */
const CONTAINERS: readonly ApiMethod[] = ["publish", "broadcast", "batch"];

/** The commands of one request. An `undefined` command is one that could not be read. */
export class ApiCommands {
  readonly tools: ApiTools;
  readonly failures: FailureLog;
  readonly #startedAt = Date.now();
  #commands = 0;
  #publications = 0;

  constructor(tools: ApiTools) {
    this.tools = tools;
    this.failures = new FailureLog(tools.access.name, tools.trace);
  }

  /** Runs one command, if its method exists and the caller may call it. */
  async run(method: string, params: unknown): Promise<Answer> {
    const [answer] = await this.runTogether([{ method, params }]);
    return answer ?? failed(ERRORS.internal);
  }

  /** Runs commands in order, so that each sees what those before it have done. Answers in the same order. */
  async runInOrder(commands: readonly (ApiCommand | undefined)[]): Promise<readonly Answer[]> {
    const answers: Answer[] = [];
    for (const step of stepsOf(commands)) answers.push(...(await this.runTogether(step)));
    return answers;
  }

  /** Runs commands at the same time. Each asks its homes before it waits for anything, so each home is called once. */
  runTogether(commands: readonly (ApiCommand | undefined)[]): Promise<readonly Answer[]> {
    const running = commands.map((command) => this.#runOne(command));
    this.tools.homes.send();
    return Promise.all(running);
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
  ): Promise<readonly Outcome[]> {
    return publishTo(this.tools.homes, channels, request, (channel) => {
      if (!this.tools.access.allows(method, channel)) return failed(ERRORS.permissionDenied);
      this.#publications += 1;
      const isTooMany = this.#publications > API_LIMITS.publications;
      return isTooMany ? badRequest(`expected at most ${API_LIMITS.publications} publications`) : undefined;
    });
  }

  async #runOne(command: ApiCommand | undefined): Promise<Answer> {
    if (command === undefined)
      return this.failures.record("batch", badRequest("commands: expected one method in each"));
    const { method, params } = command;
    if (!isApiMethod(method)) return this.failures.record(undefined, failed(ERRORS.methodNotFound));
    return this.failures.record(method, this.#isLate ? TOO_LATE : await this.#run(method, params));
  }

  /** Whether earlier commands have taken so long that no further one may begin. */
  get #isLate(): boolean {
    return Date.now() - this.#startedAt > API_LIMITS.requestTime;
  }

  async #run<Method extends ApiMethod>(method: Method, params: unknown): Promise<Outcome> {
    if (method !== "batch") this.#commands += 1;
    if (this.#commands > API_LIMITS.batchCommands)
      return badRequest(`expected at most ${API_LIMITS.batchCommands} commands in all`);
    const read = readRequest(method, params ?? {});
    if ("why" in read) return badRequest(read.why);
    const { request } = read;
    if (!this.#mayRun(method, request)) return failed(ERRORS.permissionDenied);
    const outcome = await HANDLERS[method](this, request);
    if (this.tools.access.isOperating(method)) await logAction(this.tools, method, request, outcome);
    return outcome;
  }

  #mayRun(method: ApiMethod, request: object): boolean {
    const { access } = this.tools;
    const room = roomOf(request);
    if (room !== undefined) return access.allowsRoom(method, room);
    return CONTAINERS.includes(method) || access.allows(method, channelOf(request));
  }
}

function onUser<Method extends UserMethod>(method: Method): Handler<Method> {
  return (commands, request) => {
    const command = { kind: "user", command: userCommandOf(method, request) } as const;
    return unlessOff(SWITCHES.users, commands.ask(userHome(request.user), command));
  };
}

function onChannel(kind: "presence" | "presence_stats" | "history_remove"): Handler<typeof kind> {
  return (commands, { channel }) =>
    unlessOff(SWITCHES[kind], commands.ask(homeOf(channel), { kind, channel }));
}

/** The room of a command that is about one. */
function roomOf(request: object): string | undefined {
  return "room" in request && "kind" in request
    ? objectName(String(request.kind), String(request.room))
    : undefined;
}

/** The channel of a command that is about a single one. */
function channelOf(request: object): string | undefined {
  return "channel" in request && request.channel !== "" ? String(request.channel) : undefined;
}

function lookedUp(found: object | undefined): Outcome {
  return found === undefined ? isOff("operations.directory") : { result: JSON.stringify(found) };
}

/** The answer of a home. "Not available" names the option that has to be switched on. */
async function unlessOff(option: string, asked: Promise<Answer>): Promise<Outcome> {
  const answer = await asked;
  return "error" in answer && answer.error.code === ERRORS.notAvailable.code ? isOff(option) : answer;
}
