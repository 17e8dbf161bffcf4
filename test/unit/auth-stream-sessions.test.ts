import { expect, test } from "vitest";
import { createSession, isSessionOf, sessionKey } from "../../src/auth/stream-sessions.ts";

const HUB = "home/chat:1";

test("HTTP-07: a session is known at its hub, with the same secrets, and nowhere else", async () => {
  const key = await sessionKey(["a", undefined, "b"]);
  const session = await createSession(key, HUB);
  expect(session).toMatch(/^[\w-]{22}\.[\w-]{43}$/);
  expect(await isSessionOf(await sessionKey(["a", undefined, "b"]), session, HUB)).toBe(true);
  expect(await isSessionOf(key, session, "home/chat:2")).toBe(false);
  expect(await isSessionOf(await sessionKey(["a", "b", undefined]), session, HUB)).toBe(false);
});

test("HTTP-07: each is another one, and what was changed or invented is none", async () => {
  const key = await sessionKey(["a"]);
  const session = await createSession(key, HUB);
  expect(await createSession(key, HUB)).not.toBe(session);
  const changed = (at: number) =>
    session.slice(0, at) + (session[at] === "A" ? "B" : "A") + session.slice(at + 1);
  for (const wrong of [
    "",
    ".",
    crypto.randomUUID(),
    `${session}A`,
    changed(0),
    changed(30),
    session.replace(".", ""),
  ])
    expect(await isSessionOf(key, wrong, HUB)).toBe(false);
});
