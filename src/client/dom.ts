import { namingUnseen } from "../shared/visible-text.ts";

/** The element with this id, which the page must have. */
export function byId<T extends HTMLElement>(id: string, type: new () => T): T {
  const element = document.getElementById(id);
  if (element instanceof type) return element;
  throw new Error(`the page has no ${type.name} with id ${id}`);
}

/** An element with classes and content. Strings become text nodes, so that messages never become markup. */
export function create<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  className: string,
  ...content: (Node | string)[]
): HTMLElementTagNameMap[Tag] {
  const element = document.createElement(tag);
  element.className = className;
  element.append(...content);
  return element;
}

/**
 * Text of others, for `create`: what would turn it around or hide is named, and looks like no text. The style sheet isolates
 * what it stands in, so that text from right to left turns nothing beside it around.
 */
export function visible(text: string): (Node | string)[] {
  return namingUnseen(text).map((part) => (part.isName ? create("span", "unseen", part.text) : part.text));
}

/** Shows text of others in place of what an element holds. */
export function setText(element: HTMLElement, text: string): void {
  element.replaceChildren(...visible(text));
}

/** Calls `change` with the value of the checked radio button, at each change. */
export function onRadioChange(name: string, change: (value: string) => void): void {
  for (const radio of radios(name)) radio.addEventListener("change", () => change(radio.value));
}

export function checkedRadio(name: string): string | undefined {
  return radios(name).find((radio) => radio.checked)?.value;
}

export function radios(name: string): HTMLInputElement[] {
  return [...document.querySelectorAll<HTMLInputElement>(`input[type=radio][name="${name}"]`)];
}

/** Copies text, and says on the button whether that worked. */
export async function copyFrom(button: HTMLButtonElement, text: string): Promise<void> {
  const outcome = await navigator.clipboard.writeText(text).then(
    () => "Copied",
    () => "Not allowed",
  );
  button.dataset.label ??= button.textContent;
  const { label = "" } = button.dataset;
  button.textContent = outcome;
  setTimeout(() => {
    button.textContent = label;
  }, 1_500);
}
