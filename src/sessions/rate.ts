import type { HubCore } from "../../durable-objects/hub/core.ts";
import type { Command } from "../protocol/messages.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { Allowance } from "./allowance.ts";
import type { Session } from "./session.ts";

/** Whether the rate of bytes lets a frame be read. If not, the session has been closed. */
export function mayRead(
  core: HubCore,
  session: Session,
  message: string | ArrayBuffer,
  now: number,
): boolean {
  // Counting the bytes of a text would take longer than all the rest: they are between one and three times its characters.
  const size = typeof message === "string" ? message.length : message.byteLength;
  if (allowanceOf(core, session, now).takeFrame(size, now)) return true;
  session.disconnect(DISCONNECTS.tooManyRequests);
  return false;
}

/** Carries out as many commands of a frame as the rate lets through, and answers the others. */
export function withinRate(
  core: HubCore,
  session: Session,
  commands: readonly Command[],
  carryOut: (command: Command) => void,
): void {
  const now = Date.now();
  const allowance = allowanceOf(core, session, now);
  for (const command of commands) {
    core.counters.commands.add(command.kind);
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
  if (session.isConnected && "id" in command) session.fail(command.id, ERRORS.tooManyRequests);
  else session.disconnect(DISCONNECTS.tooManyRequests);
}

/** Made with the first frame: most sessions that a hub wakes with say nothing. */
function allowanceOf({ config }: HubCore, session: Session, now: number): Allowance {
  session.allowance ??= new Allowance(config.connection, now);
  return session.allowance;
}
