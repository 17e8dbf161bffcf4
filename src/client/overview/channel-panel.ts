/** The list of channels by size: the gateway is asked for a page at a time, and searches by itself. */

import type { OverviewChannels } from "../../overview/messages.ts";
import { byId, create, visible } from "../dom.ts";
import { type Item, VirtualList } from "../virtual-list.ts";
import { DIRECTORY_OFF, describeFailure } from "./failure-words.ts";
import { formatCount, formatMany } from "./formats.ts";
import type { Operator } from "./operator.ts";

interface ChannelRow extends Item {
  readonly channel: string;
  readonly clients: number;
}

const PAGE = 500;
/** A search is asked for when nobody has typed for so long. */
const PAUSE_MS = 300;

const frame = byId("all-channels-rows", HTMLElement);
const search = byId("channel-search", HTMLInputElement);
const empty = byId("all-channels-empty", HTMLElement);

export class ChannelPanel {
  readonly #operator: Operator;
  readonly #searched: (text: string) => void;
  readonly #list: VirtualList<ChannelRow>;
  #rows: readonly ChannelRow[] = [];
  #total = 0;
  #isComplete = true;
  #asked: Promise<void> | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /**
   * @param text what is searched for at first.
   * @param searched is called with what is searched for then.
   * @param picked is called with a channel that a person picks.
   */
  constructor(
    operator: Operator,
    text: string,
    searched: (text: string) => void,
    picked: (channel: string) => void,
  ) {
    this.#operator = operator;
    this.#searched = searched;
    this.#list = new VirtualList<ChannelRow>(
      frame,
      createRow,
      () => {
        if (this.#list.picked) picked(this.#list.picked.channel);
      },
      false,
    );
    search.value = text;
    search.addEventListener("input", () => this.#searchSoon());
    byId("channel-search-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.refresh();
    });
    frame.addEventListener("scroll", () => this.#askNearEnd());
  }

  focus(): void {
    search.focus();
  }

  /** Asks for the first page again. */
  refresh(): void {
    clearTimeout(this.#timer);
    this.#searched(search.value);
    this.#ask(0);
  }

  clear(): void {
    this.#asked = undefined;
    this.#show([], 0, true);
    empty.textContent = "";
  }

  #searchSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh(), PAUSE_MS);
  }

  #askNearEnd(): void {
    const { scrollTop, clientHeight, scrollHeight } = frame;
    const isNear = scrollTop + 3 * clientHeight > scrollHeight;
    if (isNear && this.#asked === undefined && this.#rows.length < this.#total) this.#ask(this.#rows.length);
  }

  /** What is asked for last is shown; answers to what was asked before come too late. */
  #ask(offset: number): void {
    const params = JSON.stringify({ search: search.value, offset, limit: PAGE });
    const asked = this.#operator.call<OverviewChannels>("overview_channels", params).then((outcome) => {
      if (this.#asked !== asked) return;
      this.#asked = undefined;
      if ("failure" in outcome)
        return this.#fail(describeFailure("ask for channels", outcome.failure, DIRECTORY_OFF));
      const { channels, total, complete } = outcome.result;
      const added = channels.map(({ channel, num_clients }, index) => ({
        id: offset + index + 1,
        channel,
        clients: num_clients,
      }));
      this.#show([...this.#rows.slice(0, offset), ...added], total, complete);
      empty.textContent = search.value === "" ? "No channel has subscribers." : "Nothing matches the search.";
      if (offset === 0) frame.scrollTop = 0;
    });
    this.#asked = asked;
  }

  #fail(words: string): void {
    this.#show([], 0, true);
    empty.textContent = words;
  }

  #show(rows: readonly ChannelRow[], total: number, isComplete: boolean): void {
    if (rows.length <= PAGE) this.#list.mark(undefined);
    this.#rows = rows;
    this.#total = Math.max(total, rows.length);
    this.#isComplete = isComplete;
    this.#list.show(rows);
    empty.hidden = rows.length > 0;
    byId("all-channels-count", HTMLElement).textContent = this.#describeCount();
  }

  #describeCount(): string {
    const all = `${this.#isComplete ? "" : "more than "}${formatMany(this.#total, "channel")}`;
    return this.#rows.length === this.#total
      ? all
      : `the ${formatCount(this.#rows.length)} largest of ${all}`;
  }
}

function createRow({ channel, clients }: ChannelRow): HTMLElement {
  return create(
    "div",
    "channel-row",
    create("span", "name", ...visible(channel)),
    create("span", "", formatCount(clients)),
  );
}
