/** One application on two versions of the package: each object runs the one that is deployed when it wakes. */
import * as first from "poorwill-first";
import * as latest from "poorwill-latest";
import { deployed } from "./deploy.ts";

const counter: first.RoomHandler<{ count: number }> = {
  upgrade: () => ({ count: 0 }),
  open: (ws) => ws.subscribe("counts"),
  message(ws, message, room) {
    ws.data.count += 1;
    room.publish("counts", `${ws.data.count}: ${String(message)}`);
  },
};

const forEverybody = {
  allow_subscribe_for_client: true,
  allow_subscribe_for_anonymous: true,
  allow_publish_for_client: true,
  allow_publish_for_anonymous: true,
  allow_history_for_client: true,
  allow_history_for_anonymous: true,
};

const options: first.GatewayOptions = {
  rooms: { counter },
  channels: {
    connection: { allowAnonymous: true },
    namespaces: [
      {
        name: "kept",
        ...forEverybody,
        history_size: 100,
        history_ttl: 3600,
        force_recovery: true,
        presence: true,
      },
    ],
  },
};

const gateways = { first: first.createGateway(options), latest: latest.createGateway(options) };

type Made = new (ctx: DurableObjectState, env: object) => object;

/** A class whose objects are of the version that is deployed when they wake. */
function versioned(name: "Room" | "Hub" | "Directory"): Made {
  return class {
    constructor(ctx: DurableObjectState, env: object) {
      const Version = gateways[deployed()][name] as unknown as Made;
      // biome-ignore lint/correctness/noConstructorReturn: the runtime takes what the constructor returns as the object.
      return new Version(ctx, env);
    }
  };
}

export const Room = versioned("Room");
export const Hub = versioned("Hub");
export const Directory = versioned("Directory");
export const { Outgoing } = gateways.latest;

export default {
  fetch: (request: Request, env: object, ctx: ExecutionContext) =>
    gateways[deployed()].fetch(request, env, ctx),
};
