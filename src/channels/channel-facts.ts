import { CONTROL_OPTIONS } from "./control.ts";
import { internalHome } from "./internal.ts";
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
  readonly #own: string | undefined;
  readonly #facts = new Map<string, ChannelFacts>();

  /** @param own The one channel of the gateway itself that connections may have here. */
  constructor(namespaces: Namespaces, own?: string) {
    this.#namespaces = namespaces;
    this.#own = own;
  }

  factsOf(channel: string): ChannelFacts {
    return this.#facts.get(channel) ?? this.#lookUp(channel);
  }

  #lookUp(channel: string): ChannelFacts {
    const facts = this.#internalFactsOf(channel) ?? this.#factsOf(channel);
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

  /** The facts of a channel of the gateway itself: hubs need its options, but no command may use its name. */
  #internalFactsOf(channel: string): ChannelFacts | undefined {
    const home = internalHome(channel);
    if (home === undefined) return undefined;
    const check = channel === this.#own ? "ok" : "bad characters";
    return { name: parseChannel(channel), check, options: CONTROL_OPTIONS, home };
  }
}
