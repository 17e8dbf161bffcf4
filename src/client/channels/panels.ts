/** The subscriptions on the page, side by side, and the form that adds one. */

import { byId, setText } from "../dom.ts";
import { Panel } from "./panel.ts";
import type { ChannelListener, ChannelSession } from "./session.ts";

const NAME_CHARACTERS = 40;

const area = byId("panels", HTMLElement);
const channelField = byId("channel", HTMLInputElement);
const tokenField = byId("subscription-token", HTMLInputElement);
const problemLine = byId("channel-problem", HTMLElement);

export class Panels {
  readonly #session: ChannelSession;
  readonly #changed: () => void;
  readonly #panels = new Map<string, Panel>();
  /** The ids that this page's client has had: what was recovered may be its own, under an earlier one. */
  readonly #ownClients = new Set<string>();
  #isConnected = false;
  /** The channel that the form has asked for last: why it is refused is told there too. */
  #asked: string | undefined;

  /** @param changed is called when a subscription comes or goes. */
  constructor(session: ChannelSession, changed: () => void) {
    this.#session = session;
    this.#changed = changed;
    byId("subscribe-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      this.#addFromForm();
    });
    byId("subscribe", HTMLButtonElement).disabled = false;
    channelField.addEventListener("input", () => {
      this.#asked = undefined;
      showProblem("");
    });
  }

  /** Subscribes to a channel, and gives it a panel. */
  add(channel: string, token: string): Panel {
    const panel = this.#create(channel, false);
    this.#session.subscribe(channel, token, panel);
    return panel;
  }

  /** The panel of a channel that the server has subscribed this client to. */
  addServerSide(channel: string): ChannelListener {
    return this.#panels.get(channel) ?? this.#create(channel, true);
  }

  has(channel: string): boolean {
    return this.#panels.has(channel);
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

  /** The channels that have panels here because a person, or a link, asked for them. */
  get wanted(): string[] {
    return [...this.#panels].filter(([, panel]) => !panel.isServerSide).map(([channel]) => channel);
  }

  /** Offers channels in the form. */
  suggest(channels: readonly string[]): void {
    const [example] = channels;
    if (example !== undefined) channelField.placeholder = example;
    byId("channels-known", HTMLDataListElement).replaceChildren(
      ...channels.map((name) => new Option("", name)),
    );
  }

  /** Channels that this client is subscribed to now. */
  get subscribed(): number {
    return [...this.#panels.values()].filter(({ isSubscribed }) => isSubscribed).length;
  }

  #addFromForm(): void {
    const channel = channelField.value.trim();
    const found = this.#findProblem(channel);
    showProblem(found);
    this.#panels.get(channel)?.reveal();
    if (found !== "") return;
    this.#asked = channel;
    this.add(channel, tokenField.value.trim()).reveal();
    channelField.value = "";
    tokenField.value = "";
  }

  #findProblem(channel: string): string {
    if (channel === "") return "A channel needs a name.";
    return this.#panels.has(channel) ? "This channel has its panel already." : "";
  }

  #create(channel: string, isServerSide: boolean): Panel {
    const panel = new Panel({
      channel,
      isServerSide,
      session: this.#session,
      isOwn: (client) => this.#ownClients.has(client),
      removed: () => this.#remove(channel, panel),
      changed: this.#changed,
      refused: (problem) => this.#tell(channel, panel, problem),
    });
    panel.enable(this.#isConnected);
    this.#panels.set(channel, panel);
    area.append(panel.root);
    this.#show();
    return panel;
  }

  #tell(channel: string, panel: Panel, problem: string): void {
    const words = problem === "" ? "" : `“${shorten(channel)}”: ${problem}`;
    if (channel !== this.#asked || words === problemLine.textContent) return;
    showProblem(words);
    if (words !== "") panel.reveal();
  }

  #remove(channel: string, panel: Panel): void {
    this.#tell(channel, panel, "");
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
  setText(problemLine, text);
  problemLine.hidden = text === "";
}

function shorten(name: string): string {
  return name.length > NAME_CHARACTERS ? `${name.slice(0, NAME_CHARACTERS)}…` : name;
}
