import { describe, expect, test } from "vitest";
import {
  describeConnecting,
  describeDisconnect,
  describeError,
  describeUnsubscribe,
} from "../../src/client/channels/code-words.ts";
import { channelsUrl, describeToken, readToken } from "../../src/client/channels/endpoint.ts";
import type { SessionState } from "../../src/client/channels/session.ts";
import { describeState, describeTrouble } from "../../src/client/channels/session-words.ts";
import { DISCONNECTS, ERRORS, UNSUBSCRIBES } from "../../src/codes.ts";
import { sign } from "../support/tokens.ts";

describe("codes in words", () => {
  test("PAGE-23: every code of the gateway has its name and a meaning", () => {
    for (const { code, reason } of Object.values(DISCONNECTS)) {
      expect(describeDisconnect(code, "")).toEqual({ name: reason, meaning: expect.stringMatching(/\.$/) });
    }
    for (const { code, reason } of Object.values(UNSUBSCRIBES)) {
      expect(describeUnsubscribe(code, "")).toEqual({ name: reason, meaning: expect.stringMatching(/\.$/) });
    }
    for (const { code, message } of Object.values(ERRORS)) {
      expect(describeError(code, "").name).toBe(message);
      expect(describeUnsubscribe(code, "").name).toBe(message);
      expect(describeDisconnect(code, "").name).toBe(message);
    }
  });

  test("PAGE-23: the SDK's own codes mean another thing in each state", () => {
    expect(describeDisconnect(1, "").name).toBe("unauthorized");
    expect(describeConnecting(1, "").name).toBe("transport closed");
    expect(describeUnsubscribe(0, "").meaning).toMatch(/position is kept/);
  });

  test("PAGE-23: a code of the application keeps its own reason", () => {
    expect(describeDisconnect(4_501, "banned for a day").name).toBe("banned for a day");
  });
});

describe("the session in words", () => {
  const lost: SessionState = { name: "connecting", code: 1, reason: "transport closed" };
  const refused: SessionState = { name: "disconnected", code: 3500, reason: "invalid token" };
  const left: SessionState = { name: "disconnected", code: 0, reason: "disconnect called" };

  test("PAGE-21: the header tells the state, and the number of channels", () => {
    const connected: SessionState = { name: "connected", client: "c" };
    expect(describeState(connected, 1, false)).toBe("connected · 1 channel");
    expect(describeState(connected, 2, false)).toBe("connected · 2 channels");
    expect(describeState({ name: "connecting", code: 0, reason: "" }, 1, false)).toBe("connecting …");
    expect(describeState(lost, 1, false)).toBe("transport closed, reconnecting …");
    expect(describeState(lost, 1, true)).toBe("offline, dropped by you");
    expect(describeState(refused, 1, false)).toBe("3500 invalid token");
    expect(describeState(left, 1, false)).toBe("not connected");
  });

  test("PAGE-23: trouble says whether it mends itself, and what a person asked for is none", () => {
    expect(describeTrouble(lost, false)).toMatch(/^1 transport closed\. .* It comes back by itself\.$/);
    expect(describeTrouble(refused, false)).toMatch(
      /^3500 invalid token\. .* does not come back by itself\.$/,
    );
    expect([describeTrouble(left, false), describeTrouble(lost, true)]).toEqual(["", ""]);
  });
});

describe("endpoint and tokens", () => {
  test("PAGE-21: the endpoint is on the host of the page", () => {
    expect(channelsUrl("https://example.com:8443")).toBe("wss://example.com:8443/connection/websocket");
    expect(channelsUrl("http://localhost:8080")).toBe("ws://localhost:8080/connection/websocket");
  });

  test("PAGE-22: a token tells its user and its end, unchecked", async () => {
    expect(readToken(await sign({ sub: "Zoë", exp: 2_000 }))).toEqual({ user: "Zoë", expiresAt: 2_000_000 });
    expect(readToken(await sign({}))).toEqual({ user: "", expiresAt: undefined });
    expect(describeToken(await sign({ sub: "ada", exp: 2_000 }), 1_999_000)).toMatch(
      /user “ada”, good until Jan/,
    );
    expect(describeToken(await sign({ sub: "ada", exp: 2_000 }), 2_000_000)).toMatch(
      /expired since Jan 1, 1970/,
    );
    expect(describeToken(await sign({}), 0)).toBe("A JWT for no user that does not expire.");
  });

  test.each(["x", "a.b", "a.b.c", "..", "a.bnVsbA.c"])(
    "PAGE-22: “%s” is no token, and that is said",
    (text) => {
      expect(readToken(text)).toBeUndefined();
      expect(describeToken(text, 0)).toMatch(/no JWT/);
    },
  );

  test("PAGE-22: without a token one is anonymous", () => {
    expect(describeToken("", 0)).toMatch(/anonymous/);
  });
});
