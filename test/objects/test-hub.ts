import { evictDurableObject, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { sleep } from "../../src/testing/sleep.ts";
import { channelRequest, type HubClient, hubClient } from "../support/hub-client.ts";
import { HubUnderTest, scenarios } from "../support/hub-under-test.ts";

/** A hub that no other test uses, as an object inside workerd. */
export class TestHub extends HubUnderTest<DurableObjectState> {
  override async open(query?: string, headers?: Record<string, string | undefined>): Promise<HubClient> {
    const socket = clientEnd(await this.handshake(query, headers));
    return hubClient(channelRequest(query, headers), socket, () => this.rest());
  }

  /** Asks for a WebSocket. A client that never takes it never answers a close. */
  handshake(query?: string, headers?: Record<string, string | undefined>): Promise<Response> {
    return this.#stub.fetch(channelRequest(query, headers));
  }

  override sleep(): Promise<void> {
    return sleep(this.#stub);
  }

  override async crash(): Promise<void> {
    await this.sockets();
    await evictDurableObject(this.#stub, { webSockets: "close" });
  }

  override runAlarm(): Promise<boolean> {
    return runDurableObjectAlarm(this.#stub);
  }

  override async runAlarmOf(scheduledTime: number): Promise<void> {
    await runInDurableObject(this.#stub, async (hub, { storage }) => {
      await storage.deleteAlarm();
      await hub.alarm({ scheduledTime, isRetry: false, retryCount: 0 });
    });
  }

  /** Reports a failed connection, as the runtime does: it still has the socket then. */
  async failConnection(): Promise<void> {
    await runInDurableObject(this.#stub, (hub, state) => {
      for (const raw of state.getWebSockets()) hub.webSocketError(raw);
    });
  }

  override inside<T>(ask: (state: DurableObjectState) => T | Promise<T>): Promise<T> {
    return runInDurableObject(this.#stub, (_, state) => ask(state));
  }

  override sockets(): Promise<number> {
    return this.inside((state) => state.getWebSockets().length);
  }

  get #stub() {
    return env.HUB.getByName(this.name);
  }
}

/** The client's end of the WebSocket that a response brings. Throws where it brings none. */
export function clientEnd({ webSocket, status }: Response): WebSocket {
  if (webSocket === null) throw new Error(`refused with ${status}`);
  webSocket.binaryType = "arraybuffer";
  webSocket.accept();
  return webSocket;
}

export const scenario = scenarios((settings) => new TestHub(settings));
