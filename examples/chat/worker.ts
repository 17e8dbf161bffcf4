import { createGateway } from "poorwill";

const NAME = /^[\p{L}\p{N} ._-]{1,20}$/u;

const gateway = createGateway({
  channels: {
    namespaces: [
      {
        name: "chat",
        allow_subscribe_for_client: true,
        history_size: 100,
        history_ttl: 7 * 86_400,
        force_recovery: true,
        allow_history_for_subscriber: true,
        presence: true,
        allow_presence_for_subscriber: true,
        force_push_join_leave: true,
        join_leave: true,
      },
    ],
    hooks: {
      /** Whoever says a name has it. A real chat looks at a session here, or gives its users tokens. */
      connect({ data }) {
        const { name } = (data ?? {}) as { name?: unknown };
        if (typeof name === "string" && NAME.test(name)) return { user: name };
        return { disconnect: { code: 4500, reason: "a name has 1 to 20 letters and digits" } };
      },
      publish({ data }) {
        if (typeof data === "string" && data.length <= 1000 && data.trim() !== "") return { data };
        return { error: { code: 1000, message: "a message has 1 to 1000 characters" } };
      },
    },
  },
});

export const { Room, Hub, Directory } = gateway;
export default gateway;
