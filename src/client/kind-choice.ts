/** The choice between the room kinds of the gateway. */

import type { GatewayFacts } from "../shared/gateway-facts.ts";
import { byId, checkedRadio, create, radios } from "./dom.ts";
import { howToTurnOn } from "./turn-on-words.ts";

const HINTS: ReadonlyMap<string, string> = new Map([
  ["hello", "Greets you, then again every 15 seconds, and answers everything with itself."],
  ["echo", "Answers every message with itself. Speaks the subprotocol “echo”."],
  ["broadcast", "Passes every message on to everyone else in the room."],
]);
const NONE = `This gateway has no room kinds. To turn on one of those that ship, ${howToTurnOn("hello")}`;

const box = byId("kinds", HTMLElement);
const hint = byId("kind-hint", HTMLElement);

/** @param changed is called when a person has chosen another kind. */
export function bindKinds(changed: () => void): void {
  box.addEventListener("change", changed);
}

/** Offers the kinds that there are, and the subprotocols that they speak. */
export function showKinds({ kinds }: GatewayFacts, chosen: string | undefined): void {
  box.replaceChildren(...kinds.map(({ name }) => createChoice(name)));
  box.hidden = kinds.length === 0;
  const protocols = new Set(kinds.flatMap((kind) => kind.protocols));
  byId("subprotocols", HTMLDataListElement).replaceChildren(...[...protocols].map(createOption));
  markKind(chosen);
  if (kinds.length === 0) hint.textContent = NONE;
}

export function chosenKind(): string | undefined {
  return checkedRadio("kind");
}

/** Marks the kind of the address in the form; undefined for one that is no room's. */
export function markKind(kind: string | undefined): void {
  for (const radio of radios("kind")) radio.checked = radio.value === kind;
  hint.textContent = kind === undefined ? "Any WebSocket server." : (HINTS.get(kind) ?? "");
}

function createChoice(name: string): HTMLElement {
  const radio = create("input", "");
  radio.type = "radio";
  radio.name = "kind";
  radio.value = name;
  return create("label", "", radio, create("span", "", name));
}

function createOption(value: string): HTMLOptionElement {
  const option = create("option", "");
  option.value = value;
  return option;
}
