import { EventSource } from "eventsource";

const GONE = () => new TypeError("there is no network");

/** The network of a client whose transport is HTTP: what it has asked for, and whether anything gets through. */
export class HttpNetwork {
  /** Whether nothing gets through. */
  isAway = false;
  /** Streams that were opened. */
  opened = 0;
  /** Commands that were posted. */
  posted = 0;
  /** The statuses that streams were answered with. */
  readonly statuses: number[] = [];
  readonly #open = new Set<AbortController>();

  readonly fetch = async (url: string | URL | Request, init: RequestInit = {}): Promise<Response> => {
    if (this.isAway) throw GONE();
    const isStream = !String(url).endsWith("/emulation");
    if (isStream) this.opened += 1;
    else this.posted += 1;
    const cut = new AbortController();
    this.#open.add(cut);
    const signals = init.signal ? [init.signal, cut.signal] : [cut.signal];
    const response = await fetch(url, { ...init, signal: AbortSignal.any(signals) });
    if (isStream) this.statuses.push(response.status);
    return response;
  };

  /** `EventSource` on this network. */
  get EventSource(): new (
    url: string | URL,
  ) => EventSource {
    const { fetch } = this;
    return class extends EventSource {
      constructor(url: string | URL) {
        super(url, { fetch: fetch as never });
      }
    };
  }

  /** Ends everything that is under way. */
  cut(): void {
    for (const open of this.#open) open.abort(GONE());
    this.#open.clear();
  }
}
