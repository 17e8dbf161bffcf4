/** What the server of the client protocol sends, as JSON. */

export interface ErrorBody {
  readonly code: number;
  readonly message: string;
  readonly temporary?: boolean;
}

export interface PublicationBody {
  readonly data: unknown;
  readonly offset?: number;
  readonly info?: unknown;
  readonly tags?: unknown;
}

export interface SubscribeBody {
  readonly expires?: boolean;
  readonly ttl?: number;
  readonly recoverable?: boolean;
  readonly positioned?: boolean;
  readonly epoch?: string;
  readonly offset?: number;
  readonly publications?: readonly PublicationBody[];
  readonly recovered?: boolean;
  readonly was_recovering?: boolean;
  readonly data?: unknown;
}

export interface ConnectBody {
  readonly client: string;
  readonly version: string;
  readonly expires?: boolean;
  readonly ttl?: number;
  readonly data?: unknown;
  readonly subs?: Readonly<Record<string, SubscribeBody>>;
  readonly ping?: number;
  readonly pong?: boolean;
}

export interface HistoryBody {
  readonly publications: readonly PublicationBody[];
  readonly epoch: string;
  readonly offset: number;
}

/** One line from the server: a reply, a push, or `{}`, which is a ping. */
export interface Line {
  readonly id?: number;
  readonly error?: ErrorBody;
  readonly push?: Readonly<Record<string, unknown>> & {
    readonly channel?: string;
    readonly pub?: PublicationBody;
  };
  readonly connect?: ConnectBody;
  readonly subscribe?: SubscribeBody;
  readonly history?: HistoryBody;
  readonly [kind: string]: unknown;
}

export function isPing(line: Line): boolean {
  return Object.keys(line).length === 0;
}

/** The lines of one frame. */
export function linesOf(frame: string | ArrayBuffer): Line[] {
  if (typeof frame !== "string") throw new Error("a binary frame");
  return frame.split("\n").map((line) => JSON.parse(line) as Line);
}
