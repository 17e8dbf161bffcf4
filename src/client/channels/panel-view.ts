/** How the panel of a subscription looks, and what can be done on it. */

import { setText } from "../dom.ts";
import type { Member } from "./members.ts";
import { createPanelParts } from "./panel-parts.ts";
import { createMember, createRow, type Naming } from "./panel-rows.ts";
import type { Position, Row } from "./publications.ts";
import { RowList } from "./row-list.ts";

/** Members that are named; the others are counted. */
const NAMED_MAX = 100;

export interface PanelActions {
  toggle(): void;
  remove(): void;
  showLive(): void;
  showHistory(): void;
  /** @param json as it was written. */
  publish(json: string): void;
}

export interface Picture {
  readonly state: "subscribing" | "subscribed" | "unsubscribed";
  /** The state in words. */
  readonly stateText: string;
  readonly position: Position | undefined;
  readonly received: number;
  /** How the subscription came back, or would. */
  readonly recovery: string;
  readonly members: readonly Member[];
  readonly users: number;
  readonly isHistory: boolean;
  readonly rows: readonly Row[];
}

export class PanelView {
  readonly #parts = createPanelParts();
  readonly #list = new RowList<Row>(this.#parts.rows, (row) => createRow(row, this.#nameOf));
  readonly #nameOf: Naming;
  #members: readonly Member[] | undefined;
  #isHistory = false;

  /** @param isFixed for a channel that the page can neither leave nor forget. */
  constructor(channel: string, isFixed: boolean, nameOf: Naming, actions: PanelActions) {
    const { root, name, toggle, remove } = this.#parts;
    this.#nameOf = nameOf;
    root.setAttribute("aria-label", channel);
    setText(name, channel);
    name.title = channel;
    toggle.hidden = isFixed;
    remove.hidden = isFixed;
    this.#bind(actions);
  }

  get root(): HTMLElement {
    return this.#parts.root;
  }

  focus(): void {
    this.#parts.data.focus();
  }

  /** Lets data be published and history be asked for, or not. */
  enable(isConnected: boolean): void {
    this.#parts.publish.disabled = !isConnected;
    this.#parts.history.disabled = !isConnected;
  }

  /** @param problem empty for none. */
  showProblem(problem: string): void {
    setText(this.#parts.problem, problem);
    this.#parts.problem.hidden = problem === "";
  }

  markData(isInvalid: boolean): void {
    this.#parts.data.setAttribute("aria-invalid", String(isInvalid));
  }

  draw(picture: Picture): void {
    const { root, state, toggle, offset, epoch, received, outcome } = this.#parts;
    root.dataset.state = picture.state;
    state.textContent = picture.stateText;
    toggle.textContent = picture.state === "unsubscribed" ? "Subscribe" : "Unsubscribe";
    offset.textContent = picture.position ? String(picture.position.offset) : "–";
    setText(epoch, picture.position?.epoch ?? "–");
    received.textContent = String(picture.received);
    outcome.textContent = picture.recovery;
    this.#drawMembers(picture);
    this.#drawRows(picture);
  }

  #drawMembers({ members, users }: Picture): void {
    if (members === this.#members) return;
    this.#members = members;
    const chips = members.slice(0, NAMED_MAX).map((member) => createMember(member, this.#nameOf(member)));
    const clients = members.length === 1 ? "1 client" : `${members.length} clients`;
    this.#parts.counts.textContent =
      members.length === 0 ? "nobody known" : `${clients}, ${users === 1 ? "1 user" : `${users} users`}`;
    this.#parts.members.replaceChildren(...chips);
  }

  #drawRows({ isHistory, rows }: Picture): void {
    if (isHistory !== this.#isHistory) this.#list.reset();
    this.#isHistory = isHistory;
    this.#parts.live.setAttribute("aria-pressed", String(!isHistory));
    this.#parts.history.setAttribute("aria-pressed", String(isHistory));
    this.#parts.empty.hidden = rows.length > 0;
    this.#list.show(rows);
  }

  #bind({ toggle, remove, showLive, showHistory, publish }: PanelActions): void {
    const { form, data } = this.#parts;
    this.#parts.toggle.addEventListener("click", toggle);
    this.#parts.remove.addEventListener("click", remove);
    this.#parts.live.addEventListener("click", showLive);
    this.#parts.history.addEventListener("click", showHistory);
    data.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      publish(data.value);
    });
  }
}
