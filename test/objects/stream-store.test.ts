import { test } from "vitest";
import { SqlStreamStore } from "../../durable-objects/hub/storage/stream-store.ts";
import { wireVersions } from "../../src/hub-rpc/wire-versions.ts";
import { STREAM_STORE_RULES } from "../support/stream-store-rules.ts";
import { TestHub } from "./test-hub.ts";

test.each(STREAM_STORE_RULES)("STORE-08: over the storage of an object, $name", async ({ check }) => {
  await new TestHub().inside(({ storage }) => check(new SqlStreamStore(storage, wireVersions.stored)));
});
