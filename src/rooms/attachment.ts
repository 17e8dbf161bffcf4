/** What a socket takes with it into sleep, beside its connection. */
export interface Attachment {
  readonly version: 1;
  readonly id: string;
  readonly data: unknown;
  readonly topics: readonly string[];
  /** `ws.protocol` is "" on the accepting end of a pair, so the negotiated one is kept here. */
  readonly protocol: string;
  readonly remoteAddress: string;
  /** When something last came from the client, in milliseconds, late by at most `seenTolerance`. */
  readonly seen: number;
  /** That the client has sent nothing yet, in a room that ticks without idle timeouts: `seen` is when it joined then. */
  readonly isSilent?: true;
  /** When the room became occupied: ticks are counted from there, the same for every socket in it. */
  readonly tickOrigin: number;
}

/** The attachment of a hibernated socket, or nothing when another build wrote it in a form unknown here. */
export function readAttachment(value: unknown): Attachment | undefined {
  const attachment = value as Partial<Attachment> | null;
  return attachment?.version === 1 ? (attachment as Attachment) : undefined;
}
