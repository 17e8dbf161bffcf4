import { afterPublishes, inOrder, watch } from "../../operations/channel-order.ts";
import type { OperationRequest } from "../../operations/operation.ts";
import { type HubOfPublish, publish } from "../../operations/publish.ts";
import { type HubOfHistory, type HubOfPresenceRead, history, presence } from "../../operations/reads.ts";
import {
  type HubOfRefresh,
  type HubOfSubRefresh,
  refresh,
  refreshSubscription,
} from "../../operations/refresh.ts";
import { call, type HubOfRpc, message } from "../../operations/rpc.ts";
import { type HubOfSubscribe, subscribe } from "../../operations/subscribe.ts";
import { type HubOfUnsubscribe, unsubscribe } from "../../operations/unsubscribe.ts";
import type { Command, Reply } from "../../protocol/messages.ts";
import type { Session } from "../../sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../../shared/codes.ts";
import { closeWith, failWith } from "../../shared/refusal.ts";
import type { ClientRequest } from "./client-request.ts";

/** What the commands of connected clients need of the hub. */
export type HubOfCommands = HubOfPublish &
  HubOfSubscribe &
  HubOfUnsubscribe &
  HubOfPresenceRead &
  HubOfHistory &
  HubOfRefresh &
  HubOfSubRefresh &
  HubOfRpc & {
    /** Where open overviews are held: their connections do nothing else. */
    readonly overview: object | undefined;
  };

type CommandByKind = { readonly [Each in Command as Each["kind"]]: Each };
type Kind = keyof CommandByKind;

type ChannelCommand = Extract<Command, { channel: string }>;

type Handler<Each extends Command> = (hub: HubOfCommands, request: ClientRequest<Each>) => void;

/** An operation, as handlers see it. */
type Operation<Each extends Command> = (
  hub: HubOfCommands,
  request: OperationRequest<Each, Reply | undefined>,
) => Promise<void> | undefined;

/** What each kind of command does: one without a handler does not compile. */
const HANDLERS: { readonly [Each in Kind]: Handler<CommandByKind[Each]> } = {
  connect: (_hub, request) => request.answer(closeWith(DISCONNECTS.badRequest)),
  invalid: (_hub, request) => request.answer(failWith(ERRORS.badRequest)),
  pong: (_hub, { session }) => notePong(session),
  send: whenever(message),
  rpc: whenever(call),
  refresh: whenever(refresh),
  publish: (hub, request) => inOrder(hub, request, publish),
  subscribe: noting(
    ({ session, command }) => session.changing.cancelLeaving(command.channel),
    onChannel(subscribe),
  ),
  // The subscription does not count against the limit while this waits.
  unsubscribe: noting(
    ({ session, command }) => session.changing.startLeaving(command.channel, command),
    onChannel(unsubscribe),
  ),
  presence: onChannel(presence),
  presence_stats: onChannel(presence),
  history: onChannel(history),
  sub_refresh: onChannel(refreshSubscription),
};

/** What the connection of an open overview may send. */
const FOR_OVERVIEWS: ReadonlySet<Kind> = new Set(["connect", "invalid", "pong", "refresh"]);

/** Carries out a command of a connected client. */
export function carryOut<Each extends Kind>(
  hub: HubOfCommands,
  kind: Each,
  request: ClientRequest<CommandByKind[Each]>,
): void {
  if (hub.overview !== undefined && !FOR_OVERVIEWS.has(kind))
    request.answer(failWith(ERRORS.permissionDenied));
  else HANDLERS[kind](hub, request);
}

/** Runs beside everything else. */
function whenever<Each extends Command>(operation: Operation<Each>): Handler<Each> {
  return (hub, request) => {
    const running = operation(hub, request);
    if (running) void watch(request.session, request, running);
  };
}

/** Notes something at once, also where the command has to wait. */
function noting<Each extends Command>(
  note: (request: ClientRequest<Each>) => void,
  handler: Handler<Each>,
): Handler<Each> {
  return (hub, request) => {
    note(request);
    handler(hub, request);
  };
}

/** Runs after what came before it on its channel. */
function onChannel<Each extends ChannelCommand>(operation: Operation<Each>): Handler<Each> {
  const unlessGone = (hub: HubOfCommands, request: ClientRequest<Each>) =>
    request.session.isClosed ? undefined : operation(hub, request);
  const finallyRun = (hub: HubOfCommands, request: ClientRequest<Each>) =>
    afterPublishes(hub, request, unlessGone);
  return (hub, request) => inOrder(hub, request, finallyRun);
}

/**
 * Most pongs never get here: the runtime answers a frame that is nothing else without waking the object, and knows when.
 * One that is written in another way must be remembered over sleep all the same.
 */
function notePong(session: Session): void {
  session.state.connectedAt ??= session.state.since;
  session.state.since = session.lastFrame;
  session.change();
}
