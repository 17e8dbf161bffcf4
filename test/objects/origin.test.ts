import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import type { Env } from "../../src/deployment/env.ts";
import { appOf } from "../gateway/classes.ts";
import { handshakeHeaders } from "../support/handshake-headers.ts";
import { accept, GATEWAY } from "./client.ts";
import { testKinds } from "./kinds.ts";
import { TestRoom } from "./test-room.ts";

const DEVELOPMENT = { ENVIRONMENT: "development" };
const PRODUCTION = { ENVIRONMENT: "production" };

async function statusFor(origin: string | undefined, variables: Partial<Env>, path = "/ws"): Promise<number> {
  const request = new Request(GATEWAY + path, { headers: handshakeHeaders({ Origin: origin }) });
  const response = await appOf(testKinds).fetch(request, { ...env, ...variables });
  if (response.webSocket) accept(response);
  return response.status;
}

test("ORIGIN-01: a page of the gateway itself may connect", async () => {
  expect(await statusFor(GATEWAY, PRODUCTION)).toBe(101);
});

test("ORIGIN-02: another page gets 403, and no handler hears of it", async () => {
  let upgrades = 0;
  const room = new TestRoom({
    upgrade() {
      upgrades += 1;
    },
    message() {},
  });
  expect(await statusFor("https://evil.test", PRODUCTION, room.path)).toBe(403);
  expect(upgrades).toBe(0);
  expect(await statusFor("https://friend.test", { ALLOWED_ORIGINS: "https://friend.test" }, room.path)).toBe(
    101,
  );
  expect(upgrades).toBe(1);
});

test("ORIGIN-03 ORIGIN-04 ORIGIN-05: ALLOWED_ORIGINS lists who else may", async () => {
  const listed = { ...PRODUCTION, ALLOWED_ORIGINS: "https://friend.test, *.example.com\nnull" };
  expect(await statusFor("https://friend.test", listed)).toBe(101);
  expect(await statusFor("https://a.example.com", listed)).toBe(101);
  expect(await statusFor("null", listed)).toBe(101);
  expect(await statusFor("https://evil-example.com", listed)).toBe(403);
  expect(await statusFor("https://evil.test", { ...PRODUCTION, ALLOWED_ORIGINS: "*" })).toBe(101);
});

test("ORIGIN-06: pages on localhost and from a file may connect in development only", async () => {
  for (const origin of [
    "http://localhost:3000",
    "http://127.0.0.1:8080",
    "http://[::1]",
    "null",
    "file://",
  ]) {
    expect([origin, await statusFor(origin, DEVELOPMENT)]).toEqual([origin, 101]);
    expect([origin, await statusFor(origin, PRODUCTION)]).toEqual([origin, 403]);
    expect([origin, await statusFor(origin, { ENVIRONMENT: "" })]).toEqual([origin, 403]);
  }
  expect(await statusFor("https://evil.test", DEVELOPMENT)).toBe(403);
});

test("ORIGIN-07: a client that is no page has no Origin, and passes", async () => {
  expect(await statusFor(undefined, PRODUCTION)).toBe(101);
});
