/** A gateway below a path, with its page there, in the Worker of an application that has the rest. */

import { env } from "cloudflare:workers";
import { development } from "../../../src/config/development.ts";
import { createGateway } from "../../../src/index.ts";
import { shippedKinds } from "../../../src/rooms/shipped.ts";

const { ASSETS } = env as unknown as { readonly ASSETS: Fetcher };

const gateway = createGateway({
  path: "/realtime",
  rooms: shippedKinds,
  channels: { development },
  console: (request, path) => ASSETS.fetch(new Request(new URL(path, request.url), request)),
  fallback: () => new Response("the application"),
});

export const { Room, Hub, Directory, Api, Outgoing } = gateway;
export default gateway;
