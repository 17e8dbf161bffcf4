/** A gateway with a directory, and the page. */

import { env } from "cloudflare:workers";
import { development } from "../../../src/config/development.ts";
import { createGateway } from "../../../src/index.ts";
import { shippedKinds } from "../../../src/rooms/shipped.ts";

const { ASSETS } = env as unknown as { readonly ASSETS: Fetcher };

const gateway = createGateway({
  rooms: shippedKinds,
  channels: { development, operations: { directory: true } },
  console: (request, path) => ASSETS.fetch(new Request(new URL(path, request.url), request)),
});

export const { Room, Hub, Directory, Api, Outgoing } = gateway;
export default gateway;
