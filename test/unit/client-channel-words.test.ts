import { describe, expect, test } from "vitest";
import {
  describeConnecting,
  describeDisconnect,
  describeError,
  describeUnsubscribe,
} from "../../src/client/channels/code-words.ts";
import { channelsUrl, describeToken, readToken } from "../../src/client/channels/endpoint.ts";
import type { SessionState } from "../../src/client/channels/session.ts";
import {
  describeState,
  describeTrouble,
  type SessionPicture,
} from "../../src/client/channels/session-words.ts";
import { DISCONNECTS, ERRORS, UNSUBSCRIBES } from "../../src/shared/codes.ts";
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
  const first: SessionState = { name: "connecting", code: 0, reason: "connect called" };
  const lost: SessionState = { name: "connecting", code: 1, reason: "transport closed" };
  const refused: SessionState = { name: "disconnected", code: 3500, reason: "invalid token" };
  const left: SessionState = { name: "disconnected", code: 0, reason: "disconnect called" };
  const picture = (state: SessionState, others: Partial<SessionPicture> = {}): SessionPicture => ({
    state,
    channels: 1,
    isDropped: false,
    unreached: undefined,
    refused: undefined,
    failure: undefined,
    ...others,
  });

  test("PAGE-21: the header tells the state, and the number of channels", () => {
    const connected: SessionState = { name: "connected", client: "c" };
    expect(describeState(picture(connected))).toBe("connected · 1 channel");
    expect(describeState(picture(connected, { channels: 2 }))).toBe("connected · 2 channels");
    expect(describeState(picture(first))).toBe("connecting …");
    expect(describeState(picture(lost))).toBe("transport closed, reconnecting …");
    expect(describeState(picture(lost, { isDropped: true }))).toBe("offline, dropped by you");
    expect(describeState(picture(refused))).toBe("3500 invalid token");
    expect(describeState(picture(left))).toBe("not connected");
  });

  test("PAGE-23: trouble says whether it mends itself, and what a person asked for is none", () => {
    expect(describeTrouble(picture(lost))).toMatch(/^1 transport closed\. .* It comes back by itself\.$/);
    expect(describeTrouble(picture(refused))).toMatch(
      /^3500 invalid token\. .* does not come back by itself\.$/,
    );
    expect([describeTrouble(picture(left)), describeTrouble(picture(lost, { isDropped: true }))]).toEqual([
      "",
      "",
    ]);
  });

  test("PAGE-50: a connect that failed for the moment is told by its code, until it works or is given up", () => {
    const unanswered = { failure: { code: 1, message: "timeout" } };
    expect(describeState(picture(first, unanswered))).toBe("timeout, will try again");
    expect(describeTrouble(picture(first, unanswered))).toBe(
      "1 timeout. It was not answered in time. It is tried again.",
    );
    const { code, message } = ERRORS.tooManyRequests;
    expect(describeTrouble(picture(lost, { failure: { code, message } }))).toMatch(
      /^111 .* It is tried again\.$/,
    );
    expect(describeTrouble(picture({ name: "connected", client: "c" }, unanswered))).toBe("");
    expect(describeState(picture(left, unanswered))).toBe("not connected");
  });

  test("PAGE-33: an endpoint that was never reached is named, until it is left or reached", () => {
    const unreached = { unreached: "ws://nowhere.example:9/x" };
    expect(describeState(picture(first, unreached))).toBe("cannot reach nowhere.example:9");
    expect(describeTrouble(picture(first, unreached))).toBe(
      "Cannot reach ws://nowhere.example:9/x: nothing answers there, or it refuses this page. Browsers do not say which. It is tried again.",
    );
    expect(describeTrouble(picture(first))).toBe("");
    expect(describeTrouble(picture(left, unreached))).toBe("");
    expect(describeState(picture(lost, unreached))).toBe("transport closed, reconnecting …");
  });
});

describe("endpoint and tokens", () => {
  test("PAGE-21: the endpoint is on the host of the page", () => {
    expect(channelsUrl("https://example.com:8443/")).toBe("wss://example.com:8443/connection/websocket");
    expect(channelsUrl("http://localhost:8080/")).toBe("ws://localhost:8080/connection/websocket");
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
