import { expect, test } from "vitest";
import { describeRefusal } from "../../src/client/refusal-words.ts";

const error = (code: string, message: string) => JSON.stringify({ error: { code, message } });
const describe = (status: number, body = "", protocols: string[] = [], protocol = "") =>
  describeRefusal("hello", protocols, { status, protocol, body });

test.each([
  [401, "sign in first", "Refused: 401: sign in first.", true],
  [401, "who are you?", "Refused: 401: who are you?", true],
  [403, "", "Refused: 403: refused without a reason.", true],
  [404, error("unknown_kind", "there is no such kind"), "Refused: 404: there is no such kind.", true],
  [429, error("too_many_connections", "too many"), "Refused: 429: too many.", false],
  [503, error("room_full", "the room is full"), "Refused: 503: the room is full.", false],
  [302, "", "Refused: 302: this address answers with something else than a WebSocket.", true],
  [200, "<html>", "Refused: 200: this address answers with something else than a WebSocket.", true],
])("PAGE-42: %i is told as what it is", (status, body, text, isFinal) => {
  expect(describe(status, body)).toEqual({ text, isFinal });
});

test("PAGE-42: a subprotocol is at fault where others would be accepted", () => {
  expect(describe(204, "", ["unheard"])).toEqual({
    text: "Refused: this room speaks none of the subprotocols: unheard.",
    isFinal: true,
  });
  expect(describe(204, "", ["echo"], "echo").isFinal).toBe(false);
  expect(describe(204).text).toMatch(/^The gateway would accept this connection now/);
});

test("PAGE-43: how to turn a kind on stands beside its refusal", () => {
  expect(describe(404, error("kind_not_public", "it is not public")).text).toBe(
    'Refused: 404: it is not public. To turn it on, write rooms: { public: ["hello"] } ' +
      "into the gateway's configuration (src/config.ts, or channels of createGateway), and deploy.",
  );
});
