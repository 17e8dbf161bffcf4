import { API_LIMITS } from "../../src/shared/limits.ts";
import { configureHub } from "./hub-config.ts";

export interface ApiBody {
  readonly result?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly code: number; readonly message: string };
  /** Of a batch. */
  readonly replies?: readonly unknown[];
}

/** Calls a method of the server API. Returns the body of the answer. */
export type CallApi = (method: string, params?: unknown) => Promise<ApiBody>;

export function apiCalls(call: CallApi) {
  return {
    call,

    /** The result of a method. Throws when it is an error. */
    async ask(method: string, params: unknown = {}): Promise<Readonly<Record<string, unknown>>> {
      const { result, error } = await call(method, params);
      if (result === undefined) throw new Error(`${method}: ${JSON.stringify(error)}`);
      return result;
    },

    /** The replies to the commands of a batch. Throws when it is an error. */
    async batch(commands: readonly unknown[]): Promise<readonly unknown[]> {
      const body = await call("batch", { commands });
      if (body.replies === undefined) throw new Error(`batch: ${JSON.stringify(body)}`);
      return body.replies;
    },

    /** The code of the error that a method answers with. */
    async codeOf(method: string, params: unknown = {}): Promise<number | undefined> {
      return (await call(method, params)).error?.code;
    },
  };
}

/** Turns commands on users on at their homes. */
export function enableUserCommands(): void {
  for (let shard = 0; shard < API_LIMITS.userShards; shard += 1) {
    configureHub(`users/${shard}`, { connection: { userCommands: true } });
  }
}
