import "../../../test/gateway/own.ts";
import { createNamespaces } from "../../../src/channels/namespaces.ts";
import type { Config } from "../../../src/config/config.ts";
import type { Env as GatewayEnv } from "../../../src/deployment/env.ts";
import type { HubRpc } from "../../../src/hub-rpc/hub-rpc.ts";
import { shippedKinds } from "../../../src/rooms/shipped.ts";
import { appOf, GatewayHub } from "../../../test/gateway/classes.ts";
import { UNLIMITED } from "../../../test/support/rates.ts";

export { GatewayRoom as Room } from "../../../test/gateway/classes.ts";

interface Env extends GatewayEnv {
  HUB: DurableObjectNamespace<Hub>;
}

/** What a hub has done since it woke. */
interface HubCounts {
  /** Rows written to SQLite; setting the alarm is one, as the platform bills it. */
  rows: number;
  /** Transactions: one for each tick that stores something. */
  transactions: number;
  /** Calls to other hubs. */
  calls: number;
}

/**
 * Without pings, which would be counted as publications: not in the time of a sample, and not for much unread data. And
 * for clients that publish as fast as they can, which the default rate is not for.
 */
const CONNECTION = {
  allowAnonymous: true,
  pingInterval: 86_400,
  queueSize: 32 * 1024 * 1024,
  commandRate: UNLIMITED,
  byteRate: UNLIMITED,
};

const everybodyMay = {
  allow_subscribe_for_client: true,
  allow_subscribe_for_anonymous: true,
  allow_publish_for_client: true,
  allow_publish_for_anonymous: true,
};

const namespaces = [
  { name: "live", ...everybodyMay },
  { name: "kept", ...everybodyMay, history_size: 1_000, history_ttl: 300, force_recovery: true },
];

/** The gateway's hub with channels without history, `live`, and with history, `kept`. It counts what it costs. */
export class Hub extends GatewayHub {
  readonly #counts: HubCounts = { rows: 0, transactions: 0, calls: 0 };

  constructor(ctx: DurableObjectState, env: Env) {
    super(ctx, env);
    countWork(ctx.storage, this.#counts);
  }

  protected override get config(): Config {
    return {
      connection: CONNECTION,
      namespaces,
    };
  }

  /** The gateway's hubs ask for a stub for each call. */
  protected override stubOf(hub: string): HubRpc {
    this.#counts.calls += 1;
    return super.stubOf(hub);
  }

  async counts(): Promise<HubCounts> {
    return this.#counts;
  }
}

function countWork(storage: DurableObjectStorage, counts: HubCounts): void {
  const { sql } = storage;
  const exec = sql.exec.bind(sql);
  sql.exec = (query, ...bindings) => {
    const cursor = exec<never>(query, ...bindings);
    counts.rows += cursor.rowsWritten;
    return cursor;
  };
  const transactionSync = storage.transactionSync.bind(storage);
  storage.transactionSync = (work) => {
    counts.transactions += 1;
    return transactionSync(work);
  };
  const setAlarm = storage.setAlarm.bind(storage);
  storage.setAlarm = (time, options) => {
    counts.rows += 1;
    return setAlarm(time, options);
  };
}

const gateway = appOf(shippedKinds, createNamespaces({ namespaces }));

/** The gateway, and besides: `/hubs/:hub` for a session at any hub, `/counts/:hub` for what that hub has done. */
export default {
  async fetch(request, env, context) {
    const [, route, name = ""] = new URL(request.url).pathname.split("/");
    const hub = env.HUB.getByName(decodeURIComponent(name));
    if (route === "hubs") return hub.fetch(request);
    if (route === "counts") return Response.json(await hub.counts());
    return gateway.fetch(request, env, context);
  },
} satisfies ExportedHandler<Env>;
