import type { AlarmClock } from "../../../src/hub/alarms.ts";
import { SqliteStorage } from "../sqlite-storage.ts";

/** What an object of the platform keeps: its tables and its alarm. */
export class NodeStorage extends SqliteStorage implements AlarmClock {
  #alarm: number | null = null;

  async getAlarm(): Promise<number | null> {
    return this.#alarm;
  }

  async setAlarm(time: number): Promise<void> {
    this.#alarm = time;
  }

  async deleteAlarm(): Promise<void> {
    this.#alarm = null;
  }

  override async deleteAll(): Promise<void> {
    this.#alarm = null;
    super.deleteAll();
  }
}
