import type { OperationRequest, Outcome } from "../../operations/operation.ts";
import type { Command, Reply } from "../../protocol/messages.ts";
import { recordError, recordReply } from "../../sessions/recording.ts";
import type { Session } from "../../sessions/session.ts";

/** A command of a client: what comes of it is replied, pushed, or ends the connection. */
export class ClientRequest<Each extends Command> implements OperationRequest<Each, Reply | undefined> {
  readonly session: Session;
  readonly command: Each;

  constructor(session: Session, command: Each) {
    this.session = session;
    this.command = command;
  }

  answer(outcome: Outcome<Reply | undefined>): void {
    const { session, command } = this;
    // A message and a pong have no id: they are not answered.
    const id = "id" in command ? command.id : undefined;
    switch (outcome.kind) {
      case "done":
        if (id !== undefined) recordReply(session.trail, command, outcome.result);
        if (id !== undefined && outcome.result) session.reply(id, outcome.result);
        for (const push of outcome.pushes) session.push(push);
        return;
      case "error":
        recordError(session.trail, command, outcome.error);
        if (id !== undefined) session.fail(id, outcome.error);
        return;
      case "disconnect":
        session.disconnect(outcome.disconnect);
    }
  }
}
