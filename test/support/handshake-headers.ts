const HANDSHAKE = {
  Upgrade: "websocket",
  "Sec-WebSocket-Version": "13",
  "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
};

/** Headers of a valid handshake, changed as given; `undefined` leaves one out. */
export function handshakeHeaders(changes: Record<string, string | undefined> = {}): Headers {
  const entries = Object.entries({ ...HANDSHAKE, ...changes });
  return new Headers(entries.filter((entry): entry is [string, string] => entry[1] !== undefined));
}
