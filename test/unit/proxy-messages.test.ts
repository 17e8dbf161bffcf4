import { expect, test } from "vitest";
import {
  connectGrant,
  publishGrant,
  readAnswer,
  refreshGrant,
  subscriptionGrant,
} from "../../src/proxy/answers.ts";
import type {
  ConnectResult,
  ProxyAnswer,
  PublishResult,
  RefreshResult,
  SubscribeResult,
} from "../../src/proxy/messages.ts";

const subscribe: Required<Omit<SubscribeResult, "b64info" | "b64data">> = {
  info: 1,
  data: 2,
  expire_at: 3,
  override: { join_leave: { value: true } },
};
const subscription = { info: 1, data: 2, expireAt: 3, override: { joinLeave: true } };

test("PKG-22: the gateway takes every member of an answer that the types of poorwill/backend have", () => {
  expect(subscriptionGrant(subscribe)).toEqual(subscription);
  const connect: Required<Omit<ConnectResult, "b64info" | "b64data">> = {
    user: "ann",
    info: 1,
    data: 2,
    expire_at: 3,
    channels: ["news"],
    subs: { chat: subscribe },
    meta: { a: 1 },
  };
  expect(connectGrant(connect)).toEqual({
    user: "ann",
    info: 1,
    data: 2,
    expireAt: 3,
    subs: { news: {}, chat: subscription },
    meta: { a: 1 },
  });
  const publish: Required<Omit<PublishResult, "b64data">> = {
    data: 2,
    tags: { a: "b" },
    skip_history: true,
    idempotency_key: "key",
    version: 4,
    version_epoch: "epoch",
  };
  expect(publishGrant(publish)).toEqual({
    data: 2,
    tags: { a: "b" },
    skipHistory: true,
    idempotencyKey: "key",
    version: 4,
    versionEpoch: "epoch",
  });
  const refresh: Required<Omit<RefreshResult, "b64info">> = {
    info: 1,
    expired: true,
    expire_at: 3,
    meta: { a: 1 },
  };
  expect(refreshGrant(refresh)).toEqual({ info: 1, expired: true, expireAt: 3, meta: { a: 1 } });
});

test.each<ProxyAnswer<PublishResult>>([
  { error: { code: 1000, message: "no", temporary: true } },
  { disconnect: { code: 4501, reason: "banned" } },
])("PKG-22: the gateway takes a refusal of these types: %j", (answer) => {
  expect(readAnswer(JSON.stringify(answer), publishGrant)).toEqual(answer);
});
