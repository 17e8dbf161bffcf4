/**
 * Who looks at the overview: a key, which is exchanged for a token of ten minutes, and again before that ends. Both are in
 * the memory of this page only.
 */

import type { ApiFailure, ApiOutcome } from "./api-answer.ts";
import { callApi } from "./server-api.ts";

export type Right = "observe" | "operate" | "trace";

/** What `POST /api/operator_token` answers. */
export interface OperatorToken {
  readonly token: string;
  /** Unix seconds. */
  readonly expires_at: number;
  /** The name of the key. */
  readonly name: string;
  readonly rights: readonly Right[];
}

/** How long a token must last for what is begun with it. */
const NEEDED_MS = 60_000;
const UNAUTHORIZED = 401;

export class Operator {
  readonly #changed: (why: ApiFailure | undefined) => void;
  #key = "";
  #token: OperatorToken | undefined;

  /** @param changed is called when somebody signs in or out; `why` says why the gateway takes the key no more. */
  constructor(changed: (why: ApiFailure | undefined) => void) {
    this.#changed = changed;
  }

  get isSignedIn(): boolean {
    return this.#token !== undefined;
  }

  /** The name of the key. */
  get name(): string {
    return this.#token?.name ?? "";
  }

  get rights(): readonly Right[] {
    return this.#token?.rights ?? [];
  }

  async signIn(key: string): Promise<ApiFailure | undefined> {
    const outcome = await exchange(key);
    if ("failure" in outcome) return outcome.failure;
    this.#key = key;
    this.#token = outcome.result;
    this.#changed(undefined);
    return undefined;
  }

  signOut(why?: ApiFailure): void {
    this.#key = "";
    this.#token = undefined;
    this.#changed(why);
  }

  /** A token that lasts; what the gateway says where it gives none. */
  async token(): Promise<ApiOutcome<string>> {
    const present = this.#token;
    if (present === undefined) return { failure: { status: UNAUTHORIZED, message: "" } };
    if (present.expires_at * 1_000 - Date.now() > NEEDED_MS) return { result: present.token };
    const outcome = await exchange(this.#key);
    // Whoever has signed out meanwhile stays so.
    if (this.#token !== present) return this.token();
    if ("result" in outcome) {
      this.#token = outcome.result;
      return { result: outcome.result.token };
    }
    if (outcome.failure.status === UNAUTHORIZED) this.signOut(outcome.failure);
    return outcome;
  }

  /** Calls a method of the server API. @param params an object, as JSON text. */
  async call<Result>(method: string, params: string): Promise<ApiOutcome<Result>> {
    const token = await this.token();
    return "failure" in token ? token : callApi<Result>(method, params, bearer(token.result));
  }
}

export function bearer(token: string): { readonly Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}

function exchange(key: string): Promise<ApiOutcome<OperatorToken>> {
  return callApi<OperatorToken>("operator_token", "{}", { "X-API-Key": key });
}
