import "../../gateway/own.ts";
import { env } from "cloudflare:workers";
import { createNamespaces } from "../../../src/channels/namespaces.ts";
import { type Config, type ConnectionSettings, resolveConfig } from "../../../src/config/config.ts";
import type { Env } from "../../../src/deployment/env.ts";
import type { FollowAnswer, FollowCall, MembersAnswer, MembersCall } from "../../../src/hub-rpc/messages.ts";
import { shippedKinds } from "../../../src/rooms/shipped.ts";
import { appOf, GatewayHub } from "../../gateway/classes.ts";
import { createHooks } from "./hooks.ts";
import { namespaces } from "./namespaces.ts";

export { GatewayRoom as Room } from "../../gateway/classes.ts";

interface TestEnv extends Env {
  /** Connection settings as JSON, which go over those of this worker. */
  readonly CONNECTION?: string;
  /** "off": no hooks. */
  readonly HOOKS?: string;
}

/** How long the home of a channel in the namespace `slow` takes to answer a follower, in milliseconds. */
const SLOW_HOME = 100;

/** How often each hub has been constructed: once more after each sleep. */
const lives = new Map<string, number>();

/** The gateway's hub with a namespace for every case of the tests. */
export class Hub extends GatewayHub {
  constructor(ctx: DurableObjectState, env: TestEnv) {
    super(ctx, env);
    lives.set(this.#name, (lives.get(this.#name) ?? 0) + 1);
  }

  protected override get config(): Config {
    const { HOOKS } = this.env as TestEnv;
    return {
      connection: connectionOf(this.env as TestEnv),
      namespaces,
      ...(HOOKS === "off" ? {} : { hooks: createHooks(() => lives.get(this.#name) ?? 0) }),
    };
  }

  override async follow(call: FollowCall): Promise<readonly (FollowAnswer | undefined)[]> {
    if (this.#name.startsWith("home/slow:")) await scheduler.wait(SLOW_HOME);
    return super.follow(call);
  }

  override async members(call: MembersCall): Promise<MembersAnswer> {
    return isMute(call) ? new Promise(() => {}) : super.members(call);
  }

  get #name(): string {
    return this.ctx.id.name ?? "";
  }
}

function connectionOf({ CONNECTION = "{}" }: TestEnv): ConnectionSettings {
  return { allowAnonymous: true, ...(JSON.parse(CONNECTION) as ConnectionSettings) };
}

/** Hubs never answer who is in a channel of the namespace `mute`. */
function isMute({ channel }: MembersCall): boolean {
  return channel.startsWith("mute:");
}

export default appOf(
  shippedKinds,
  createNamespaces({ namespaces }),
  resolveConfig({ connection: connectionOf(env as TestEnv), namespaces }, env),
);
