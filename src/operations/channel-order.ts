import { logFieldsOf } from "../sessions/log-fields.ts";
import { countWaiting, mayWait, type PendingCommand } from "../sessions/pending.ts";
import type { Session } from "../sessions/session.ts";
import { ERRORS } from "../shared/codes.ts";
import { logFailure } from "../shared/log.ts";
import { failWith } from "../shared/refusal.ts";

/** A command on one channel. */
export interface ChannelCommand extends PendingCommand {
  readonly command: PendingCommand["command"] & { readonly channel: string };
}

/** What a command does; the promise ends when it is through. */
type Run<Hub, Request> = (hub: Hub, request: Request) => Promise<void> | undefined;

/**
 * Runs a command at once, or after what is under way on its channel: a publish must find the subscription that was asked
 * for before it. Commands on other channels do not wait.
 */
export function inOrder<Hub, Request extends ChannelCommand>(
  hub: Hub,
  request: Request,
  run: Run<Hub, Request>,
): void {
  const { session, command } = request;
  const { channel } = command;
  const before = session.busyChannels?.get(channel);
  if (before === undefined) keepBusy(session, channel, request, run(hub, request));
  else if (mayWait(request))
    keepBusy(
      session,
      channel,
      request,
      before.then(() => run(hub, request)),
    );
  else session.changing.hasLeft(channel, command);
}

/** The same for what the server wants: it is not limited by what the client has sent. */
export function inOrderForServer(
  session: Session,
  channel: string,
  run: () => Promise<void> | undefined,
): void {
  const before = session.busyChannels?.get(channel);
  keepBusy(session, channel, undefined, before ? before.then(run) : run());
}

/** Publishes do not wait for each other, but whatever comes after them on their channel does: it finds what they did. */
export function afterPublishes<Hub, Request extends ChannelCommand>(
  hub: Hub,
  request: Request,
  run: Run<Hub, Request>,
): Promise<void> | undefined {
  const { session, command } = request;
  const answered = session.publishes?.whenAnswered(command.channel);
  if (answered === undefined) return run(hub, request);
  if (mayWait(request)) return answered.then(() => run(hub, request));
  session.changing.hasLeft(command.channel, command);
  return undefined;
}

/** Has what comes next on a channel wait for what is running there. */
function keepBusy(
  session: Session,
  channel: string,
  request: PendingCommand | undefined,
  running: Promise<void> | undefined,
): void {
  if (running === undefined) return;
  const ended = watch(session, request, running).then(() => {
    if (session.busyChannels?.get(channel) === ended) session.busyChannels.delete(channel);
  });
  session.busyChannels ??= new Map();
  session.busyChannels.set(channel, ended);
}

/** Counts a command while it runs, and answers it where it fails unforeseen. */
export async function watch(
  session: Session,
  request: PendingCommand | undefined,
  running: Promise<void>,
): Promise<void> {
  try {
    await (request ? countWaiting(request, running) : running);
  } catch (failure) {
    answerFailure(session, request, failure);
  }
}

/** Answers a command that has failed unforeseen. */
export function answerFailure(session: Session, request: PendingCommand | undefined, failure: unknown): void {
  logFailure("hub.command_failed", failure, logFieldsOf(session));
  request?.answer(failWith(ERRORS.internal));
}
