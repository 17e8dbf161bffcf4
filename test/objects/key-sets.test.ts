import { exportJWK, generateKeyPair, SignJWT } from "jose";
import { expect, onTestFinished, test, vi } from "vitest";
import { createRemoteKeys } from "../../src/auth/jwks.ts";
import { platformCache } from "../../src/auth/key-set-cache.ts";
import { TOKEN_LIMITS } from "../../src/shared/limits.ts";
import { until } from "../support/until.ts";
import { TestHub } from "./test-hub.ts";

const { privateKey, publicKey } = await generateKeyPair("ES256", { extractable: true });
const keys = { keys: [{ ...(await exportJWK(publicKey)), kid: "known" }] };
const sign = (kid: string) =>
  new SignJWT({ sub: "ann" }).setProtectedHeader({ alg: "ES256", kid }).sign(privateKey);

/** An endpoint that no other test uses, and how often it has been read. */
function useEndpoint() {
  const address = `https://keys.test/${crypto.randomUUID()}`;
  const fetched = vi.spyOn(globalThis, "fetch").mockImplementation(async () => {
    await scheduler.wait(50);
    return Response.json(keys);
  });
  onTestFinished(() => fetched.mockRestore());
  const newHub = () =>
    new TestHub({
      name: `home/open:${crypto.randomUUID()}`,
      config: { tokens: { jwksEndpoint: "KEYS_ADDRESS" } },
      env: { KEYS_ADDRESS: address },
    });
  return { address, newHub, fetched };
}

test("TOKEN-30: hubs that are woken by bogus tokens read the key set once, however many they are", async () => {
  const { newHub, fetched } = useEndpoint();
  const token = await sign("bogus");
  const closed = await Promise.all(
    Array.from({ length: 50 }, async () => {
      const client = await newHub().open();
      client.send({ connect: { token } });
      return client.reply(1).then(
        ({ error }) => error?.code,
        () => "closed",
      );
    }),
  );
  expect(new Set(closed).size).toBeLessThanOrEqual(2);
  expect(fetched).toHaveBeenCalledTimes(1);
});

test("TOKEN-30: a hub that has slept reads no key set to let somebody in", async () => {
  const { newHub, fetched } = useEndpoint();
  const hub = newHub();
  await hub.connect({ token: await sign("known") });
  await hub.sleep();
  await hub.connect({ token: await sign("known") });
  await newHub().connect({ token: await sign("known") });
  expect(fetched).toHaveBeenCalledTimes(1);
});

test("TOKEN-31: what one isolate has read, another one finds in the cache, as old as it is", async () => {
  const { address, fetched } = useEndpoint();
  const header = { alg: "ES256", kid: "known" };
  const now = Date.now();
  const isolate = () => createRemoteKeys(new URL(address), platformCache);
  expect(await isolate().find(header, new Date(now))).toHaveLength(1);
  await until(async () => (await platformCache.get(new URL(address))) !== undefined);
  expect(await isolate().find(header, new Date(now + TOKEN_LIMITS.keySetFresh - 1))).toHaveLength(1);
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(await isolate().find(header, new Date(now + TOKEN_LIMITS.keySetFresh))).toHaveLength(1);
  expect(fetched).toHaveBeenCalledTimes(2);
});

test("TOKEN-31: an unknown key is looked for at the endpoint, at most once per pause by all isolates", async () => {
  const { address, fetched } = useEndpoint();
  const header = { alg: "ES256", kid: "unknown" };
  const now = Date.now();
  const isolate = () => createRemoteKeys(new URL(address), platformCache);
  expect(await isolate().find(header, new Date(now))).toEqual([]);
  await until(async () => (await platformCache.get(new URL(address))) !== undefined);
  for (let count = 0; count < 5; count += 1) {
    await expect(isolate().find(header, new Date(now + 1))).rejects.toThrow("read again after a pause");
  }
  expect(fetched).toHaveBeenCalledTimes(1);
  expect(await isolate().find(header, new Date(now + TOKEN_LIMITS.keySetCooldown))).toEqual([]);
  expect(fetched).toHaveBeenCalledTimes(2);
});

test.each([
  ["no cache", undefined],
  ["something that is no key set", Response.json({ keys: {} }, { headers: { "X-Poorwill-Read-At": "1" } })],
  ["an answer without its time", Response.json(keys)],
])("TOKEN-31: with %s the endpoint is read", async (_, cached) => {
  const { address, fetched } = useEndpoint();
  const opened = vi.spyOn(caches, "open");
  if (cached === undefined) opened.mockRejectedValue(new Error("no cache"));
  else
    opened.mockResolvedValue({ match: async () => cached.clone(), put: async () => {} } as unknown as Cache);
  onTestFinished(() => opened.mockRestore());
  const found = await createRemoteKeys(new URL(address), platformCache).find(
    { alg: "ES256", kid: "known" },
    new Date(),
  );
  expect([found.length, fetched.mock.calls.length]).toEqual([1, 1]);
});
