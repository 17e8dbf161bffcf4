/** The card about one user: the connections, and what can be done with each. */

import type { UserConnection, UserConnections } from "../../overview/messages.ts";
import { byId, create, setText, visible } from "../dom.ts";
import type { ActionName, Values } from "./actions.ts";
import { describeFailure, USER_COMMANDS_OFF } from "./failure-words.ts";
import { formatDuration, formatMany } from "./formats.ts";
import type { Operator } from "./operator.ts";

const user = byId("user", HTMLInputElement);
const outcome = byId("user-outcome", HTMLElement);
const problem = byId("user-problem", HTMLElement);
const list = byId("user-connections", HTMLElement);

/** Names of channels that are shown of a connection. */
const CHANNELS_SHOWN = 10;

export interface UserPanelPorts {
  act(name: ActionName, values: Values): void;
  /** Traces one connection. */
  trace(client: string, hub: string): void;
}

export class UserPanel {
  readonly #operator: Operator;
  readonly #ports: UserPanelPorts;
  #asked = 0;

  constructor(operator: Operator, ports: UserPanelPorts) {
    this.#operator = operator;
    this.#ports = ports;
    byId("user-form", HTMLFormElement).addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#lookUp();
    });
    user.addEventListener("input", () => this.clear());
  }

  get user(): string {
    return user.value.trim();
  }

  focus(): void {
    user.focus();
  }

  /** Forgets what was looked up, and what is on its way. */
  clear(): void {
    this.#asked += 1;
    list.replaceChildren();
    say("", "");
  }

  async #lookUp(): Promise<void> {
    if (!this.#operator.rights.includes("observe")) return;
    if (this.user === "") return say("", "Name a user first.");
    this.clear();
    const asked = this.#asked;
    say("Asking the hubs of the user …", "");
    const answer = await this.#operator.call<UserConnections>(
      "user_connections",
      JSON.stringify({ user: this.user }),
    );
    if (asked !== this.#asked) return;
    if ("failure" in answer)
      return say("", describeFailure("look the user up", answer.failure, USER_COMMANDS_OFF));
    const { connections } = answer.result;
    list.replaceChildren(...connections.map((connection) => this.#createRow(connection)));
    say(describeFound(answer.result), "");
  }

  #createRow(connection: UserConnection): HTMLElement {
    const { client, hub, transport, protocol, connected_at } = connection;
    return create(
      "li",
      "",
      create("span", "mono", ...visible(client)),
      create(
        "span",
        "hint",
        ...visible(`${transport}, ${protocol} at ${hub}, for ${formatDuration(Date.now() - connected_at)}`),
      ),
      create("span", "hint", ...visible(describeChannels(connection))),
      create("div", "row small", ...this.#createButtons(connection)),
    );
  }

  #createButtons({ client, hub }: UserConnection): HTMLElement[] {
    const { rights } = this.#operator;
    const values = { user: this.user, client };
    return [
      ...(rights.includes("operate")
        ? [
            createButton("Disconnect …", () => this.#ports.act("disconnect", values)),
            createButton("Unsubscribe …", () => this.#ports.act("unsubscribe", values)),
          ]
        : []),
      ...(rights.includes("trace") ? [createButton("Trace", () => this.#ports.trace(client, hub))] : []),
    ];
  }
}

/** What was found, and what could not be. */
export function describeFound({ connections, more, unanswered }: UserConnections): string {
  const words = [formatMany(connections.length + more, "connection")];
  if (more > 0) words.push(`${more.toLocaleString("en")} are not listed`);
  if (unanswered > 0) words.push(`${formatMany(unanswered, "hub")} did not answer`);
  return `${words.join(", ")}.`;
}

function describeChannels({ channels, num_subscriptions }: UserConnection): string {
  if (num_subscriptions === 0) return "No subscriptions.";
  const shown = channels.slice(0, CHANNELS_SHOWN);
  const others = num_subscriptions - shown.length;
  return others > 0 ? `${shown.join(", ")} and ${others.toLocaleString("en")} others` : shown.join(", ");
}

function createButton(words: string, act: () => void): HTMLButtonElement {
  const button = create("button", "", words);
  button.type = "button";
  button.addEventListener("click", act);
  return button;
}

function say(words: string, trouble: string): void {
  setText(outcome, words);
  setText(problem, trouble);
  problem.hidden = trouble === "";
}
