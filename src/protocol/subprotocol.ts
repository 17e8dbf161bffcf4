const JSON_SUBPROTOCOL = "centrifuge-json";
const PROTOBUF_SUBPROTOCOL = "centrifuge-protobuf";

/** The subprotocol to name in the 101, `""` for none: browsers give up when they offered some and none is named. */
export function chooseSubprotocol(request: Request): string {
  const offers = offered(request);
  return [JSON_SUBPROTOCOL, PROTOBUF_SUBPROTOCOL].find((protocol) => offers.includes(protocol)) ?? "";
}

/** Whether a client wants to speak Protobuf, in any of the three ways to say so. */
export function asksForProtobuf(request: Request): boolean {
  const { searchParams } = new URL(request.url);
  return (
    chooseSubprotocol(request) === PROTOBUF_SUBPROTOCOL ||
    searchParams.get("cf_protocol") === "protobuf" ||
    searchParams.get("format") === "protobuf"
  );
}

function offered(request: Request): string[] {
  return (request.headers.get("Sec-WebSocket-Protocol") ?? "").split(",").map((protocol) => protocol.trim());
}
