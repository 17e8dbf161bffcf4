import { config } from "./config.ts";
import { createGateway } from "./index.ts";
import { roomKinds } from "./rooms/index.ts";
import { shippedKinds } from "./rooms/shipped.ts";

const gateway = createGateway({
  rooms: roomKinds,
  channels: config,
  // They let anybody in: a deployed gateway has those that `rooms.public` of the configuration names.
  development: { rooms: shippedKinds },
});

export const { Room, Hub, Directory, Api, Outgoing } = gateway;
export default gateway;
