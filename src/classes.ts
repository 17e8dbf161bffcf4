import type { DurableObject, WorkerEntrypoint } from "cloudflare:workers";
import { Directory as GatewayDirectory } from "../durable-objects/directory/directory.ts";
import { Hub as GatewayHub } from "../durable-objects/hub/hub.ts";
import { Room as GatewayRoom } from "../durable-objects/room/room.ts";
import type { ServerApi } from "./api/server-api.ts";
import { GATEWAY, type Gateway } from "./deployment/gateway.ts";
import { Api as GatewayApi } from "./entrypoint.ts";
import { Outgoing } from "./proxy/outgoing.ts";

/** The class of a Durable Object, to be exported under the name that wrangler.toml gives it. */
export type ObjectClass = new (ctx: DurableObjectState, env: object) => DurableObject<object>;

/** What the main module of a Worker exports beside its handler. */
export interface GatewayClasses {
  /** The class of the binding ROOM. */
  readonly Room: ObjectClass;
  /** The class of the binding HUB. */
  readonly Hub: ObjectClass;
  /** The class of the binding DIRECTORY. */
  readonly Directory: ObjectClass;
  /** The server API, for service bindings of other Workers. */
  readonly Api: new (
    ctx: ExecutionContext,
    env: object,
  ) => WorkerEntrypoint<object> & ServerApi;
  /** Sends requests of hubs to a backend; without it they share the few connections of their object. */
  readonly Outgoing: typeof Outgoing;
}

/** The classes of one gateway. It is asked for when an object wakes, not before. */
export function classesOf(gateway: () => Gateway): GatewayClasses {
  class Room extends GatewayRoom {
    protected override get [GATEWAY](): Gateway {
      return gateway();
    }
  }
  class Hub extends GatewayHub {
    protected override get [GATEWAY](): Gateway {
      return gateway();
    }
  }
  class Directory extends GatewayDirectory {
    protected override get [GATEWAY](): Gateway {
      return gateway();
    }
  }
  class Api extends GatewayApi {
    protected override get [GATEWAY](): Gateway {
      return gateway();
    }
  }
  return { Room, Hub, Directory, Api, Outgoing };
}
