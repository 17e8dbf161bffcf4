import { broadcast } from "./broadcast.ts";
import { echo } from "./echo.ts";
import type { RoomHandler } from "./handler.ts";
import { hello } from "./hello.ts";

/** The room kinds by name, as in `/rooms/:kind/:room`. Add your own here. */
export const roomKinds: Readonly<Record<string, RoomHandler>> = { hello, echo, broadcast };
