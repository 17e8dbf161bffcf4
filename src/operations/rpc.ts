import type { MessageContext, RpcAnswer } from "../channels/hooks.ts";
import type { ResolvedConfig } from "../config/config.ts";
import type { RpcCommand, RpcReply, SendCommand } from "../protocol/messages.ts";
import { mayWait } from "../sessions/pending.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import { closeWith, failWith } from "../shared/refusal.ts";
import { askAbout, contextOf, type HubOfHooks, json, payloadOf } from "./hook.ts";
import { done, type OperationRequest } from "./operation.ts";

/** What `rpc` and `send` need of the hub. */
export type HubOfRpc = HubOfHooks & { readonly config: Pick<ResolvedConfig, "hooks"> };

/** `rpc`: calls a method of the `rpc` hook. */
export function call(
  hub: HubOfRpc,
  request: OperationRequest<RpcCommand, RpcReply>,
): Promise<void> | undefined {
  if (hub.config.hooks.rpc === undefined) request.answer(failWith(ERRORS.notAvailable));
  else if (mayWait(request)) return answerCall(hub, request);
  return undefined;
}

async function answerCall(hub: HubOfRpc, request: OperationRequest<RpcCommand, RpcReply>): Promise<void> {
  const { session, command } = request;
  const { method, data } = command;
  const answered = await askAbout<RpcAnswer>(hub, session, {
    hook: "rpc",
    ask: () => hub.config.hooks.rpc?.({ ...contextOf(session), method, ...payloadOf(data) }),
  });
  if (answered.kind !== "granted") request.answer(answered);
  else if (answered.grant === undefined) request.answer(failWith(ERRORS.methodNotFound));
  else request.answer(done({ kind: "rpc", data: json(answered.grant.data) }));
}

/** `send`: hands a message to the `message` hook. It has no reply. */
export function message(
  hub: HubOfRpc,
  request: OperationRequest<SendCommand, undefined>,
): Promise<void> | undefined {
  if (hub.config.hooks.message === undefined) request.answer(closeWith(DISCONNECTS.notAvailable));
  else if (mayWait(request)) return handOver(hub, request);
  return undefined;
}

async function handOver(hub: HubOfRpc, request: OperationRequest<SendCommand, undefined>): Promise<void> {
  const { session, command } = request;
  const context: MessageContext = { ...contextOf(session), ...payloadOf(command.data) };
  const taken = await askAbout<never>(hub, session, {
    hook: "message",
    ask: () => hub.config.hooks.message?.(context),
  });
  request.answer(taken.kind === "granted" ? done(undefined) : taken);
}
