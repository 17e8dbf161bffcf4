import { createGateway } from "poorwill";
import { cursors } from "./cursors.ts";

const gateway = createGateway({ rooms: { cursors } });

export const { Room, Hub, Directory } = gateway;
export default gateway;
