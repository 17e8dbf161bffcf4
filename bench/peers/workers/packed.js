/** The gateway as an application has it that depends on the package: what `npm run build:package` has made. */
import { createGateway } from "../../../dist/index.js";
import { broadcast, echo } from "../../../dist/rooms.js";

const gateway = createGateway({ rooms: { echo, broadcast } });

export const { Room, Hub, Directory } = gateway;
export default gateway;
