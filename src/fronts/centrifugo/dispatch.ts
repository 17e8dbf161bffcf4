import { answerFailure } from "../../operations/channel-order.ts";
import { connect, type HubOfConnect } from "../../operations/connect.ts";
import type { Presence } from "../../presence/presence.ts";
import type { Command } from "../../protocol/messages.ts";
import { logFieldsOf } from "../../sessions/log-fields.ts";
import { type HubOfRates, withinRate } from "../../sessions/rate.ts";
import { recordCommand } from "../../sessions/recording.ts";
import type { Session } from "../../sessions/session.ts";
import { DISCONNECTS } from "../../shared/codes.ts";
import { SESSION_LIMITS } from "../../shared/limits.ts";
import { logFailure } from "../../shared/log.ts";
import { lengthOf, type Message } from "../../shared/payload-size.ts";
import { ClientRequest } from "./client-request.ts";
import { carryOut, type HubOfCommands } from "./handlers.ts";

/** What the frames of clients need of the hub. */
export type HubOfClients = HubOfConnect &
  HubOfCommands &
  HubOfRates & { readonly presence: Pick<Presence, "turn"> };

/** Carries out the commands of one frame, in order. */
export function handleFrame(hub: HubOfClients, session: Session, message: Message): void {
  session.receivedTurn = hub.presence.turn;
  const commands = session.codec.decode(message);
  // Nothing may follow a connect that was refused, except in the same frame.
  if (commands === undefined || session.phase === "refused") session.disconnect(DISCONNECTS.badRequest);
  else if (isTooEarly(session, lengthOf(message))) session.disconnect(DISCONNECTS.tooManyRequests);
  else withinRate(hub, session, commands, (command) => receive(hub, session, command));
}

/** Whoever has not connected yet may not fill the memory of the hub: what comes with its connect waits too. */
function isTooEarly(session: Session, length: number): boolean {
  if (session.phase !== "new" && session.phase !== "connecting") return false;
  return !session.mayComeEarly(length);
}

function receive(hub: HubOfClients, session: Session, command: Command): void {
  recordCommand(session.trail, command);
  handleCommand(hub, session, command);
}

function handleCommand(hub: HubOfClients, session: Session, command: Command): void {
  if (session.phase === "connected") handle(hub, session, command);
  else if (session.phase === "connecting") wait(session, command);
  else if (session.phase === "new") begin(hub, session, command);
}

function begin(hub: HubOfClients, session: Session, command: Command): void {
  if (command.kind !== "connect") {
    session.disconnect(DISCONNECTS.badRequest);
    return;
  }
  session.phase = "connecting";
  void connect(hub, new ClientRequest(session, command)).then(
    () => {
      for (const early of session.takeEarly()) handleCommand(hub, session, early);
    },
    (failure) => {
      logFailure("hub.connect_failed", failure, logFieldsOf(session));
      session.disconnect(DISCONNECTS.serverError);
    },
  );
}

/** centrifuge-js sends its first subscribes together with connect, so they wait for it. */
function wait(session: Session, command: Command): void {
  session.early ??= [];
  if (session.early.length < SESSION_LIMITS.pendingCommands) session.early.push(command);
  else session.disconnect(DISCONNECTS.tooManyRequests);
}

/** Answers also for a command that throws before it waits for anything: what follows it is carried out all the same. */
function handle(hub: HubOfClients, session: Session, command: Command): void {
  const request = new ClientRequest(session, command);
  try {
    carryOut(hub, command.kind, request);
  } catch (failure) {
    answerFailure(session, request, failure);
  }
}
