/** The elements of a subscription panel, made from the template of the page. */

import { byId } from "../dom.ts";

export interface PanelParts {
  readonly root: HTMLElement;
  readonly name: HTMLElement;
  readonly state: HTMLElement;
  readonly toggle: HTMLButtonElement;
  readonly remove: HTMLButtonElement;
  readonly offset: HTMLElement;
  readonly epoch: HTMLElement;
  readonly received: HTMLElement;
  readonly outcome: HTMLElement;
  readonly problem: HTMLElement;
  readonly counts: HTMLElement;
  readonly members: HTMLElement;
  readonly live: HTMLButtonElement;
  readonly history: HTMLButtonElement;
  readonly rows: HTMLElement;
  readonly empty: HTMLElement;
  readonly form: HTMLFormElement;
  readonly data: HTMLTextAreaElement;
  readonly publish: HTMLButtonElement;
}

export function createPanelParts(): PanelParts {
  const copy = byId("panel-template", HTMLTemplateElement).content.cloneNode(true);
  const root = copy instanceof DocumentFragment ? copy.firstElementChild : null;
  if (!(root instanceof HTMLElement)) throw new Error("the template of a panel is empty");
  const part = <T extends HTMLElement>(name: string, type: new () => T): T => {
    const element = root.querySelector(`[data-part=${name}]`);
    if (element instanceof type) return element;
    throw new Error(`a panel has no ${type.name} called ${name}`);
  };
  return {
    root,
    name: part("name", HTMLElement),
    state: part("state", HTMLElement),
    toggle: part("toggle", HTMLButtonElement),
    remove: part("remove", HTMLButtonElement),
    offset: part("offset", HTMLElement),
    epoch: part("epoch", HTMLElement),
    received: part("received", HTMLElement),
    outcome: part("outcome", HTMLElement),
    problem: part("problem", HTMLElement),
    counts: part("counts", HTMLElement),
    members: part("members", HTMLElement),
    live: part("live", HTMLButtonElement),
    history: part("history", HTMLButtonElement),
    rows: part("rows", HTMLElement),
    empty: part("empty", HTMLElement),
    form: part("form", HTMLFormElement),
    data: part("data", HTMLTextAreaElement),
    publish: part("publish", HTMLButtonElement),
  };
}
