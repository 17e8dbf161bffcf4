import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { createApp } from "../../src/app.ts";
import { resolveConfig } from "../../src/config/config.ts";
import { availableKinds, shippedKinds } from "../../src/rooms/shipped.ts";
import { GATEWAY } from "./client.ts";

const PRODUCTION = { ENVIRONMENT: "production" };

test.each(["/ws", "/rooms/hello/a", "/rooms/echo/a"])(
  "ROOM-21: %s of a kind that is not public is 404, and says so",
  async (path) => {
    const app = createApp(
      availableKinds(shippedKinds, { public: [] }, PRODUCTION),
      resolveConfig({}, PRODUCTION).namespaces,
    );
    const response = await app.fetch(new Request(GATEWAY + path), { ...env, ...PRODUCTION });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: "kind_not_public" } });
  },
);
