/** What the page has to know of its gateway. */
export interface GatewayFacts {
  readonly kinds: readonly {
    readonly name: string;
    /** Subprotocols that it speaks. */
    readonly protocols: readonly string[];
    /** What a client sends to be answered by the runtime, if the kind has a heartbeat. */
    readonly heartbeat?: string;
  }[];
  /** Namespaces in which a client may subscribe without a token; "" stands for channels without one. */
  readonly namespaces: readonly string[];
}
