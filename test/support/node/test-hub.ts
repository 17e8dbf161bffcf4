import { channelRequest, type HubClient, hubClient } from "../hub-client.ts";
import { HubUnderTest, type StateUnderTest, scenarios } from "../hub-under-test.ts";
import { objectNamed } from "./object.ts";

/** A hub that no other test uses, in plain Node: its parts are those of the object, its platform is memory. */
export class TestHub extends HubUnderTest {
  override async open(query?: string, headers?: Record<string, string | undefined>): Promise<HubClient> {
    const request = channelRequest(query, headers);
    return hubClient(request, await this.#object.open(request), () => this.rest());
  }

  override sleep(): Promise<void> {
    return this.#object.sleep();
  }

  override async crash(): Promise<void> {
    await this.#object.idle();
    this.#object.crash();
  }

  override async runAlarm(): Promise<boolean> {
    const scheduledTime = await this.alarm();
    if (scheduledTime === null) return false;
    await this.#object.runAlarm(undefined);
    return true;
  }

  override runAlarmOf(scheduledTime: number): Promise<void> {
    return this.#object.runAlarm(scheduledTime);
  }

  override async inside<T>(ask: (state: StateUnderTest) => T | Promise<T>): Promise<T> {
    await this.#object.idle();
    return ask({ storage: this.#object.storage });
  }

  override async sockets(): Promise<number> {
    await this.#object.idle();
    return this.#object.sockets.size;
  }

  /** Keeps the hub from hearing anything until the function that it returns is called. */
  hold(): () => void {
    return this.#object.hold();
  }

  get #object() {
    return objectNamed(this.name);
  }
}

export const scenario = scenarios((settings) => new TestHub(settings));
