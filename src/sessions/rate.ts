import type { Counters } from "../metrics/counters.ts";
import type { Command } from "../protocol/messages.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { lengthOf, type Message } from "../shared/payload-size.ts";
import { Allowance, type SendingLimits } from "./allowance.ts";
import { recordCommand, recordError } from "./recording.ts";
import type { Session } from "./session.ts";

/** What rates need of their hub. */
export interface HubOfRates {
  readonly config: { readonly connection: SendingLimits };
  readonly counters: Pick<Counters, "commands">;
}

/** Whether the rate of bytes lets a frame be read. If not, the session has been closed. */
export function mayRead(hub: HubOfRates, session: Session, message: Message, now: number): boolean {
  // Counting the bytes of a text would take longer than all the rest: they are between one and three times its characters.
  if (allowanceOf(hub, session, now).takeFrame(lengthOf(message), now)) return true;
  session.disconnect(DISCONNECTS.tooManyRequests);
  return false;
}

/** Carries out as many commands of a frame as the rate lets through, and answers the others. */
export function withinRate(
  hub: HubOfRates,
  session: Session,
  commands: readonly Command[],
  carryOut: (command: Command) => void,
): void {
  const now = Date.now();
  const allowance = allowanceOf(hub, session, now);
  for (const command of commands) {
    hub.counters.commands.add(command.kind);
    // One by one: what the answers of the first cost is no longer there for the last.
    if (allowance.takeCommand(now)) carryOut(command);
    else {
      refuse(session, command);
      if (!allowance.takeRefusal(now)) session.disconnect(DISCONNECTS.tooManyRequests);
    }
  }
}

/** What cannot be answered with an error ends the session: dropped in silence, it would be a loss. */
function refuse(session: Session, command: Command): void {
  recordCommand(session.trail, command);
  recordError(session.trail, command, ERRORS.tooManyRequests);
  if (session.isConnected && "id" in command) session.fail(command.id, ERRORS.tooManyRequests);
  else session.disconnect(DISCONNECTS.tooManyRequests);
}

/** Made with the first frame: most sessions that a hub wakes with say nothing. */
function allowanceOf({ config }: HubOfRates, session: Session, now: number): Allowance {
  session.allowance ??= new Allowance(config.connection, now);
  return session.allowance;
}
