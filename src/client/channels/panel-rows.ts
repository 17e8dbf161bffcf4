/** What a subscription panel lists: publications, notes between them, and members. */

import { create, visible } from "../dom.ts";
import { formatTime } from "../message.ts";
import type { Member } from "./members.ts";
import type { Publication, PublicationRow, Row } from "./publications.ts";

/** How to call a client. */
export type Naming = (member: Member) => string;

const DATA_CHARACTERS = 2_000;
const FLAWS = { repeated: "repeated", gap: "after a gap" } as const;

export function createRow(row: Row, nameOf: Naming): HTMLElement {
  if (row.kind === "note") return createNote(row.text, row.tone);
  return row.kind === "stored" ? createItem(row, ["stored"], nameOf) : createPublication(row, nameOf);
}

function createNote(text: string, tone: "plain" | "good" | "bad"): HTMLElement {
  const note = create("li", "note", ...visible(text));
  note.dataset.tone = tone;
  return note;
}

export function createMember(member: Member, name: string): HTMLElement {
  const chip = create("li", name === "you" ? "chip you" : "chip", ...visible(name));
  chip.title = `client ${member.client}`;
  return chip;
}

/** The user, or the beginning of the client id where there is none. */
export function shortName({ client, user }: Member): string {
  return user === "" ? client.slice(0, 8) : user;
}

function createPublication(row: PublicationRow, nameOf: Naming): HTMLElement {
  const { arrival, flaw } = row;
  const tags = [...(arrival === "recovered" ? ["recovered"] : []), ...(flaw ? [FLAWS[flaw]] : [])];
  const item = createItem(row, tags, nameOf);
  item.querySelector(".meta")?.prepend(create("time", "", formatTime(row.at)));
  item.dataset.arrival = arrival;
  if (flaw) item.dataset.flaw = flaw;
  return item;
}

function createItem(publication: Publication, tags: readonly string[], nameOf: Naming): HTMLElement {
  const { offset, info, data } = publication;
  const meta = create("span", "meta");
  if (offset !== undefined) meta.append(create("span", "offset", `#${offset}`));
  if (info) meta.append(create("span", "from", ...visible(nameOf(info))));
  meta.append(...tags.map((tag) => create("span", "tag", tag)));
  return create("li", "publication", meta, create("span", "data", ...visible(shorten(data))));
}

function shorten(text: string): string {
  return text.length > DATA_CHARACTERS ? `${text.slice(0, DATA_CHARACTERS)} …` : text;
}
