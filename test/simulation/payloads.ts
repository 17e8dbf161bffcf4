import type { ClientInfo, Submission, WirePublication } from "./subject.ts";

/** What a subscriber is sent: what it is, by its number in the journal, and its offset where it has one. */
export interface Received {
  readonly kind: "publication" | "join" | "leave";
  readonly id: number;
  readonly offset: number | undefined;
}

/** A publication that can be told from all others. */
export function publicationOf(channel: string, id: number, length: number, skipHistory: boolean): Submission {
  const data = JSON.stringify(`${id} ${"x".repeat(length)}`);
  return {
    kind: "publication",
    channel,
    publication: { data, info: undefined, tags: undefined },
    skipHistory,
  };
}

export function memberEventOf(kind: "join" | "leave", channel: string, id: number): Submission {
  const info = { user: "", client: String(id), connInfo: undefined, chanInfo: undefined };
  return { kind, channel, info, isPresent: false };
}

export function idOf(submission: Submission): number {
  return submission.kind === "publication"
    ? idOfData(JSON.parse(String(submission.publication.data)))
    : idOfInfo(submission.info);
}

/** The identity of an encoded publication. */
export function idOfPublication(publication: WirePublication): number {
  return readPublication(publication).id;
}

/** Publications of the simulation are text. */
export function readPublication(publication: WirePublication): {
  readonly id: number;
  readonly offset: number;
} {
  const { data, offset = 0 } = JSON.parse(String(publication)) as { data: unknown; offset?: number };
  return { id: idOfData(data), offset };
}

interface Push {
  readonly pub?: { readonly data: unknown; readonly offset?: number };
  readonly join?: { readonly info: ClientInfo };
  readonly leave?: { readonly info: ClientInfo };
}

/** Reads what is pushed to a session. All of a channel are sent the same text, so it is read once. */
export class PushReader {
  #last = "";
  #received: readonly Received[] = [];

  read(lines: string): readonly Received[] {
    if (lines !== this.#last) {
      this.#received = lines.split("\n").map((line) => readPush((JSON.parse(line) as { push: Push }).push));
      this.#last = lines;
    }
    return this.#received;
  }
}

function readPush({ pub, join, leave }: Push): Received {
  if (pub) return { kind: "publication", id: idOfData(pub.data), offset: pub.offset };
  if (join) return { kind: "join", id: idOfInfo(join.info), offset: undefined };
  return { kind: "leave", id: idOfInfo(leave?.info), offset: undefined };
}

function idOfData(data: unknown): number {
  return Number.parseInt(String(data), 10);
}

function idOfInfo(info: Pick<ClientInfo, "client"> | undefined): number {
  return Number(info?.client);
}
