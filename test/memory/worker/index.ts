import "../../gateway/own.ts";
import type { Config } from "../../../src/config/config.ts";
import type { Env } from "../../../src/deployment/env.ts";
import type { HubSettings } from "../../../src/hub/platform.ts";
import type {
  DeliverCall,
  DeliveryAnswer,
  PublishAnswer,
  PublishCall,
} from "../../../src/hub-rpc/messages.ts";
import { GatewayHub } from "../../gateway/classes.ts";
import { forEverybody, withPresence } from "../../support/channel-options.ts";
import { UNLIMITED } from "../../support/rates.ts";

const history = {
  history_size: 10_000,
  history_ttl: 300,
  force_recovery: true,
  allow_history_for_client: true,
  allow_history_for_anonymous: true,
};

/** What waits for a client that takes it is no reason to close it: it shares its machine with thousands of others. */
const QUEUE = 64 * 1024 * 1024;

/** There with `--expose-gc`. */
declare const gc: (() => void) | undefined;

/** How often a hub that is held back looks whether it still is, in milliseconds. */
const LOOK_INTERVAL = 20;

/** What hubs are kept from doing: reading frames, or answering the calls of other hubs. */
let held = "";
/** How many frames or calls wait. */
let waiting = 0;

/** The gateway's hub, with channels for every burst. */
export class Hub extends GatewayHub {
  #release: Promise<void> | undefined;

  protected override get config(): Config {
    return {
      connection: {
        allowAnonymous: true,
        pingInterval: 86_400,
        queueSize: QUEUE,
        commandRate: UNLIMITED,
        byteRate: UNLIMITED,
      },
      namespaces: [
        { name: "live", ...forEverybody },
        { name: "crowd", ...forEverybody, ...withPresence },
        { name: "kept", ...forEverybody, ...history },
      ],
      // As long an info as the client asks for.
      hooks: { connect: ({ data }) => ({ user: "", info: "i".repeat(Number(data ?? 0)) }) },
    };
  }

  /** The machine of a test may be busy with anything. */
  protected override get settings(): HubSettings {
    return { ...super.settings, flushLag: Number.POSITIVE_INFINITY };
  }

  override async webSocketMessage(raw: WebSocket, message: string | ArrayBuffer): Promise<void> {
    await this.#whileHeld("frames");
    super.webSocketMessage(raw, message);
  }

  override async deliver(call: DeliverCall): Promise<readonly DeliveryAnswer[]> {
    await this.#whileHeld("calls");
    return super.deliver(call);
  }

  override async publish(call: PublishCall): Promise<readonly PublishAnswer[]> {
    await this.#whileHeld("calls");
    return super.publish(call);
  }

  /** Everything that waits goes on in the same turn. */
  async #whileHeld(what: string): Promise<void> {
    if (held !== what) return;
    waiting += 1;
    this.#release ??= untilReleased();
    await this.#release;
    this.#release = undefined;
  }
}

async function untilReleased(): Promise<void> {
  while (held !== "") await scheduler.wait(LOOK_INTERVAL);
}

export { GatewayRoom as Room } from "../../gateway/classes.ts";

/** `/hubs/:hub` opens a session at that hub, `/hold/:what` acts on all hubs and `/release` too, `/waiting` tells what waits, `/collect` collects garbage. */
export default {
  async fetch(request, env) {
    const [, route, name = ""] = new URL(request.url).pathname.split("/");
    if (route === "hubs") return env.HUB.getByName(decodeURIComponent(name)).fetch(request);
    if (route === "waiting") return Response.json(waiting);
    if (route === "collect") return Response.json(gc?.() ?? {});
    held = route === "hold" ? name : "";
    waiting = 0;
    return new Response();
  },
} satisfies ExportedHandler<Env>;
