import type { StreamPosition } from "../protocol/messages.ts";
import { ERRORS, type ProtocolError } from "../shared/codes.ts";

/** What a recovery is decided from, before history is read. */
export interface RecoveryQuestion {
  readonly mode: "stream" | "cache";
  /** In cache mode: recover although the client does not ask. */
  readonly autoCache: boolean;
  /** Where the client was; undefined when it does not ask, or the subscription is not recoverable. */
  readonly request: StreamPosition | undefined;
  /** The stream's top. */
  readonly stream: StreamPosition;
}

/** The history that a decision needs. What cannot be recovered anyway is not read. */
export type RecoveryRead =
  | { readonly kind: "none" }
  /** The publications after an offset, ascending. */
  | { readonly kind: "after"; readonly offset: number; readonly limit: number }
  /** The newest publication alone. */
  | { readonly kind: "latest" };

/** `offset` goes into the reply. */
export type Recovery<Publication> =
  /** Nothing was to be recovered. */
  | { readonly kind: "none"; readonly offset: number }
  | {
      readonly kind: "recovered";
      readonly offset: number;
      readonly publications: readonly Publication[];
    }
  /** The client must load its state again. */
  | { readonly kind: "unrecovered"; readonly offset: number }
  /** The client has asked to be refused rather than subscribed without what it missed. */
  | { readonly kind: "refused"; readonly error: ProtocolError };

/** Bit of a subscribe command's `flag`: refuse the subscription rather than say `recovered: false`. */
const REJECT_UNRECOVERED = 2;

/** The position of a client that has seen nothing yet. */
const NOWHERE: StreamPosition = { offset: 0, epoch: "" };

/** What is to be read for a recovery, which may bring `most` publications. */
export function recoveryRead(question: RecoveryQuestion, most: number): RecoveryRead {
  const { mode, stream } = question;
  const request = wanted(question);
  if (request === undefined) return { kind: "none" };
  if (mode === "cache") return isSamePosition(request, stream) ? { kind: "none" } : { kind: "latest" };
  const missed = stream.offset - request.offset;
  if (!isSameStream(request, stream) || missed <= 0 || missed > most) {
    return { kind: "none" };
  }
  return { kind: "after", offset: request.offset, limit: most };
}

/**
 * Whether a client gets back all that it missed.
 *
 * @param question.missed What the read that `recoveryRead` asks for gave.
 * @param question.flag The flag of the subscribe command.
 */
export function decideRecovery<Publication extends { readonly offset: number }>(
  question: RecoveryQuestion & { readonly missed: readonly Publication[]; readonly flag?: number },
): Recovery<Publication> {
  const { mode, stream, missed, flag = 0 } = question;
  const request = wanted(question);
  if (request === undefined) return { kind: "none", offset: stream.offset };
  const publications =
    mode === "cache" ? recoverState(request, stream, missed) : recoverStream(request, stream, missed);
  if (publications !== undefined) return { kind: "recovered", offset: request.offset, publications };
  if (flag & REJECT_UNRECOVERED) return { kind: "refused", error: ERRORS.unrecoverablePosition };
  return { kind: "unrecovered", offset: stream.offset };
}

function wanted({ mode, autoCache, request }: RecoveryQuestion): StreamPosition | undefined {
  return request ?? (mode === "cache" && autoCache ? NOWHERE : undefined);
}

/** Everything up to the top, or undefined where something is missing. */
function recoverStream<Publication extends { readonly offset: number }>(
  request: StreamPosition,
  stream: StreamPosition,
  missed: readonly Publication[],
): readonly Publication[] | undefined {
  if (!isSameStream(request, stream) || missed.length !== stream.offset - request.offset) return undefined;
  const isDense = missed.every(({ offset }, index) => offset === request.offset + 1 + index);
  return isDense ? missed : undefined;
}

/** The newest publication, which is the state, unless the client has it; undefined where it is gone. */
function recoverState<Publication extends { readonly offset: number }>(
  request: StreamPosition,
  stream: StreamPosition,
  missed: readonly Publication[],
): readonly Publication[] | undefined {
  if (isSamePosition(request, stream)) return [];
  const latest = missed.at(-1);
  return latest?.offset === stream.offset ? [latest] : undefined;
}

function isSameStream(request: StreamPosition, stream: StreamPosition): boolean {
  return request.epoch === "" || request.epoch === stream.epoch;
}

function isSamePosition(request: StreamPosition, stream: StreamPosition): boolean {
  return request.offset > 0 && request.offset === stream.offset && request.epoch === stream.epoch;
}
