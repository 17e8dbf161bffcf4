import "../../gateway/own.ts";
import type { Config } from "../../../src/config/config.ts";
import type { Env } from "../../../src/deployment/env.ts";
import type { RoomHandler } from "../../../src/rooms/handler.ts";
import { appOf, GatewayHub, GatewayRoom } from "../../gateway/classes.ts";
import { UNLIMITED } from "../../support/rates.ts";
import { namespaces } from "../channels-worker/namespaces.ts";

/** More bytes than all clients of an object may leave waiting. */
const PATIENT = 256 * 1024 * 1024;

/** Passes a message on to everybody else, and tells its sender what `send` returned. */
const meter: RoomHandler = {
  message(ws, message, room) {
    const others = [...room.sockets].filter((other) => other.id !== ws.id);
    ws.send(JSON.stringify(others.map((other) => other.send(message))));
  },
};

/** Answers with as many copies of a message as it says, at once, and with what `send` returned for each. */
const copier: RoomHandler = {
  message(ws, message) {
    const copies = Number(String(message).split(" ")[0]);
    const results = Array.from({ length: copies }, () => ws.send(message));
    setTimeout(() => ws.send(JSON.stringify(results)), 0);
  },
};

const kinds: Record<string, RoomHandler> = {
  meter,
  copier,
  strict: { ...meter, closeOnBackpressureLimit: true },
  patient: { ...meter, backpressureLimit: PATIENT, byteRate: UNLIMITED },
};

export class Room extends GatewayRoom {
  protected override get kinds(): Readonly<Record<string, RoomHandler>> {
    return kinds;
  }
}

interface Settings {
  /** In seconds. */
  readonly PING_INTERVAL?: string;
  /** "patient": more than all clients of a hub may leave waiting. */
  readonly QUEUE_SIZE?: string;
}

export class Hub extends GatewayHub {
  protected override get config(): Config {
    const { PING_INTERVAL = "25", QUEUE_SIZE } = this.env as Env & Settings;
    const pingInterval = Number(PING_INTERVAL);
    const queueSize = QUEUE_SIZE === "patient" ? { queueSize: PATIENT } : {};
    return {
      connection: {
        allowAnonymous: true,
        byteRate: UNLIMITED,
        commandRate: UNLIMITED,
        pingInterval,
        ...queueSize,
      },
      namespaces,
    };
  }
}

export default appOf(kinds);
