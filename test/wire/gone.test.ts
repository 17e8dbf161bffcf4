import { expect, test } from "vitest";
import { until } from "../support/until.ts";
import { useWire } from "../support/wire.ts";

const wire = useWire({ ENVIRONMENT: "development" }, "test/objects/closing-worker/wrangler.toml");

test("ROOM-22: a client that is gone while its upgrade waits is in no room", async () => {
  const path = "/rooms/waiting/gone";
  const observer = await wire.open(path);
  const ask = async (question: string) => {
    observer.sendText(question);
    return JSON.parse(Buffer.from((await observer.nextFrame()).payload).toString()) as Record<string, number>;
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
