import { describe, expect, test } from "vitest";
import {
  type CloseDefinition,
  DISCONNECTS,
  mayReconnect,
  ROOM_CLOSES,
  UNSUBSCRIBES,
} from "../../src/shared/codes.ts";

const reconnecting = (closes: Readonly<Record<string, CloseDefinition>>) =>
  Object.values(closes).map(({ code, reconnect }) => [code, reconnect]);

describe("whether a client comes back", () => {
  test.each([
    [3000, true],
    [3499, true],
    [3500, false],
    [3999, false],
    [4000, true],
    [4499, true],
    [4500, false],
    [4999, false],
  ])("after %i: %s", (code, expected) => expect(mayReconnect(code)).toBe(expected));

  test("every disconnect from 3000 on says of itself what its code says", () => {
    const disconnects = Object.values(DISCONNECTS).filter(({ code }) => code >= 3000);
    for (const { code, reconnect } of disconnects)
      expect([code, mayReconnect(code)]).toEqual([code, reconnect]);
    // The one that has a code of the WebSocket protocol says it by itself.
    const { messageTooLarge } = DISCONNECTS;
    expect(Object.values(DISCONNECTS).length).toBe(disconnects.length + 1);
    expect([messageTooLarge.code, messageTooLarge.reconnect]).toEqual([1009, false]);
  });

  test("unsubscribes follow the opposite rule: a client subscribes again from 2500 on", () => {
    for (const [code, again] of reconnecting(UNSUBSCRIBES))
      expect([code, Number(code) >= 2500]).toEqual([code, again]);
  });

  test("closes of a room have codes of the WebSocket protocol: no rule but their own words", () => {
    const final = reconnecting(ROOM_CLOSES).filter(([, reconnect]) => !reconnect);
    expect(final.map(([code]) => code).sort()).toEqual([1002, 1007, 1009]);
    for (const [code] of reconnecting(ROOM_CLOSES)) expect(code).toBeLessThan(3000);
  });
});
