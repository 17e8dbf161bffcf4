import { createGateway } from "poorwill";
import { poll } from "./poll.ts";

const gateway = createGateway({
  rooms: { poll },
  channels: {
    connection: { allowAnonymous: true },
    namespaces: [
      {
        name: "news",
        history_size: 10,
        history_ttl: 60,
        allow_subscribe_for_client: true,
        allow_subscribe_for_anonymous: true,
        allow_publish_for_client: true,
        allow_publish_for_anonymous: true,
        allow_history_for_client: true,
        allow_history_for_anonymous: true,
      },
    ],
  },
});

export const { Room, Hub, Directory } = gateway;
export default gateway;
