import { withTimeout } from "../shared/timeout.ts";
import { type Answer, type Call, callHub, type HubRpc, hubOf, type Method } from "./hub-rpc.ts";
import type { Versioned } from "./messages.ts";
import { type CallVersions, formsOf, isKnown } from "./wire-versions.ts";

/** Of an error, only the message reaches the caller whole. */
const REFUSAL = "calls of this form are not known here";

/** A call of a version that is not known. Nothing of it has been carried out. */
class UnknownVersion extends Error {
  constructor(version: number) {
    super(`${REFUSAL}: version ${version}`);
  }
}

/** What calls to other hubs need. */
export interface Links {
  readonly versions: CallVersions;
  /** Milliseconds after which a call is given up, so that one hub that hangs holds up no other. */
  readonly timeout: number;
  /** Reaches another hub. */
  stubOf(hub: string): HubRpc;
}

/** Other hubs, each spoken to in the newest version that it knows: a hub of the build before refuses ours once. */
export class Peers {
  readonly #links: Links;
  readonly #behind = new Set<string>();

  constructor(links: Links) {
    this.#links = links;
  }

  /**
   * Another hub. What it does not answer in time is given up, and may have been carried out all the same. Nothing ends such a
   * call on this side, and it keeps this object awake (docs/decisions/0002): a handler must always answer.
   */
  stubOf(hub: string): HubRpc {
    return hubOf((method, call) => withTimeout(this.#call(hub, method, call), this.#links.timeout));
  }

  async #call<Name extends Method>(hub: string, method: Name, call: Call<Name>): Promise<Answer<Name>> {
    const { current, oldest } = this.#links.versions;
    if (this.#behind.has(hub)) return this.#callIn(oldest, hub, method, call);
    try {
      return await this.#callIn(current, hub, method, call);
    } catch (failure) {
      if (current === oldest || !isRefusal(failure)) throw failure;
      this.#behind.add(hub);
      return this.#callIn(oldest, hub, method, call);
    }
  }

  async #callIn<Name extends Method>(
    version: number,
    hub: string,
    method: Name,
    call: Call<Name>,
  ): Promise<Answer<Name>> {
    const { versions, stubOf } = this.#links;
    const forms = formsOf(versions, method, version);
    const written = forms ? forms.writeCall(call) : call;
    const answer = await callHub(stubOf(hub), method, { ...written, version } as Call<Name>);
    return forms ? forms.readAnswer(answer, written) : answer;
  }
}

/** Answers a call of another hub in the version in which it came. Throws, before any work, for one that is not known. */
export async function answerCall<Name extends Method>(
  versions: CallVersions,
  method: Name,
  written: Call<Name> & Versioned,
  work: (call: Call<Name>) => Answer<Name> | Promise<Answer<Name>>,
): Promise<Answer<Name>> {
  const { version = 0 } = written;
  if (!isKnown(versions, version)) throw new UnknownVersion(version);
  const forms = formsOf(versions, method, version);
  const answer = await work(forms ? forms.readCall(written) : written);
  return forms ? (forms.writeAnswer(answer, written) as Answer<Name>) : answer;
}

function isRefusal(failure: unknown): boolean {
  return failure instanceof Error && failure.message.includes(REFUSAL);
}
