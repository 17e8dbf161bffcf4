import { describe, expect, test } from "vitest";
import { until } from "../support/until.ts";
import { useWire } from "../support/wire.ts";

const wire = useWire({ ENVIRONMENT: "development" }, "test/objects/closing-worker/wrangler.toml");

test("ROOM-22: a client that is gone while its upgrade waits is in no room", async () => {
  const path = "/rooms/waiting/gone";
  const observer = await wire.open(path);
  const ask = async (question: string) => {
    observer.sendText(question);
    return JSON.parse(Buffer.from((await observer.nextFrame()).payload).toString()) as Readonly<
      Record<"waiting" | "aborted" | "opened" | "sockets", number>
    >;
  };
  const gone = await wire.connect();
  void gone.upgrade(`${path}?wait`).catch(() => {});
  const stays = await wire.connect();
  const joined = stays.upgrade(`${path}?wait`);
  await until(async () => (await ask("?")).waiting === 2, "both upgrades");
  gone.reset();
  await until(async () => (await ask("?")).aborted === 1, "word of the one that is gone");
  await ask("go");
  expect((await joined).status).toBe(101);
  await until(async () => (await ask("?")).opened >= 2, "the one that stays");
  expect(await ask("?")).toEqual({ waiting: 2, aborted: 1, opened: 2, sockets: 2 });
});

describe("at a hub", () => {
  const API_KEY = "a key of the test";
  const hubs = useWire({ ENVIRONMENT: "development", API_KEY });

  test("WIRE-78: clients that reset TCP right behind the handshake are gone when their time to connect is over", async () => {
    const stays = await hubs.open("/connection/websocket");
    stays.sendText('{"id":1,"connect":{}}');
    await stays.nextFrame();
    for (let count = 0; count < 20; count += 1) (await hubs.open("/connection/websocket")).reset();
    await until(async () => (await openSockets()) === 1, "the end of the sockets");
  });

  async function openSockets(): Promise<number> {
    const response = await fetch(`${hubs.url}/metrics?region=local&n=0`, {
      headers: { Authorization: `apikey ${API_KEY}` },
    });
    const line = (await response.text()).match(/^centrifugo_client_connections_inflight\S* (\d+)$/m);
    return Number(line?.[1]);
  }
});
