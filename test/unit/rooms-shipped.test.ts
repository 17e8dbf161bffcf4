import { expect, test } from "vitest";
import { resolveConfig } from "../../src/config/config.ts";
import { availableKinds, shippedKinds } from "../../src/rooms/shipped.ts";

const own = { message() {} };
const kinds = { ...shippedKinds, own };
const PRODUCTION = { ENVIRONMENT: "production" };

const availableIn = (env: { ENVIRONMENT?: string }, open?: ("hello" | "echo" | "broadcast")[]) =>
  Object.keys(availableKinds(kinds, resolveConfig(open ? { rooms: { public: open } } : {}, env).rooms, env));

test("ROOM-21: a deployed gateway has the kinds that ship only where rooms.public names them", () => {
  expect(availableIn(PRODUCTION)).toEqual(["own"]);
  expect(availableIn({})).toEqual(["own"]);
  expect(availableIn(PRODUCTION, ["hello"])).toEqual(["hello", "own"]);
  expect(availableIn(PRODUCTION, ["echo", "broadcast"])).toEqual(["echo", "broadcast", "own"]);
});

test("ROOM-21: in development all kinds are there", () => {
  expect(availableIn({ ENVIRONMENT: "development" })).toEqual(["hello", "echo", "broadcast", "own"]);
});

test("ROOM-21: a kind of one's own is there under any name", () => {
  expect(Object.keys(availableKinds({ echo: own }, { public: [] }, PRODUCTION))).toEqual(["echo"]);
});

test("ROOM-21: rooms.public names nothing but kinds that ship", () => {
  const config = { rooms: { public: ["own"] } } as never;
  expect(() => resolveConfig(config, PRODUCTION)).toThrow("rooms.public[0]");
});
