import type { HubRpc } from "./hub-rpc.ts";
import type { WireVersions } from "./wire-versions.ts";

type Method = keyof HubRpc;
type Call<Name extends Method> = Parameters<HubRpc[Name]>[0];
type Answer<Name extends Method> = Awaited<ReturnType<HubRpc[Name]>>;

/** Of an error, only the message reaches the caller whole. */
const REFUSAL = "calls of this form are not known here";

/** A call of a form that is not known. Nothing of it has been carried out. */
export class UnknownWireVersion extends Error {
  constructor(version: number) {
    super(`${REFUSAL}: version ${version}`);
  }
}

/** Other hubs, each spoken to in the newest form that it knows: a hub of the build before refuses ours once. */
export class Peers {
  readonly #wireVersions: WireVersions;
  readonly #stubOf: (hub: string) => HubRpc;
  readonly #behind = new Set<string>();

  constructor(wireVersions: WireVersions, stubOf: (hub: string) => HubRpc) {
    this.#wireVersions = wireVersions;
    this.#stubOf = stubOf;
  }

  stubOf(hub: string): HubRpc {
    return {
      follow: (call) => this.#ask(hub, "follow", call),
      unfollow: (call) => this.#ask(hub, "unfollow", call),
      publish: (call) => this.#ask(hub, "publish", call),
      history: (call) => this.#ask(hub, "history", call),
      presence: (call) => this.#ask(hub, "presence", call),
      members: (call) => this.#ask(hub, "members", call),
      deliver: (call) => this.#ask(hub, "deliver", call),
      manage: (call) => this.#ask(hub, "manage", call),
      occupancy: (call) => this.#ask(hub, "occupancy", call),
      admitUser: (call) => this.#ask(hub, "admitUser", call),
      userCounts: (call) => this.#ask(hub, "userCounts", call),
    };
  }

  async #ask<Name extends Method>(hub: string, method: Name, call: Call<Name>): Promise<Answer<Name>> {
    const { current, oldest } = this.#wireVersions;
    if (this.#behind.has(hub)) return this.#askIn(oldest, hub, method, call);
    try {
      return await this.#askIn(current, hub, method, call);
    } catch (failure) {
      if (current === oldest || !isRefusal(failure)) throw failure;
      this.#behind.add(hub);
      return this.#askIn(oldest, hub, method, call);
    }
  }

  async #askIn<Name extends Method>(
    version: number,
    hub: string,
    method: Name,
    call: Call<Name>,
  ): Promise<Answer<Name>> {
    // Every method takes its own call and promises its own answer, which TypeScript cannot follow through a name.
    const stub = this.#stubOf(hub) as unknown as Record<Name, (call: Call<Name>) => Promise<Answer<Name>>>;
    const written = { ...this.#wireVersions.write("call", call, version), version };
    return this.#wireVersions.read("answer", await stub[method](written), version);
  }
}

function isRefusal(failure: unknown): boolean {
  return failure instanceof Error && failure.message.includes(REFUSAL);
}
