import { createGateway } from "poorwill";

const gateway = createGateway({
  channels: {
    namespaces: [
      {
        name: "chat",
        allow_subscribe_for_client: true,
        history_size: 100,
        history_ttl: 86_400,
        force_recovery: true,
      },
    ],
    events: {
      webhook: "CHAT_WEBHOOK",
      kinds: ["member.joined", "member.left"],
      namespaces: ["chat"],
      signatureSecret: "EVENT_SECRET",
    },
  },
});

export const { Room, Hub, Directory, Outgoing } = gateway;
export default gateway;
