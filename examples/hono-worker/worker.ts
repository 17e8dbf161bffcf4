import { createGateway } from "poorwill";
import { app } from "./app.ts";

const gateway = createGateway({
  channels: {
    connection: { allowAnonymous: true },
    namespaces: [
      {
        name: "order",
        allow_subscribe_for_client: true,
        allow_subscribe_for_anonymous: true,
        history_size: 10,
        history_ttl: 86_400,
        force_recovery: true,
      },
    ],
  },
});

app.route("/realtime", gateway.app);

export const { Room, Hub, Directory, Api } = gateway;
export default app;
