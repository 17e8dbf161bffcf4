import { createGateway } from "poorwill";

const gateway = createGateway({
  channels: {
    connection: { allowAnonymous: true },
    namespaces: [
      {
        name: "score",
        allow_subscribe_for_client: true,
        allow_subscribe_for_anonymous: true,
        // The newest publication is the state: whoever comes gets it, and whoever comes back gets no other.
        history_size: 1,
        history_ttl: 86_400,
        force_recovery: true,
        force_recovery_mode: "cache",
        auto_cache_recover: true,
      },
    ],
  },
});

export const { Room, Hub, Directory } = gateway;
export default gateway;
