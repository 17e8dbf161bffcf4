import type { HubCore } from "../../durable-objects/hub/core.ts";
import type { MessageContext, RpcAnswer } from "../channels/hooks.ts";
import type { RpcCommand, SendCommand } from "../protocol/messages.ts";
import { mayWait } from "../sessions/pending.ts";
import type { Session } from "../sessions/session.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { askAbout, contextOf, json, payloadOf } from "./hook.ts";

/** `rpc`: calls a method of the `rpc` hook. */
export function call(core: HubCore, session: Session, command: RpcCommand): Promise<void> | undefined {
  if (core.config.hooks.rpc === undefined) {
    session.fail(command.id, ERRORS.notAvailable);
    return undefined;
  }
  return mayWait(session, command) ? answerCall(core, session, command) : undefined;
}

async function answerCall(core: HubCore, session: Session, command: RpcCommand): Promise<void> {
  const { id, method } = command;
  const granted = await askAbout<RpcAnswer>(core, session, { hook: "rpc", id }, () =>
    core.config.hooks.rpc?.({ ...contextOf(session), method, ...payloadOf(command.data) }),
  );
  if (granted.kind === "refused") return;
  if (granted.result === undefined) session.fail(id, ERRORS.methodNotFound);
  else session.reply(id, { kind: "rpc", data: json(granted.result.data) });
}

/** `send`: hands a message to the `message` hook. It is never answered. */
export function message(core: HubCore, session: Session, command: SendCommand): Promise<void> | undefined {
  const { hooks } = core.config;
  if (hooks.message === undefined) {
    session.disconnect(DISCONNECTS.notAvailable);
    return undefined;
  }
  if (!mayWait(session, command)) return undefined;
  const context: MessageContext = { ...contextOf(session), ...payloadOf(command.data) };
  return askAbout<never>(core, session, { hook: "message", id: 0 }, () => hooks.message?.(context)).then(
    () => undefined,
  );
}
