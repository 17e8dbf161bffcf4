/** Types of the runtime that the code names where tests in Node read it; all of them at once would clash with Node's. */
import type * as workers from "@cloudflare/workers-types";

declare global {
  type SqlStorage = workers.SqlStorage;
  type SyncKvStorage = workers.SyncKvStorage;
}
