import type { RoomAnswer, RoomCommand } from "../../src/room-rpc/commands.ts";
import type { RoomHandler } from "../../src/rooms/handler.ts";
import { writePage } from "../../src/rooms/socket-page.ts";
import { isTopic } from "../../src/rooms/topics.ts";
import { ERRORS, type ProtocolError } from "../../src/shared/codes.ts";
import { ROOM_LIMITS } from "../../src/shared/limits.ts";
import { logFailure } from "../../src/shared/log.ts";
import { exceeds } from "../../src/shared/payload-size.ts";
import { checkOwnClose } from "../../src/websocket/close-answer.ts";
import type { Context } from "./context.ts";
import type { RoomEvents } from "./events.ts";
import type { RoomSockets } from "./sockets.ts";

/** What carries out commands from outside. */
interface Asked {
  readonly handler: RoomHandler;
  readonly sockets: RoomSockets;
  readonly context: Context;
  readonly events: RoomEvents;
}

/** Carries out a command of the rest of the application. Never rejects. */
export function carryOut(room: Asked, command: RoomCommand): Promise<RoomAnswer> | RoomAnswer {
  switch (command.kind) {
    case "publish":
      return publish(room, command);
    case "sockets":
      return listSockets(room, command);
    case "close":
      return close(room, command);
    case "call":
      return call(room, command);
  }
}

type Command<Kind extends RoomCommand["kind"]> = Extract<RoomCommand, { readonly kind: Kind }>;

function publish({ sockets }: Asked, { topic, message }: Command<"publish">): RoomAnswer {
  if (!isTopic(topic)) return failed(ERRORS.badRequest);
  return { result: JSON.stringify({ reached: sockets.deliver(topic, message) }) };
}

function listSockets({ sockets }: Asked, command: Command<"sockets">): RoomAnswer {
  const { limit } = command;
  if (!Number.isInteger(limit) || limit < 1 || limit > ROOM_LIMITS.largestSocketPage)
    return failed(ERRORS.badRequest);
  return { result: writePage(sockets.sockets, command, ROOM_LIMITS.callSize) };
}

function close({ sockets }: Asked, { code, reason }: Command<"close">): RoomAnswer {
  try {
    checkOwnClose(code, reason);
  } catch {
    return failed(ERRORS.badRequest);
  }
  const open = [...sockets.sockets];
  for (const socket of open) socket.close(code, reason);
  return { result: JSON.stringify({ closed: open.length }) };
}

async function call(
  { handler: { calls = {} }, context, events }: Asked,
  { name, parameters }: Command<"call">,
): Promise<RoomAnswer> {
  try {
    // Own members only: a name such as "constructor" would otherwise call what every object inherits.
    const found: unknown = Object.hasOwn(calls, name) ? calls[name] : undefined;
    if (typeof found !== "function") return failed(ERRORS.methodNotFound);
    const value: unknown = await events.ofRoom(() =>
      Reflect.apply(found, calls, [context, ...(JSON.parse(parameters) as unknown[])]),
    );
    const written = JSON.stringify({ value });
    return exceeds(ROOM_LIMITS.callSize, written) ? failed(ERRORS.limitExceeded) : { result: written };
  } catch (failure) {
    logFailure("room.call_failed", failure, { kind: context.kind, call: name });
    return failed(ERRORS.internal);
  }
}

function failed({ code }: ProtocolError): RoomAnswer {
  return { errorCode: code };
}
