/** A frame on the page: its first 16 bits, its bytes, and its fields, each lighting up the others. */

import { describeFrame, type FrameField } from "../websocket/frame.ts";
import { byId, create, visible } from "./dom.ts";
import { hexByte } from "./hex.ts";
import { indexAfterKey } from "./list-keys.ts";

const BYTES_SHOWN = 512;
const BYTES_PER_ROW = 16;

const bits = byId("bits", HTMLElement);
const bytes = byId("bytes", HTMLElement);
const fieldList = byId("fields", HTMLElement);

/** Binds hover, focus and arrow keys once; `showFrame` fills in what they work on. */
export function bindFrameView(): void {
  for (const box of [bits, bytes, fieldList]) {
    box.addEventListener("pointerover", ({ target }) => highlight(fieldsOf(target)));
    box.addEventListener("pointerleave", () => highlight([]));
  }
  bindKeys(bytes, BYTES_PER_ROW);
  bindKeys(fieldList, 1);
}

export function showFrame(frame: Uint8Array): void {
  const fields = describeFrame(frame);
  bits.replaceChildren(...fields.flatMap(createBits));
  bytes.replaceChildren(...Array.from(frame.subarray(0, BYTES_SHOWN), createByte(fields)));
  fieldList.replaceChildren(...fields.map(createField));
  const more = byId("bytes-more", HTMLElement);
  more.hidden = frame.length <= BYTES_SHOWN;
  more.textContent = `and ${(frame.length - BYTES_SHOWN).toLocaleString("en")} bytes more`;
}

/** Makes a listbox of a box whose children are its options: one tab stop, and arrow keys within. */
function bindKeys(box: HTMLElement, columns: number): void {
  box.addEventListener("focus", () => pointAt(box, box.children[0]));
  box.addEventListener("blur", () => pointAt(box, undefined));
  box.addEventListener("keydown", (event) => {
    const options = [...box.children];
    const current = options.findIndex((option) => option.id === box.getAttribute("aria-activedescendant"));
    const next = indexAfterKey(event.key, current, options.length, columns);
    if (next === undefined) return;
    event.preventDefault();
    pointAt(box, options[next]);
  });
}

function pointAt(box: HTMLElement, option: Element | undefined): void {
  for (const other of box.children) other.ariaSelected = String(other === option);
  box.setAttribute("aria-activedescendant", option?.id ?? "");
  highlight(fieldsOf(option ?? null));
}

function createBits(field: FrameField, index: number): HTMLElement[] {
  if (field.bits === undefined) return [];
  const digits = create("span", "digits", ...[...field.bits].map((bit) => create("b", "", bit)));
  const name = field.name === "payload length" ? "length" : field.name;
  return [tag(create("span", `bit-group ${partOf(field)}`, digits, create("small", "", name)), [index])];
}

function createByte(fields: readonly FrameField[]): (byte: number, position: number) => HTMLElement {
  return (byte, position) => {
    const covering = [...fields.keys()].filter((index) => covers(fields[index], position));
    const [field] = covering.slice(-1).map((index) => fields[index]);
    const names = covering.map((index) => fields[index]?.name).join(", ");
    const cell = createOption("byte", position, field ? partOf(field) : "", hexByte(byte));
    cell.title = `byte ${position}: ${names}`;
    return tag(cell, covering);
  };
}

function covers(field: FrameField | undefined, position: number): boolean {
  return field !== undefined && position >= field.start && position < field.end;
}

function createField(field: FrameField, index: number): HTMLElement {
  const name = create("span", "name", field.name);
  const place = create("span", "place", describePlace(field));
  const value = create("span", "value", ...visible(field.value === "" ? "empty" : field.value));
  return tag(createOption("field", index, partOf(field), name, " ", place, " ", value), [index]);
}

function createOption(
  kind: string,
  index: number,
  className: string,
  ...content: (Node | string)[]
): HTMLElement {
  const option = create("div", className, ...content);
  option.id = `${kind}-${index}`;
  option.role = "option";
  option.ariaSelected = "false";
  return option;
}

function describePlace({ start, end, bits: digits }: FrameField): string {
  if (digits !== undefined) return digits;
  if (end <= start) return "0 bytes";
  return end - start === 1 ? `byte ${start}` : `bytes ${start}–${end - 1}`;
}

/** Four colours: FIN to opcode, MASK and length, the masking key, the payload. */
function partOf({ name }: FrameField): string {
  if (name === "masking key") return "part-key";
  if (name === "payload") return "part-payload";
  return name === "MASK" || name.startsWith("payload length") ? "part-length" : "part-head";
}

function tag(element: HTMLElement, fields: readonly number[]): HTMLElement {
  element.dataset.fields = fields.join(" ");
  return element;
}

function fieldsOf(target: EventTarget | null): string[] {
  const element = target instanceof Element ? target.closest<HTMLElement>("[data-fields]") : null;
  return element?.dataset.fields?.split(" ") ?? [];
}

function highlight(fields: readonly string[]): void {
  for (const element of document.querySelectorAll<HTMLElement>("[data-fields]")) {
    const isLit = element.dataset.fields?.split(" ").some((field) => fields.includes(field)) ?? false;
    element.classList.toggle("lit", isLit);
  }
}
