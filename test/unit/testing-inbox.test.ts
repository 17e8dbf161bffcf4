import { expect, test } from "vitest";
import type { Closing } from "../../src/testing/client-end.ts";
import { Inbox } from "../../src/testing/inbox.ts";

/** An inbox of words, and the events of its socket. */
function inboxWithin(patience: number) {
  const socket = new EventTarget();
  const inbox = new Inbox<string>(
    Object.assign(socket, { send() {}, close() {} }) as never,
    (frame) => String(frame).split(" "),
    () => patience,
  );
  return {
    inbox,
    arrive: (data: string) => socket.dispatchEvent(Object.assign(new Event("message"), { data })),
    end: (closing: Closing) => socket.dispatchEvent(Object.assign(new Event("close"), closing)),
  };
}

test("KIT-01: what is meant is taken, whenever it comes, and the rest waits", async () => {
  const { inbox, arrive } = inboxWithin(60_000);
  const long = inbox.take((word) => word.length > 3, "a long word");
  const any = inbox.take(() => true, "a word");
  arrive("one");
  arrive("four five");
  expect(await Promise.all([long, any])).toEqual(["four", "one"]);
  expect(inbox.items).toEqual(["five"]);
});

test("KIT-01: what does not come in time is named, with what has come instead", async () => {
  const { inbox, arrive } = inboxWithin(1);
  arrive("one");
  await expect(inbox.take((word) => word === "two", "a two")).rejects.toThrow(
    'waited 1 ms for a two, have ["one"]',
  );
  await expect(inbox.closed()).rejects.toThrow("waited 1 ms for a close");
});

test("KIT-01: what has come before the end can still be taken after it", async () => {
  const { inbox, arrive, end } = inboxWithin(60_000);
  arrive("one");
  end({ code: 1000, reason: "bye" });
  expect(await inbox.closed()).toEqual({ code: 1000, reason: "bye" });
  expect(await inbox.take(() => true, "a word")).toBe("one");
  await expect(inbox.take(() => true, "a word")).rejects.toThrow('closed with {"code":1000,"reason":"bye"}');
});
