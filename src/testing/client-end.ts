/** How a connection ended, as its client sees it. */
export interface Closing {
  readonly code: number;
  readonly reason: string;
}

/** A client's end of a WebSocket that is open. */
export interface ClientEnd {
  send(frame: string | ArrayBuffer | ArrayBufferView): void;
  close(code?: number, reason?: string): void;
  addEventListener(kind: "message", listen: (event: { readonly data: unknown }) => void): void;
  addEventListener(kind: "close", listen: (event: Closing) => void): void;
}
