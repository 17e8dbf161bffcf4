import { RoomCalls } from "../../src/api/rooms.ts";
import { ERRORS } from "../../src/shared/codes.ts";

/** What the server API asks rooms with where there are none. */
export const noRooms = () => new RoomCalls(() => ({ errorCode: ERRORS.unknownChannel.code }));
