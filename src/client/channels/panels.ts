/** The subscriptions on the page, side by side, and the form that adds one. */

import { byId } from "../dom.ts";
import { Panel } from "./panel.ts";
import type { ChannelListener, ChannelSession } from "./session.ts";

const area = byId("panels", HTMLElement);
const channelField = byId("channel", HTMLInputElement);
const tokenField = byId("subscription-token", HTMLInputElement);
const problem = byId("channel-problem", HTMLElement);

export class Panels {
  readonly #session: ChannelSession;
  readonly #changed: () => void;
  readonly #panels = new Map<string, Panel>();
  /** The ids that this page's client has had: what was recovered may be its own, under an earlier one. */
  readonly #ownClients = new Set<string>();
  #isConnected = false;

  /** @param changed is called when a panel comes or goes. */
  constructor(session: ChannelSession, changed: () => void) {
    this.#session = session;
    this.#changed = changed;
    byId("subscribe-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#addFromForm();
    });
    channelField.addEventListener("input", () => showProblem(""));
  }

  /** Subscribes to a channel, and gives it a panel. */
  add(channel: string, token: string): void {
    const panel = this.#create(channel, false);
    this.#session.subscribe(channel, token, panel);
  }

  /** The panel of a channel that the server has subscribed this client to. */
  addServerSide(channel: string): ChannelListener {
    return this.#panels.get(channel) ?? this.#create(channel, true);
  }

  /** Remembers a client id as the page's own. */
  own(client: string): void {
    this.#ownClients.add(client);
  }

  enable(isConnected: boolean): void {
    this.#isConnected = isConnected;
    for (const panel of this.#panels.values()) panel.enable(isConnected);
  }

  focusFirst(): void {
    const [first] = this.#panels.values();
    first?.focus();
  }

  get count(): number {
    return this.#panels.size;
  }

  #addFromForm(): void {
    const channel = channelField.value.trim();
    const found = this.#findProblem(channel);
    showProblem(found);
    if (found !== "") return;
    this.add(channel, tokenField.value.trim());
    channelField.value = "";
    tokenField.value = "";
  }

  #findProblem(channel: string): string {
    if (channel === "") return "A channel needs a name, such as public:lobby.";
    return this.#panels.has(channel) ? "This channel has its panel already." : "";
  }

  #create(channel: string, isServerSide: boolean): Panel {
    const panel = new Panel({
      channel,
      isServerSide,
      session: this.#session,
      isOwn: (client) => this.#ownClients.has(client),
      removed: () => this.#remove(channel, panel),
    });
    panel.enable(this.#isConnected);
    this.#panels.set(channel, panel);
    area.append(panel.root);
    this.#show();
    return panel;
  }

  #remove(channel: string, panel: Panel): void {
    panel.root.remove();
    this.#panels.delete(channel);
    this.#show();
    channelField.focus();
  }

  #show(): void {
    byId("no-panels", HTMLElement).hidden = this.#panels.size > 0;
    this.#changed();
  }
}

function showProblem(text: string): void {
  problem.textContent = text;
  problem.hidden = text === "";
}
