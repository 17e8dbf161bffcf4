import type { TraceContext } from "../shared/trace-context.ts";

/** What is kept of a socket while its room sleeps. */
export interface Attachment {
  readonly version: 1;
  readonly id: string;
  readonly data: unknown;
  readonly topics: readonly string[];
  /** `ws.protocol` is "" on the accepting end of a pair, so the negotiated one is kept here. */
  readonly protocol: string;
  readonly remoteAddress: string;
  /** When the client last sent something, in milliseconds. Too early by at most `seenTolerance`. */
  readonly seen: number;
  /** The client has sent nothing yet, in a room that ticks and has no idle timeout. Then `seen` is when it joined. */
  readonly isSilent?: true;
  /** When the room became occupied: ticks are counted from there, the same for every socket in it. */
  readonly tickOrigin: number;
  /** What its handshake belongs to; absent from builds that kept none. */
  readonly trace?: TraceContext;
}

/**
 * The attachment of a hibernated socket, or undefined when another build wrote it in a version that is unknown here.
 */
export function readAttachment(value: unknown): Attachment | undefined {
  const attachment = value as Partial<Attachment> | null;
  return attachment?.version === 1 ? (attachment as Attachment) : undefined;
}
