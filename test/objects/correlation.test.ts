import { expect, test } from "vitest";
import { captureErrors } from "../support/log.ts";
import { TestRoom } from "./test-room.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;
const NEW = expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);

/** A room that keeps the header of each request that it is given. */
function tracedRoom() {
  const seen: (string | null)[] = [];
  const room = new TestRoom({
    upgrade: ({ headers }) => void seen.push(headers.get("traceparent")),
    request({ headers }) {
      seen.push(headers.get("traceparent"));
      throw new Error("broken");
    },
    message() {
      throw new Error("broken");
    },
  });
  return { room, seen };
}

test("CORR-04: a room's handler gets a request with a trace: the client's, or a new one", async () => {
  captureErrors();
  const { room, seen } = tracedRoom();
  await room.connect({ traceparent });
  await room.connect({ traceparent: "malformed" });
  await room.connect();
  await room.request({ headers: { traceparent } });
  await room.request();
  expect(seen).toEqual([traceparent, NEW, NEW, traceparent, NEW]);
});

test("CORR-03: the lines of a room's socket and request have their trace, after sleep too", async () => {
  const errors = captureErrors();
  const { room } = tracedRoom();
  const client = await room.connect({ traceparent });
  await room.sleep();
  client.send("x");
  await client.closed;
  await room.request({ headers: { traceparent } });
  expect(errors()).toMatchObject([
    { event: "room.handler_failed", connection: expect.any(String), trace: TRACE },
    { event: "room.request_failed", trace: TRACE },
  ]);
});
