import type { Reply, UnsubscribeCommand } from "../protocol/messages.ts";
import { DISCONNECTS } from "../shared/codes.ts";
import { closeWith } from "../shared/refusal.ts";
import type { Membership } from "./membership.ts";
import { done, type OperationRequest } from "./operation.ts";

/** What `unsubscribe` needs of the hub. */
export interface HubOfUnsubscribe {
  readonly membership: Pick<Membership, "remove">;
}

/** `unsubscribe`: answered also when there was no such subscription. */
export function unsubscribe(
  hub: HubOfUnsubscribe,
  request: OperationRequest<UnsubscribeCommand, Reply>,
): undefined {
  const { session, command } = request;
  if (command.channel === "") {
    request.answer(closeWith(DISCONNECTS.badRequest));
    return undefined;
  }
  session.changing.hasLeft(command.channel, command);
  request.answer(done({ kind: "unsubscribe" }));
  hub.membership.remove(session, command.channel);
  return undefined;
}
