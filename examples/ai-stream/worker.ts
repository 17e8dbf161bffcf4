import { createGateway } from "poorwill";
import { answer } from "./answer.ts";

const gateway = createGateway({
  rooms: { answer },
  channels: {
    // An answer has more publications than a chat: a reload recovers all of them.
    connection: { allowAnonymous: true, recoveryMaxPublicationLimit: 10_000 },
    namespaces: [
      {
        name: "answer",
        allow_subscribe_for_client: true,
        allow_subscribe_for_anonymous: true,
        history_size: 10_000,
        history_ttl: 86_400,
        force_recovery: true,
      },
    ],
  },
});

export const { Room, Hub, Directory, Api } = gateway;
export default gateway;
