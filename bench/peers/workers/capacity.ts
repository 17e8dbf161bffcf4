import { env as variables } from "cloudflare:workers";
import "../../../test/gateway/own.ts";
import type { Config } from "../../../src/config/config.ts";
import type { Env as GatewayEnv } from "../../../src/deployment/env.ts";
import type { HubSettings } from "../../../src/hub/platform.ts";
import { GatewayHub } from "../../../test/gateway/classes.ts";
import { forEverybody, withPresence } from "../../../test/support/channel-options.ts";
import { UNLIMITED } from "../../../test/support/rates.ts";

export { GatewayRoom as Room } from "../../../test/gateway/classes.ts";

interface Env extends GatewayEnv {
  HUB: DurableObjectNamespace<Hub>;
}

interface Variables {
  /** Seconds between two pings. */
  readonly PING_SECONDS: string;
  /** Sockets that a hub takes, whatever memory they need; empty: the limits are those that ship. */
  readonly SOCKETS: string;
}

const { PING_SECONDS, SOCKETS } = variables as unknown as Variables;

const history = { history_size: 10_000, history_ttl: 3_600, force_recovery: true };

/** How often each hub was constructed: once more for each wake. */
const lives = new Map<string, number>();

/** There with `--expose-gc`. */
declare const gc: (() => void) | undefined;

/** The gateway's hub, with channels that everybody may use: `live`, `kept` with history, `crowd` with presence. */
export class Hub extends GatewayHub {
  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    const name = ctx.id.name ?? "";
    lives.set(name, (lives.get(name) ?? 0) + 1);
  }

  protected override get config(): Config {
    return {
      connection: {
        allowAnonymous: true,
        pingInterval: Number(PING_SECONDS),
        queueSize: 32 * 1024 * 1024,
        commandRate: UNLIMITED,
        byteRate: UNLIMITED,
      },
      namespaces: [
        { name: "live", ...forEverybody },
        { name: "kept", ...forEverybody, ...history },
        { name: "crowd", ...forEverybody, ...withPresence },
      ],
    };
  }

  /** The load shares its machine with the hub, so a hub that is late is not full. */
  protected override get settings(): HubSettings {
    const shipped = { ...super.settings, flushLag: Number.POSITIVE_INFINITY };
    if (SOCKETS === "") return shipped;
    const any = Number.POSITIVE_INFINITY;
    return { ...shipped, capacity: Number(SOCKETS), memoryLimits: { newcomers: any, subscriptions: any } };
  }
}

/**
 * `/hubs/:hub` opens a session at that hub, and `/rooms/:room` a socket in a room that passes on. `/metrics/:hub` wakes a hub
 * and tells what it holds, `/lives/:hub` how often it has woken, and `/collect` collects garbage.
 */
export default {
  async fetch(request, env) {
    const [, route, encoded = ""] = new URL(request.url).pathname.split("/");
    const name = decodeURIComponent(encoded);
    if (route === "hubs") return env.HUB.getByName(name).fetch(request);
    if (route === "rooms") return env.ROOM.getByName(`broadcast/${name}`).fetch(request);
    if (route === "metrics") return Response.json(await env.HUB.getByName(name).metrics());
    if (route === "lives") return Response.json(lives.get(name) ?? 0);
    return Response.json(gc?.() ?? {});
  },
} satisfies ExportedHandler<Env>;
