import { createApp } from "./app.ts";
import { roomKinds } from "./rooms/index.ts";

export { Hub } from "../durable-objects/hub.ts";
export { Room } from "../durable-objects/room.ts";

export default createApp(roomKinds);
