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
  HubOfRpc;

type CommandByKind = { readonly [Each in Command as Each["kind"]]: Each };
type Kind = keyof CommandByKind;

type Handler<Each extends Command> = (hub: HubOfCommands, request: ClientRequest<Each>) => void;

/** An operation, as far as handlers know: the promise ends when it has been answered. */
type Operation<Each extends Command> = (
  hub: HubOfCommands,
  request: OperationRequest<Each, Reply | undefined>,
) => Promise<void> | undefined;

/** What each kind of command does: one without a handler does not compile. */
const HANDLERS: { readonly [Each in Kind]: Handler<CommandByKind[Each]> } = {
  connect: (_hub, request) => request.answer(closeWith(DISCONNECTS.badRequest)),
  excessive: (_hub, request) => request.answer(failWith(ERRORS.badRequest)),
  pong: (_hub, { session }) => notePong(session),
  send: whenever(message),
  rpc: whenever(call),
  refresh: whenever(refresh),
  publish: (hub, request) => inOrder(request, () => publish(hub, request)),
  subscribe: (hub, request) => {
    const { session, command } = request;
    session.cancelLeaving(command.channel);
    runOnChannel(hub, request, subscribe);
  },
  unsubscribe: (hub, request) => {
    const { session, command } = request;
    // It does not count against the limit while the unsubscribe has to wait.
    session.startLeaving(command.channel, command);
    runOnChannel(hub, request, unsubscribe);
  },
  presence: onChannel(presence),
  presence_stats: onChannel(presence),
  history: onChannel(history),
  sub_refresh: onChannel(refreshSubscription),
};

/** Carries out a command of a connected client. */
export function carryOut<Each extends Kind>(
  hub: HubOfCommands,
  kind: Each,
  request: ClientRequest<CommandByKind[Each]>,
): void {
  HANDLERS[kind](hub, request);
}

/** Runs beside everything else. */
function whenever<Each extends Command>(operation: Operation<Each>): Handler<Each> {
  return (hub, request) => {
    const running = operation(hub, request);
    if (running) void watch(request.session, request, running);
  };
}

/** Runs after what came before it on its channel. */
function onChannel<Each extends Command & { readonly channel: string }>(
  operation: Operation<Each>,
): Handler<Each> {
  return (hub, request) => runOnChannel(hub, request, operation);
}

function runOnChannel<Each extends Command & { readonly channel: string }>(
  hub: HubOfCommands,
  request: ClientRequest<Each>,
  operation: Operation<Each>,
): void {
  inOrder(request, () =>
    // Where it has waited, its client may have gone.
    afterPublishes(request, () => (request.session.isClosed ? undefined : operation(hub, request))),
  );
}

/**
 * Most pongs never get here: the runtime answers a frame that is nothing else without waking the object, and knows when.
 * One that is written in another way must be remembered over sleep all the same.
 */
function notePong(session: Session): void {
  session.state.since = session.lastFrame;
  session.change();
}
