/** The dialog in which an action of the operator is confirmed, and its outcome told. */

import { byId, create, setText } from "../dom.ts";
import {
  ACTIONS,
  type Action,
  type ActionField,
  type ActionName,
  findProblem,
  paramsOf,
  toFieldTime,
  type Values,
} from "./actions.ts";
import { describeFailure } from "./failure-words.ts";
import type { Operator } from "./operator.ts";

type Input = HTMLInputElement | HTMLTextAreaElement;

const HOUR_MS = 3_600_000;

const dialog = byId("action", HTMLDialogElement);
const form = byId("action-form", HTMLFormElement);
const fields = byId("action-fields", HTMLElement);
const problem = byId("action-problem", HTMLElement);
const outcome = byId("action-outcome", HTMLElement);
const confirm = byId("action-confirm", HTMLButtonElement);
const cancel = byId("action-cancel", HTMLButtonElement);

export class ActionDialog {
  readonly #operator: Operator;
  #name: ActionName = "publish";
  #inputs = new Map<string, Input>();
  /** Each time that it is opened is another one: an answer that comes late is not shown in the next. */
  #opened = 0;

  constructor(operator: Operator) {
    this.#operator = operator;
    cancel.addEventListener("click", () => dialog.close());
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      if (!confirm.disabled) void this.#carryOut();
    });
  }

  /** @param values what is known already. */
  open(name: ActionName, values: Values): void {
    const action = ACTIONS[name];
    this.#name = name;
    this.#opened += 1;
    byId("action-title", HTMLElement).textContent = action.title;
    byId("action-warning", HTMLElement).textContent = action.warning;
    this.#inputs = new Map(
      action.fields.map((field) => [field.name, createInput(field, values[field.name])]),
    );
    fields.replaceChildren(...action.fields.map((field) => createField(field, this.#inputs.get(field.name))));
    confirm.textContent = action.confirm;
    confirm.hidden = false;
    this.#setBusy(false);
    cancel.textContent = "Cancel";
    say("", "");
    dialog.showModal();
    const [first] = [...this.#inputs.values()].filter(({ value }) => value === "");
    (first ?? cancel).focus();
  }

  close(): void {
    dialog.close();
  }

  async #carryOut(): Promise<void> {
    const action = ACTIONS[this.#name];
    const opened = this.#opened;
    const found = this.#findProblem(action);
    if (found !== undefined) return say(found, "");
    say("", "Asking the gateway …");
    this.#setBusy(true);
    const answer = await this.#operator.call<Record<string, unknown>>(this.#name, this.#params(action));
    if (opened !== this.#opened) return;
    if ("failure" in answer) {
      this.#setBusy(false);
      return say(describeFailure(action.title.toLowerCase(), answer.failure, action.off), "");
    }
    say("", action.done(answer.result));
    confirm.hidden = true;
    cancel.textContent = "Done";
    cancel.focus();
  }

  #params(action: Action): string {
    return paramsOf(action, Object.fromEntries([...this.#inputs].map(([name, { value }]) => [name, value])));
  }

  /** The first field with a mistake gets the focus. */
  #findProblem({ fields }: Action): string | undefined {
    for (const field of fields) {
      const input = this.#inputs.get(field.name);
      const found = findProblem(field, input?.value ?? "", Date.now());
      input?.setAttribute("aria-invalid", String(found !== undefined));
      if (found === undefined) continue;
      input?.focus();
      return found;
    }
    return undefined;
  }

  #setBusy(isBusy: boolean): void {
    confirm.disabled = isBusy;
    for (const input of this.#inputs.values()) input.disabled = isBusy;
  }
}

function createInput({ name, kind, ifEmpty }: ActionField, value: string | undefined): Input {
  const input = kind === "json" ? create("textarea", "mono") : create("input", "mono");
  input.id = `action-${name}`;
  input.autocomplete = "off";
  input.spellcheck = false;
  input.placeholder = ifEmpty ?? "";
  if (kind === "time" && input instanceof HTMLInputElement) input.type = "datetime-local";
  input.value = value ?? (kind === "time" ? toFieldTime(new Date(Date.now() + HOUR_MS)) : "");
  return input;
}

function createField({ label }: ActionField, input: Input | undefined): HTMLElement {
  const name = create("label", "", label);
  name.htmlFor = input?.id ?? "";
  return create("div", "field", name, ...(input ? [input] : []));
}

function say(trouble: string, words: string): void {
  setText(problem, trouble);
  problem.hidden = trouble === "";
  setText(outcome, words);
}
