import { EventSource } from "eventsource";
import WebSocket from "ws";
import type { Tally } from "./tally.ts";

export type Network = ReturnType<typeof networkOf>;

/** What the SDK reaches a gateway by, with the reason of each attempt that fails: the SDK says only that it did. */
export function networkOf(failures: Tally) {
  return {
    websocket: class extends WebSocket {
      constructor(address: string, protocols?: string | string[]) {
        super(address, protocols ?? [], { perMessageDeflate: false });
        this.on("error", (error: NodeJS.ErrnoException) => failures.add(error.code ?? error.message));
      }
    },
    fetch: async (...request: Parameters<typeof fetch>): Promise<Response> => {
      try {
        const response = await fetch(...request);
        if (!response.ok) failures.add(response.status);
        return response;
      } catch (error) {
        if (!(error instanceof Error && error.name === "AbortError")) failures.add(reasonOf(error));
        throw error;
      }
    },
    eventsource: class extends EventSource {
      constructor(address: string | URL) {
        super(address);
        this.addEventListener("error", ({ code, message }) => {
          if (code !== undefined || message !== undefined) failures.add(code ?? message ?? "");
        });
      }
    },
  };
}

function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string } };
  return cause?.code ?? `${error}`;
}
