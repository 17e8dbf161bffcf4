/** `poorwill/backend`: what a receiver of signed requests and events needs, in Node, Deno, Bun or a Worker. */
export type { BackendEvent, EventBatch, EventKind } from "../channels/backend-event.ts";
export type { HookDisconnect, HookError, HookRefusal } from "../channels/hooks.ts";
export type * from "../proxy/messages.ts";
export { SIGNATURE_HEADER, sign, type VerifyOptions, verify } from "../proxy/signature.ts";
