import fc from "fast-check";
import { expect, test } from "vitest";
import { isOnGateway } from "../../src/client/gateway-base.ts";
import {
  readPageAddress,
  usualChannels,
  withChannels,
  withOverview,
  withSocket,
} from "../../src/client/page-address.ts";

const BASE = "http://localhost:8080/";
const USUAL = ["public:lobby"];
const read = (query: string) => readPageAddress(BASE, query);

test("PAGE-44: what was connected and shown comes back from the address", () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      fc.string(),
      fc.uniqueArray(fc.string({ minLength: 1 })),
      (...given) => {
        const [room, subprotocol, channels] = given;
        const url = `ws://localhost:8080/rooms/chat/${encodeURIComponent(room)}`;
        const query = withChannels(withSocket(BASE, "", url, subprotocol), channels, USUAL);
        expect(read(query)).toMatchObject({ url, subprotocol, channels: channels.slice(0, 16) });
      },
    ),
  );
});

test("PAGE-44: what is shown anyway needs no words", () => {
  expect(withSocket(BASE, "?kind=echo&room=a&channel=a", "ws://localhost:8080/ws", "")).toBe("?channel=a");
  expect(withChannels("?channel=a", USUAL, USUAL)).toBe("");
  expect(read("")).toEqual({
    url: undefined,
    subprotocol: "",
    channels: undefined,
    hub: undefined,
    search: "",
  });
});

test("PAGE-44: the hub and the search of the overview come back, beside what the other views show", () => {
  const query = withOverview(withOverview("?channel=a", { hub: "home/chat:1" }), { search: "chat: b" });
  expect(query).toBe("?channel=a&hub=home%2Fchat:1&search=chat:+b");
  expect(read(query)).toMatchObject({ channels: ["a"], hub: "home/chat:1", search: "chat: b" });
  expect(withOverview(query, { search: "" })).toBe("?channel=a&hub=home%2Fchat:1");
  expect(read("?hub=&search=").hub).toBeUndefined();
});

test("PAGE-44: that there is no channel is told too", () => {
  expect(withChannels("", [], USUAL)).toBe("?channel=");
  expect(read("?channel=").channels).toEqual([]);
});

test("PAGE-44: an address elsewhere is told as it is, and known as one", () => {
  const query = withSocket(BASE, "", "wss://example.com/ws", "");
  expect(query).toBe("?url=wss:%2F%2Fexample.com%2Fws");
  expect(read(query).url).toBe("wss://example.com/ws");
  expect([isOnGateway(BASE, "wss://example.com/ws"), isOnGateway(BASE, "ws://localhost:8080/x")]).toEqual([
    false,
    true,
  ]);
});

test("PAGE-44: a link subscribes to 16 channels at most, with names that may be", () => {
  const many = Array.from({ length: 40 }, (_, index) => `a:${index}`);
  expect(read(withChannels("", many, USUAL)).channels).toEqual(many.slice(0, 16));
  expect(read(`?channel=${"x".repeat(256)}`).channels).toEqual([]);
});

test("PAGE-44: a link that names a channel twice subscribes to it once", () => {
  expect(read("?channel=a&channel=b&channel=a").channels).toEqual(["a", "b"]);
});

test.each([
  [[], []],
  [[""], ["lobby"]],
  [["public", "news"], ["public:lobby"]],
])("PAGE-43: of the namespaces %j, the page shows the channels %j", (namespaces, channels) => {
  expect(usualChannels(namespaces)).toEqual(channels);
});
