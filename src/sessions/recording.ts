import type { Command, Push, Reply } from "../protocol/messages.ts";
import type { ProtocolError } from "../shared/codes.ts";
import type { Trail } from "../trace/recorder.ts";

/** Notes a command of a client. Tokens are not among what is noted. */
export function recordCommand(trail: Trail, command: Command): void {
  trail.note(command.kind, idOf(command), 0, nameOf(command), dataOf(command));
}

export function recordReply(trail: Trail, command: Command, reply: Reply | undefined): void {
  trail.note("reply", idOf(command), 0, nameOf(command), reply && dataOf(reply));
}

export function recordError(trail: Trail, command: Command, { code }: ProtocolError): void {
  trail.note("error", idOf(command), code, nameOf(command));
}

/** Counts a push. What changes a subscription is an event by itself. */
export function recordPush(trail: Trail, push: Push): void {
  trail.pushes += 1;
  if (push.kind === "unsubscribe") trail.note("unsubscribed", 0, push.code, push.channel);
  else if (push.kind === "subscribe") trail.note("subscribed", 0, 0, push.channel, push.data);
}

function idOf(command: Command): number {
  return "id" in command ? command.id : 0;
}

function nameOf(command: Command): string | undefined {
  if ("channel" in command) return command.channel;
  return command.kind === "rpc" ? command.method : undefined;
}

function dataOf(message: Command | Reply): unknown {
  return "data" in message ? message.data : undefined;
}
