import { createApp } from "./app.ts";
import { roomKinds } from "./rooms/index.ts";

export { Room } from "../durable-objects/room.ts";

export default createApp(roomKinds);
