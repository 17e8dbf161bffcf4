import type { HistoryCommand, StreamPosition } from "../protocol/messages.ts";
import { ERRORS, type ProtocolError } from "../shared/codes.ts";

/** Which part of a stream is to be read. */
export type HistoryPlan =
  /** Nothing: the reply tells the stream's position only. */
  | { readonly kind: "position" }
  | {
      readonly kind: "read";
      /** Only publications with greater offsets. */
      readonly after: number | undefined;
      /** Only publications with smaller offsets. */
      readonly before: number | undefined;
      readonly limit: number;
      /** Newest first. */
      readonly reverse: boolean;
    }
  | { readonly kind: "error"; readonly error: ProtocolError };

/** What a history command reads. A negative limit is everything; no command reads more than `most` publications. */
export function planHistory(
  command: Pick<HistoryCommand, "limit" | "since" | "reverse">,
  stream: StreamPosition,
  most: number,
): HistoryPlan {
  const { limit, since, reverse } = command;
  if (reverse && since?.offset === 0) return { kind: "error", error: ERRORS.badRequest };
  if (since !== undefined && since.epoch !== "" && since.epoch !== stream.epoch) {
    return { kind: "error", error: ERRORS.unrecoverablePosition };
  }
  if (limit === 0) return { kind: "position" };
  return {
    kind: "read",
    after: reverse ? undefined : since?.offset,
    before: reverse ? since?.offset : undefined,
    limit: limit < 0 ? most : Math.min(limit, most),
    reverse,
  };
}
