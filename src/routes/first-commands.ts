import type { Codec } from "../protocol/codec.ts";
import type { Command, ConnectCommand } from "../protocol/messages.ts";
import { DISCONNECTS, ERRORS } from "../shared/codes.ts";
import type { Message } from "../shared/payload-size.ts";
import { closeWith, failWith, type Refusal } from "../shared/refusal.ts";
import { type Asked, noteRefusal } from "./asked.ts";

/** Why the first commands of a stream are refused, and the id of the connect among them. */
export interface RefusedConnect {
  readonly id: number;
  readonly refusal: Refusal;
}

/** Refuses what no hub would take, and a wrong token, before a hub is asked. */
export async function refuseCommands(
  asked: Asked,
  codec: Codec,
  commands: Message,
): Promise<RefusedConnect | undefined> {
  const first = connectOf(codec.decode(commands));
  if (first === undefined) return { id: 0, refusal: closeWith(DISCONNECTS.badRequest) };
  const refusal = await refuseToken(asked, first.token);
  return refusal && { id: first.id, refusal };
}

function connectOf([first]: readonly Command[] = []): ConnectCommand | undefined {
  return first?.kind === "connect" ? first : undefined;
}

/** As a hub answers to a token. None is the hub's to judge: a hook may let its client in. */
export async function refuseToken(asked: Asked, token: string): Promise<Refusal | undefined> {
  if (token === "") return undefined;
  const verified = await asked.gateway.tokens.connection(token);
  if (verified.kind === "valid") return undefined;
  noteRefusal(asked, `token_${verified.kind}`);
  switch (verified.kind) {
    case "expired":
      return failWith(ERRORS.tokenExpired);
    case "unavailable":
      return failWith(ERRORS.internal);
    case "invalid":
      return closeWith(DISCONNECTS.invalidToken);
  }
}
