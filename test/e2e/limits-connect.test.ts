import { afterAll, beforeAll, expect, test } from "vitest";
import { WORKER_LIMITS } from "../../src/shared/limits.ts";
import { type Gateway, startGateway } from "../support/gateway.ts";
import { TcpPeer } from "../support/tcp.ts";

const API_KEY = "a key of the test";
let gateway: Gateway | undefined;

beforeAll(async () => {
  gateway = await startGateway({ vars: { API_KEY } });
});

afterAll(() => gateway?.stop());

/** Connects from an address, as the gateway sees it, and returns what is answered. */
async function attempt(address: string): Promise<{ status: number; retryAfter: string | undefined }> {
  const peer = await TcpPeer.connect(gateway?.port ?? 0);
  const { status, headers } = await peer.upgrade("/rooms/echo/limits", { "CF-Connecting-IP": address });
  peer.destroy();
  return { status, retryAfter: headers.get("retry-after") };
}

test("ABUSE-07: in development too, one connection a minute too many from an address is refused with 429", async () => {
  const answers: Awaited<ReturnType<typeof attempt>>[] = [];
  const refused = () => answers.filter(({ status }) => status === 429);
  // A new minute may begin on the way.
  while (refused().length === 0 && answers.length <= 2 * WORKER_LIMITS.connectionsPerMinute) {
    answers.push(...(await Promise.all(Array.from({ length: 50 }, () => attempt("192.0.2.1")))));
  }
  expect(refused()[0]?.retryAfter).toBe(String(WORKER_LIMITS.retryAfter));
  expect(answers.filter(({ status }) => status === 101).length).toBeGreaterThanOrEqual(
    WORKER_LIMITS.connectionsPerMinute,
  );
  expect((await attempt("192.0.2.2")).status).toBe(101);
});

test("OPS-03: metrics are told to the holder of a key, over HTTP", async () => {
  const url = `${gateway?.url}/metrics?region=local&n=0`;
  const [without, withKey] = await Promise.all([
    fetch(url),
    fetch(url, { headers: { "X-API-Key": API_KEY } }),
  ]);
  expect([without.status, withKey.status]).toEqual([401, 200]);
  expect(await withKey.text()).toContain("# TYPE poorwill_hub_wakes counter\npoorwill_hub_wakes 1\n");
});
