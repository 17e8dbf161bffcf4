import type { MessageContext, RpcAnswer } from "../../../src/channels/hooks.ts";
import { DISCONNECTS, ERRORS } from "../../../src/codes.ts";
import { encodeRpcResult } from "../../../src/protocol/encode.ts";
import type { RpcCommand, SendCommand } from "../../../src/protocol/messages.ts";
import type { HubCore } from "../core.ts";
import type { Session } from "../session.ts";
import { askAbout, contextOf, json, parse } from "./hook.ts";
import { mayWait } from "./pending.ts";

/** `rpc`: calls a method of the `rpc` hook. */
export function call({ config }: HubCore, session: Session, command: RpcCommand): Promise<void> | undefined {
  const { rpc } = config.hooks;
  if (rpc === undefined) {
    session.fail(command.id, ERRORS.notAvailable);
    return undefined;
  }
  return mayWait(session, command) ? answerCall(session, command, config.hooks) : undefined;
}

async function answerCall(
  session: Session,
  command: RpcCommand,
  hooks: HubCore["config"]["hooks"],
): Promise<void> {
  const { id, method } = command;
  const granted = await askAbout<RpcAnswer>(session, id, () =>
    hooks.rpc?.({ ...contextOf(session), method, data: parse(command.data) }),
  );
  if (granted.kind === "refused") return;
  if (granted.result === undefined) session.fail(id, ERRORS.methodNotFound);
  else session.reply(id, "rpc", encodeRpcResult(json(granted.result.data)));
}

/** `send`: hands a message to the `message` hook. It is never answered. */
export function message(
  { config }: HubCore,
  session: Session,
  command: SendCommand,
): Promise<void> | undefined {
  const { hooks } = config;
  if (hooks.message === undefined) {
    session.disconnect(DISCONNECTS.notAvailable);
    return undefined;
  }
  if (!mayWait(session, command)) return undefined;
  const context: MessageContext = { ...contextOf(session), data: parse(command.data) };
  return askAbout<never>(session, 0, () => hooks.message?.(context)).then(() => undefined);
}
