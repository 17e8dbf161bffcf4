import { CONTROL_OPTIONS, controlHome } from "./control.ts";
import { type ChannelName, type NameCheck, parseChannel } from "./names.ts";
import type { Namespaces } from "./namespaces.ts";
import type { ChannelOptions } from "./options.ts";
import { homeName } from "./placement.ts";

/** What follows from a channel's name. */
export interface ChannelFacts {
  readonly name: ChannelName;
  readonly check: NameCheck;
  /** Undefined when the namespace is not configured. */
  readonly options: ChannelOptions | undefined;
  /** The home of the channel. */
  readonly home: string;
}

/** How many names are remembered; past that, all are forgotten and looked up again. */
const REMEMBERED = 10_000;

/** Looks up the facts of channels and remembers them. */
export class ChannelBook {
  readonly #namespaces: Namespaces;
  readonly #facts = new Map<string, ChannelFacts>();

  constructor(namespaces: Namespaces) {
    this.#namespaces = namespaces;
  }

  factsOf(channel: string): ChannelFacts {
    return this.#facts.get(channel) ?? this.#lookUp(channel);
  }

  #lookUp(channel: string): ChannelFacts {
    const facts = this.#controlFactsOf(channel) ?? this.#factsOf(channel);
    // An invalid name may be as long as a message.
    if (facts.check !== "ok") return facts;
    if (this.#facts.size >= REMEMBERED) this.#facts.clear();
    this.#facts.set(channel, facts);
    return facts;
  }

  #factsOf(channel: string): ChannelFacts {
    const name = parseChannel(channel);
    const options = this.#namespaces.optionsOf(name);
    return { name, check: this.#namespaces.checkName(name), options, home: homeName(name.key) };
  }

  /** The facts of a control channel: the hubs that follow it need options, but no command may use its name. */
  #controlFactsOf(channel: string): ChannelFacts | undefined {
    const home = controlHome(channel);
    if (home === undefined) return undefined;
    return { name: parseChannel(channel), check: "bad characters", options: CONTROL_OPTIONS, home };
  }
}
