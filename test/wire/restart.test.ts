import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { TcpPeer } from "../support/tcp.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

/** The kinds that ship are there in development only. */
const vars = { ENVIRONMENT: "development" };

let persistTo: string;
let gateway: Workerd | undefined;

beforeAll(async () => {
  persistTo = await mkdtemp(join(tmpdir(), "poorwill-restart-"));
  gateway = await startWorkerd({ vars, persistTo });
});

afterAll(async () => {
  await gateway?.stop();
  await rm(persistTo, { recursive: true });
});

async function greetingOf(port: number) {
  const peer = await TcpPeer.open(port, "/rooms/hello/restarted");
  const greeting = Buffer.from((await peer.nextFrame()).payload).toString();
  return { peer, greeting };
}

test("WIRE-44: a gateway that is killed ends its connections, and serves the same rooms when it is back", async () => {
  const port = gateway?.port ?? 0;
  const { peer } = await greetingOf(port);
  await gateway?.kill();
  await peer.ended();
  expect(await readdir(persistTo)).not.toEqual([]);

  gateway = await startWorkerd({ vars, persistTo, port });
  const { peer: again, greeting } = await greetingOf(port);
  expect(greeting).toBe("Hello from server");
  again.destroy();
});
