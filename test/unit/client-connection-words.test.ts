import { expect, test } from "vitest";
import type { ConnectionState } from "../../src/client/connection.ts";
import { describeConnection } from "../../src/client/connection-words.ts";
import { cannotReach } from "../../src/client/reach-words.ts";

const describe = (state: ConnectionState, url = "ws://nowhere.example:9/x?y") =>
  describeConnection(state, { url, protocols: [] }, false);

test("PAGE-07: what was connected and is not any more is lost", () => {
  expect(describe({ name: "waiting", until: 0, attempt: 1, isLost: true })).toBe("lost, will reconnect");
});

test("PAGE-33: what was never connected is not lost: its host cannot be reached", () => {
  const waiting = { name: "waiting", until: 0, attempt: 1, isLost: false } as const;
  expect(describe(waiting)).toBe("cannot reach nowhere.example:9");
  expect(describe(waiting, "ws://[::1]/ws")).toBe("cannot reach [::1]");
  expect(cannotReach("ws://nowhere.example:9/x")).toBe(
    "Cannot reach ws://nowhere.example:9/x: nothing answers there, or it refuses this page. Browsers do not say which.",
  );
});

test("PAGE-42: what the gateway refuses for now is not called unreachable", () => {
  const waiting = { name: "waiting", until: 0, attempt: 1, isLost: true } as const;
  expect(describeConnection(waiting, { url: "ws://x/", protocols: [] }, true)).toBe(
    "refused, will try again",
  );
});

test("PAGE-01: every other state has its words", () => {
  expect(describe({ name: "open", protocol: "", extensions: "" })).toBe("open · /x");
  expect(describe({ name: "connecting", attempt: 0 })).toBe("connecting …");
  expect(describe({ name: "connecting", attempt: 2 })).toBe("reconnecting, attempt 2 …");
  expect([describe({ name: "closing" }), describe({ name: "closed" })]).toEqual([
    "closing …",
    "not connected",
  ]);
});
