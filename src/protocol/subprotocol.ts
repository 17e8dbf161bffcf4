import type { Encoding } from "./codecs.ts";

/** The subprotocols by which a WebSocket says what it speaks. */
export const SUBPROTOCOLS: Readonly<Record<Encoding, string>> = {
  json: "centrifuge-json",
  protobuf: "centrifuge-protobuf",
};

/** The subprotocol to name in the 101, `""` for none: browsers give up when they offered some and none is named. */
export function chooseSubprotocol(request: Request): string {
  const offers = offered(request);
  return Object.values(SUBPROTOCOLS).find((protocol) => offers.includes(protocol)) ?? "";
}

/** What a client wants to speak: JSON, unless it says Protobuf in any of the three ways. */
export function chooseEncoding(request: Request): Encoding {
  const { searchParams } = new URL(request.url);
  const isProtobuf =
    chooseSubprotocol(request) === SUBPROTOCOLS.protobuf ||
    searchParams.get("cf_protocol") === "protobuf" ||
    searchParams.get("format") === "protobuf";
  return isProtobuf ? "protobuf" : "json";
}

function offered(request: Request): string[] {
  return (request.headers.get("Sec-WebSocket-Protocol") ?? "").split(",").map((protocol) => protocol.trim());
}
