import { test } from "vitest";
import { SqlStreamStore } from "../../durable-objects/hub/storage/stream-store.ts";
import { wireVersions } from "../../src/hub-rpc/wire-versions.ts";
import { SqliteStorage } from "../support/sqlite-storage.ts";
import { STREAM_STORE_RULES } from "../support/stream-store-rules.ts";

test.each(STREAM_STORE_RULES)("STORE-08: over SQLite in Node, $name", ({ check }) => {
  check(new SqlStreamStore(new SqliteStorage(), wireVersions.stored));
});
