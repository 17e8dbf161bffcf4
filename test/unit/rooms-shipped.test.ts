import { expect, test } from "vitest";
import { resolveConfig } from "../../src/config/config.ts";
import { shippedKinds, withPublicKinds } from "../../src/rooms/shipped.ts";

const own = { message() {} };
const PRODUCTION = { ENVIRONMENT: "production" };

const kindsWith = (open?: ("hello" | "echo" | "broadcast")[]) =>
  Object.keys(
    withPublicKinds({ own }, resolveConfig(open ? { rooms: { public: open } } : {}, PRODUCTION).rooms),
  );

test("ROOM-21: a gateway has the kinds that ship only where rooms.public names them", () => {
  expect(kindsWith()).toEqual(["own"]);
  expect(kindsWith(["hello"])).toEqual(["hello", "own"]);
  expect(kindsWith(["echo", "broadcast"])).toEqual(["echo", "broadcast", "own"]);
});

test("ROOM-21: a kind that it is given is there, whatever it is, and goes before one that ships", () => {
  expect(withPublicKinds({ echo: own }, { public: ["echo"] }).echo).toBe(own);
  expect(Object.keys(withPublicKinds({ ...shippedKinds }, { public: [] }))).toEqual(
    Object.keys(shippedKinds),
  );
});

test("ROOM-21: rooms.public names nothing but kinds that ship", () => {
  const config = { rooms: { public: ["own"] } } as never;
  expect(() => resolveConfig(config, PRODUCTION)).toThrow("rooms.public[0]");
});
