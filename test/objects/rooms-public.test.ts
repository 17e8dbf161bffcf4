import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { resolveConfig } from "../../src/config/config.ts";
import { withPublicKinds } from "../../src/rooms/shipped.ts";
import { appOf } from "../gateway/classes.ts";
import { GATEWAY } from "./client.ts";

const PRODUCTION = { ENVIRONMENT: "production" };

test.each(["/ws", "/rooms/hello/a", "/rooms/echo/a"])(
  "ROOM-21: %s of a kind that is not public is 404, and says so",
  async (path) => {
    const app = appOf(withPublicKinds({}, { public: [] }), resolveConfig({}, PRODUCTION).namespaces);
    const response = await app.fetch(new Request(GATEWAY + path), { ...env, ...PRODUCTION });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ error: { code: "kind_not_public" } });
  },
);
