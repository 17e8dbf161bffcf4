/** An application with a gateway below `/first`, which stands before it, and one that it has mounted at `/second`. */
import { Hono } from "hono";
import { createGateway } from "../../../src/index.ts";
import type { RoomHandler } from "../../../src/rooms/handler.ts";
import { forEverybody } from "../../support/channel-options.ts";

const answering = (answer: string): RoomHandler => ({
  message: (ws, message) => ws.send(`${answer}: ${message}`),
});
const connection = { allowAnonymous: true };

const second = createGateway({
  rooms: { shared: answering("second"), only: answering("only in the second") },
  channels: { connection, namespaces: [{ name: "two", ...forEverybody }] },
});

const application = new Hono();
application.get("/hello", ({ text }) => text("from the application"));
application.all("/upgrade", ({ req, text }) => text(`upgrade to ${req.header("Upgrade")}`));
application.route("/second", second.app);
application.notFound(({ text }) => text("nothing in the application", 404));

const first = createGateway({
  path: "/first/of",
  rooms: { shared: answering("first") },
  channels: {
    connection,
    namespaces: [{ name: "one", ...forEverybody }],
    operations: { directory: true },
  },
  bindings: { ROOM: "FIRST_ROOM", HUB: "FIRST_HUB", DIRECTORY: "FIRST_DIRECTORY" },
  console: (_, path) => (path === "/" ? new Response("the page") : undefined),
  fallback: application,
});

export const { Room: FirstRoom, Hub: FirstHub, Directory: FirstDirectory } = first;
export const { Room: SecondRoom, Hub: SecondHub, Outgoing } = second;
export default first;
