import {
  type CloseDefinition,
  DISCONNECTS,
  mayReconnect,
  type ProtocolError,
  UNSUBSCRIBES,
} from "../../shared/codes.ts";
import type { Message } from "../../shared/payload-size.ts";
import { jsonCodec, PONG } from "../json/codec.ts";
import { dictionary } from "../json/object.ts";
import { rawElements, rawMember } from "../json/raw-json.ts";
import type { Json, StreamPosition } from "../messages.ts";
import { asText, endOf } from "./bidirectional.ts";
import { type ConnectRequest, subscribeCommand } from "./connect-request.ts";
import { encodeEventId, LOST } from "./positions.ts";
import type { LineFormat, StreamWriter, Written } from "./writer.ts";

/** What is read of a line of a hub. Everything else goes on as it was written. */
interface Line {
  readonly id?: number;
  readonly error?: ProtocolError;
  readonly connect?: { readonly subs?: Readonly<Record<string, Subscribed>> };
  readonly subscribe?: Subscribed;
  readonly push?: {
    readonly channel?: string;
    readonly pub?: { readonly offset?: number };
    readonly subscribe?: Subscribed;
    readonly unsubscribe?: { readonly code: number };
  };
}

interface Subscribed {
  readonly recoverable?: boolean;
  readonly epoch?: string;
  readonly offset?: number;
  readonly publications?: readonly { readonly offset?: number }[];
}

/** What becomes of one line. */
type WrittenLine = Written & { readonly text: string };

/** Errors of a connect, or of a subscribe that is to be tried again, as the end of a stream. */
const ENDS: ReadonlyMap<number, CloseDefinition> = new Map<number, CloseDefinition>([
  [103, DISCONNECTS.permissionDenied],
  [109, DISCONNECTS.expired],
  [110, DISCONNECTS.expired],
  [111, DISCONNECTS.tooManyRequests],
]);

/** Others are 3004 where they pass. What does not must not be 3004: an `EventSource` would ask again without end. */
export function endOfError({ code, temporary }: Pick<ProtocolError, "code" | "temporary">): CloseDefinition {
  return ENDS.get(code) ?? (temporary ? DISCONNECTS.serverError : DISCONNECTS.permissionDenied);
}

/**
 * Speaks the protocol in place of a client that only listens: subscribes it to what it wants, answers pings, and writes
 * what a hub sends as bare pushes, the recovered publications among them. Where each push moves a position, its id says
 * how far the client is in all channels.
 */
export class Unidirectional implements StreamWriter {
  readonly contentType: string;
  readonly opening: string;
  readonly keepAlive: string;
  /** Whether the hub has let the client in: undefined, or why not. */
  readonly opened: Promise<CloseDefinition | undefined>;
  readonly #request: ConnectRequest;
  readonly #format: LineFormat;
  readonly #open: (refusal: CloseDefinition | undefined) => void;
  /** What it came with stays until its subscription moves it: it may be cut off before that. */
  readonly #positions: Map<string, StreamPosition>;
  /** The channel of each subscribe command, by its id. */
  readonly #asked = new Map<number, string>();

  constructor(format: LineFormat, request: ConnectRequest) {
    ({ contentType: this.contentType, opening: this.opening, keepAlive: this.keepAlive } = format);
    this.#format = format;
    this.#request = request;
    const lost = request.isLost
      ? Array.from(request.channels.keys(), (channel) => [channel, LOST] as const)
      : [];
    this.#positions = new Map([...lost, ...request.positions]);
    const { promise, resolve } = Promise.withResolvers<CloseDefinition | undefined>();
    this.opened = promise;
    this.#open = resolve;
  }

  write(frame: Message): WrittenLine {
    const written: { texts: string[]; answers: string[]; end: CloseDefinition | undefined } = {
      texts: [],
      answers: [],
      end: undefined,
    };
    for (const line of asText(frame).split("\n")) {
      const { text, answer, end } = this.#writeLine(line);
      written.texts.push(text);
      if (answer !== undefined && answer !== "") written.answers.push(answer);
      written.end ??= end;
      if (end) break;
    }
    const answer = written.answers.length === 0 ? undefined : written.answers.join("\n");
    return { text: written.texts.join(""), answer, end: written.end };
  }

  end(close: { readonly code: number; readonly reason: string }): string {
    const end = endOf(close);
    this.#open({ ...end, reconnect: mayReconnect(end.code) });
    return this.#format.lines(disconnectPush(end));
  }

  #writeLine(line: Json): WrittenLine {
    if (line === jsonCodec.ping) return { text: this.#format.lines(line), answer: PONG.request };
    if (line === PONG.response) return { text: "" };
    const { id = 0, error, connect, subscribe, push } = JSON.parse(line) as Line;
    const channel = this.#asked.get(id) ?? "";
    if (push !== undefined) return this.#writePush(line, push);
    if (connect !== undefined) return this.#writeConnect(line, connect.subs ?? {});
    if (subscribe !== undefined) return { text: this.#writeSubscribe(line, channel, subscribe) };
    return error === undefined ? { text: "" } : this.#writeError(channel, error);
  }

  #writeConnect(line: Json, subs: Readonly<Record<string, Subscribed>>): WrittenLine {
    this.#open(undefined);
    const connect = rawMember(line, "connect") ?? "{}";
    const raw = rawMember(connect, "subs") ?? "{}";
    for (const channel of this.#positions.keys())
      if (!Object.hasOwn(subs, channel) && !this.#request.channels.has(channel))
        this.#positions.delete(channel);
    const subscriptions = Object.entries(subs).map(([channel, subscribed]) => {
      this.#subscribed(channel, subscribed);
      return { channel, subscribed, ...takePublications(rawMember(raw, channel) ?? "{}") };
    });
    const rest = dictionary(subscriptions.map(({ channel, rest }) => [channel, rest]));
    const first = this.#at(`{"connect":${replaceLast(connect, raw, rest)}}`);
    const recovered = subscriptions.map(({ channel, subscribed, publications }) =>
      this.#writeRecovered(channel, subscribed, publications),
    );
    return { text: first + recovered.join(""), answer: this.#subscribes(subs) };
  }

  /** Subscribes to what it wants besides what the server has subscribed it to. */
  #subscribes(subs: object): string {
    const wanted = [...this.#request.channels.keys()].filter((channel) => !Object.hasOwn(subs, channel));
    return wanted
      .map((channel, index) => {
        const id = index + 2;
        this.#asked.set(id, channel);
        return subscribeCommand(this.#request, channel, id);
      })
      .join("\n");
  }

  #writeSubscribe(line: Json, channel: string, subscribed: Subscribed): string {
    this.#subscribed(channel, subscribed);
    const { rest, publications } = takePublications(rawMember(line, "subscribe") ?? "{}");
    const first = this.#at(`{"channel":${JSON.stringify(channel)},"subscribe":${rest}}`);
    return first + this.#writeRecovered(channel, subscribed, publications);
  }

  #writeRecovered(
    channel: string,
    { publications: read = [] }: Subscribed,
    publications: readonly Json[],
  ): string {
    return publications
      .map((publication, index) => {
        this.#moved(channel, read[index]?.offset);
        return this.#at(`{"channel":${JSON.stringify(channel)},"pub":${publication}}`);
      })
      .join("");
  }

  #writePush(
    line: Json,
    { channel = "", pub, subscribe, unsubscribe }: NonNullable<Line["push"]>,
  ): WrittenLine {
    if (pub) this.#moved(channel, pub.offset);
    if (subscribe) this.#subscribed(channel, subscribe);
    if (unsubscribe) return this.#writeUnsubscribe(bare(line), channel, unsubscribe.code);
    const movesPosition = pub?.offset !== undefined || subscribe !== undefined;
    return { text: movesPosition ? this.#at(bare(line)) : this.#format.lines(bare(line)) };
  }

  /** Where another client would subscribe again, this one has to come back. */
  #writeUnsubscribe(text: Json, channel: string, code: number): WrittenLine {
    if (code < UNSUBSCRIBES.insufficientState.code) this.#positions.delete(channel);
    if (code === UNSUBSCRIBES.stateInvalidated.code) this.#positions.set(channel, LOST);
    const end = code >= UNSUBSCRIBES.insufficientState.code ? DISCONNECTS.insufficientState : undefined;
    return { text: this.#at(text), end };
  }

  #writeError(channel: string, error: ProtocolError): WrittenLine {
    if (channel === "" || error.temporary === true) return { text: "", end: endOfError(error) };
    this.#positions.delete(channel);
    const ended = { code: UNSUBSCRIBES.server.code, reason: error.message };
    return {
      text: this.#format.lines(bare(jsonCodec.encodePush({ kind: "unsubscribe", channel, ...ended }))),
    };
  }

  #subscribed(channel: string, { recoverable = false, epoch = "", offset = 0 }: Subscribed): void {
    if (recoverable) this.#positions.set(channel, { offset, epoch });
    else this.#positions.delete(channel);
  }

  #moved(channel: string, offset: number | undefined): void {
    const at = this.#positions.get(channel);
    if (at !== undefined && offset !== undefined) this.#positions.set(channel, { ...at, offset });
  }

  /** A push that moves a position. */
  #at(text: Json): string {
    return (this.#format.eventId?.(encodeEventId(this.#positions)) ?? "") + this.#format.lines(text);
  }
}

/** The push with which a stream ends. */
export function disconnectPush({ code, reason }: { readonly code: number; readonly reason: string }): Json {
  return bare(jsonCodec.encodePush({ kind: "disconnect", code, reason }));
}

const PUSH = '{"push":';

function bare(line: Json): Json {
  return line.slice(PUSH.length, -1);
}

/** What a subscription says besides its publications, and those. Before them stand no payloads. */
function takePublications(subscribed: Json): { readonly rest: Json; readonly publications: readonly Json[] } {
  const list = rawMember(subscribed, "publications");
  if (list === undefined) return { rest: subscribed, publications: [] };
  const member = `"publications":${list}`;
  const start = subscribed.indexOf(member);
  const [before, after] = [subscribed.slice(0, start), subscribed.slice(start + member.length)];
  const rest = after.startsWith(",") ? before + after.slice(1) : before.replace(/,$/, "") + after;
  return { rest, publications: rawElements(list) };
}

function replaceLast(text: string, part: string, other: string): string {
  const start = text.lastIndexOf(part);
  return start < 0 ? text : text.slice(0, start) + other + text.slice(start + part.length);
}
