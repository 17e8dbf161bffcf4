import { EVENT_KINDS } from "../../../src/channels/backend-event.ts";
import type { Env } from "../../../src/deployment/env.ts";
import type { DeliverCall, DeliveryAnswer } from "../../../src/hub-rpc/messages.ts";
import type { RoomHandler } from "../../../src/rooms/handler.ts";
import { appOf, GatewayDirectory, GatewayHub, GatewayRoom } from "../../gateway/classes.ts";
import { config } from "../../gateway/own.ts";
import { clock, frozenChannels, UNDELIVERED } from "./config.ts";

export { Outgoing } from "../../../src/proxy/outgoing.ts";
export { GatewayDirectory as Directory };

interface FrozenEnv extends Env {
  /** Whether the storage is about to be frozen: then hubs do not answer who delivers the text of `UNDELIVERED`. */
  readonly FREEZING?: string;
}

/** What the objects of this gateway tell whoever freezes it. */
export interface Freezable {
  attachments(): Promise<unknown[]>;
}

Object.assign(config, {
  ...frozenChannels,
  events: { webhook: "WEBHOOK_URL", kinds: [...EVENT_KINDS] },
  operations: { directory: true },
});

const kinds = { clock: clock as RoomHandler };

export class Room extends GatewayRoom implements Freezable {
  protected override get kinds(): Readonly<Record<string, RoomHandler>> {
    return kinds;
  }

  async attachments(): Promise<unknown[]> {
    return attachmentsOf(this.ctx);
  }
}

export class Hub extends GatewayHub implements Freezable {
  override async deliver(call: DeliverCall): Promise<readonly DeliveryAnswer[]> {
    const isFreezing = (this.env as FrozenEnv).FREEZING === "on";
    if (isFreezing && JSON.stringify(call).includes(UNDELIVERED)) return new Promise(() => {});
    return super.deliver(call);
  }

  async attachments(): Promise<unknown[]> {
    return attachmentsOf(this.ctx);
  }
}

const app = appOf(kinds);

export default {
  /** The gateway, and `GET /attachments/<binding>/<object>`: what sleeping sockets of an object carry. */
  fetch(request: Request, env: FrozenEnv, ctx: ExecutionContext): Response | Promise<Response> {
    const { pathname } = new URL(request.url);
    const [, binding, object] = /^\/attachments\/(HUB|ROOM)\/(.+)$/.exec(pathname) ?? [];
    if (binding === undefined || object === undefined) return app.fetch(request, env, ctx);
    const namespace = env[binding as "HUB" | "ROOM"];
    const stub = namespace.getByName(decodeURIComponent(object)) as unknown as Freezable;
    return stub.attachments().then((attachments) => Response.json(attachments));
  },
};

function attachmentsOf(ctx: DurableObjectState): unknown[] {
  return ctx.getWebSockets().map((raw) => raw.deserializeAttachment());
}
