import type { HubCore } from "../../../durable-objects/hub/core.ts";
import { connect } from "../../operations/connect.ts";
import { publish } from "../../operations/publish.ts";
import { history, presence } from "../../operations/reads.ts";
import { refresh, refreshSubscription } from "../../operations/refresh.ts";
import { call, message } from "../../operations/rpc.ts";
import { subscribe, unsubscribe } from "../../operations/subscribe.ts";
import type { Command } from "../../protocol/messages.ts";
import { countWaiting, mayWait, type Waiting } from "../../sessions/pending.ts";
import { withinRate } from "../../sessions/rate.ts";
import type { Session } from "../../sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../../shared/codes.ts";
import { SESSION_LIMITS } from "../../shared/limits.ts";
import { logFailure } from "../../shared/log.ts";
import { lengthOf, type Message } from "../../shared/payload-size.ts";

/** Carries out the commands of one frame, in order. */
export function handleFrame(core: HubCore, session: Session, message: Message): void {
  session.receivedTurn = core.presence.turn;
  const commands = session.codec.decode(message);
  // Nothing may follow a connect that was refused, except in the same frame.
  if (commands === undefined || session.phase === "refused") session.disconnect(DISCONNECTS.badRequest);
  else if (isTooEarly(session, lengthOf(message))) session.disconnect(DISCONNECTS.tooManyRequests);
  else withinRate(core, session, commands, (command) => handleCommand(core, session, command));
}

/** Whoever has not been let in yet may not fill the memory of the hub: what comes with its connect waits too. */
function isTooEarly(session: Session, length: number): boolean {
  if (session.phase !== "new" && session.phase !== "connecting") return false;
  return !session.mayComeEarly(length);
}

function handleCommand(core: HubCore, session: Session, command: Command): void {
  if (session.phase === "connected") handle(core, session, command);
  else if (session.phase === "connecting") wait(session, command);
  else if (session.phase === "new") begin(core, session, command);
}

function begin(core: HubCore, session: Session, command: Command): void {
  if (command.kind !== "connect") {
    session.disconnect(DISCONNECTS.badRequest);
    return;
  }
  session.phase = "connecting";
  void connect(core, session, command).then(
    () => {
      for (const early of session.takeEarly()) handleCommand(core, session, early);
    },
    (failure) => {
      logFailure("hub.connect_failed", failure, { client: session.state.client });
      session.disconnect(DISCONNECTS.serverError);
    },
  );
}

/** centrifuge-js sends its first subscribes together with connect, so they wait for it. */
function wait(session: Session, command: Command): void {
  if (session.early.length < SESSION_LIMITS.pendingCommands) session.early.push(command);
  else session.disconnect(DISCONNECTS.tooManyRequests);
}

/** Answers also for a command that throws before it waits for anything: what follows it is carried out all the same. */
function handle(core: HubCore, session: Session, command: Command): void {
  try {
    start(core, session, command);
  } catch (failure) {
    answerFor(session, "id" in command ? command.id : undefined, failure);
  }
}

function start(core: HubCore, session: Session, command: Command): void {
  if (command.kind === "connect") session.disconnect(DISCONNECTS.badRequest);
  else if (command.kind === "excessive") session.fail(command.id, ERRORS.badRequest);
  else if (command.kind === "pong") notePong(session);
  else if (command.kind === "send") watchOver(session, command, message(core, session, command));
  else if (command.kind === "rpc") watchOver(session, command, call(core, session, command));
  else if (command.kind === "refresh") watchOver(session, command, refresh(core, session, command));
  else if (command.kind === "publish")
    onChannel(session, command.channel, command, () => publish(core, session, command));
  else {
    noteWish(session, command);
    onChannel(session, command.channel, command, () =>
      afterPublishes(session, command, () => handleOnChannel(core, session, command)),
    );
  }
}

/**
 * Most pongs never get here: the runtime answers a frame that is nothing else without waking the object, and knows when.
 * One that is written in another way must be remembered over sleep all the same.
 */
function notePong(session: Session): void {
  session.state.since = session.lastFrame;
  session.change();
}

/** A subscription that its client has asked to end does not count against the limit while the unsubscribe has to wait. */
function noteWish(session: Session, command: ChannelCommand): void {
  if (command.kind === "unsubscribe") session.startLeaving(command.channel, command);
  else if (command.kind === "subscribe") session.cancelLeaving(command.channel);
}

type ChannelCommand = Exclude<Extract<Command, { channel: string }>, { kind: "publish" }>;

function handleOnChannel(
  core: HubCore,
  session: Session,
  command: ChannelCommand,
): Promise<void> | undefined {
  // It has waited, and its client has gone.
  if (session.isClosed) return undefined;
  switch (command.kind) {
    case "subscribe":
      return subscribe(core, session, command);
    case "unsubscribe":
      return unsubscribe(core, session, command);
    case "presence":
    case "presence_stats":
      return presence(core, session, command);
    case "history":
      return history(core, session, command);
    case "sub_refresh":
      return refreshSubscription(core, session, command);
  }
}

/**
 * Runs a command on a channel at once, or after what is under way on that channel: a publish must find the subscription
 * that was asked for before it. Commands on other channels do not wait. What the server wants has no command, and is not
 * limited by what the client has sent.
 */
export function onChannel(
  session: Session,
  channel: string,
  command: Waiting | undefined,
  run: () => Promise<void> | undefined,
): void {
  const before = session.busyChannels?.get(channel);
  if (before && command && !mayWait(session, command)) {
    session.hasLeft(channel, command);
    return;
  }
  const running = before ? before.then(run) : run();
  if (running === undefined) return;
  const ended = watch(session, command, running).then(() => {
    if (session.busyChannels?.get(channel) === ended) session.busyChannels.delete(channel);
  });
  session.busyChannels ??= new Map();
  session.busyChannels.set(channel, ended);
}

/** Publishes do not wait for each other, but whatever comes after them on their channel does: it finds what they did. */
function afterPublishes(
  session: Session,
  command: ChannelCommand,
  run: () => Promise<void> | undefined,
): Promise<void> | undefined {
  const answered = session.publishes?.whenAnswered(command.channel);
  if (answered === undefined) return run();
  if (mayWait(session, command)) return answered.then(run);
  session.hasLeft(command.channel, command);
  return undefined;
}

function watchOver(session: Session, command: Waiting, running: Promise<void> | undefined): void {
  if (running) void watch(session, command, running);
}

/** Answers for a command that fails unforeseen. */
async function watch(session: Session, command: Waiting | undefined, running: Promise<void>): Promise<void> {
  try {
    await (command ? countWaiting(session, command, running) : running);
  } catch (failure) {
    answerFor(session, command?.id, failure);
  }
}

function answerFor(session: Session, id: number | undefined, failure: unknown): void {
  logFailure("hub.command_failed", failure, { client: session.state.client });
  if (id !== undefined) session.fail(id, ERRORS.internal);
}
