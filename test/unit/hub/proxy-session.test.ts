import { describe, expect, test } from "vitest";
import { Backend } from "../../support/fetched-backend.ts";
import { ANN, proxied } from "../../support/node/proxied-hub.ts";
import { UNLIMITED } from "../../support/rates.ts";

describe("headers", () => {
  const names = { http_headers: ["Cookie", "X-Device", "X-Real-IP"], static_headers: { "X-Key": "static" } };

  test("PROXY-09: headers that are named are sent along, after sleep too, and no others", async () => {
    const backend = new Backend(() => ANN);
    const hub = proxied(backend, ["connect", "rpc"], names);
    const client = await hub.open("", { Cookie: "session=1", "X-Key": "forged", "X-Other": "2" });
    await client.ask("connect");
    await hub.sleep();
    await client.ask("rpc", { method: "m" });
    for (const { headers } of backend.asked) {
      expect(headers.get("Cookie")).toBe("session=1");
      expect(headers.get("X-Key")).toBe("static");
      expect(headers.get("X-Other")).toBeNull();
      expect(headers.get("Content-Type")).toBe("application/json");
    }
    expect(backend.asked).toHaveLength(2);
  });

  test("PROXY-09: a static header goes over one of the handshake that is named too, real or emulated", async () => {
    const backend = new Backend(() => ANN);
    const hub = proxied(backend, ["connect"], { ...names, http_headers: ["X-Key"] });
    await (await hub.open("", { "X-Key": "forged" })).ask("connect");
    await (await hub.open()).ask("connect", { headers: { "X-Key": "forged" } });
    expect(backend.asked.map(({ headers }) => headers.get("X-Key"))).toEqual(["static", "static"]);
  });

  test("PROXY-10: emulated headers stand for named ones that are missing, never over a real or vouched-for one", async () => {
    const backend = new Backend(() => ANN);
    const hub = proxied(backend, ["connect", "rpc"], names);
    const client = await hub.open("", { Cookie: "real=1" });
    await client.ask("connect", {
      headers: {
        cookie: "forged=1",
        "x-device": "phone",
        "X-Real-IP": "192.0.2.1",
        "X-Key": "forged",
        "X-Other": "2",
      },
    });
    await hub.sleep();
    await client.ask("rpc", { method: "m" });
    for (const { headers } of backend.asked) {
      expect(headers.get("Cookie")).toBe("real=1");
      expect(headers.get("X-Device")).toBe("phone");
      expect(headers.get("X-Real-IP")).toBeNull();
      expect(headers.get("X-Key")).toBe("static");
      expect(headers.get("X-Other")).toBeNull();
    }
  });

  test("PROXY-11: headers that are too long to be kept are refused: with 431, emulated ones with 3501", async () => {
    const backend = new Backend(() => ANN);
    const hub = proxied(backend, ["connect"], names);
    await expect(hub.open("", { Cookie: "c".repeat(9_000) })).rejects.toThrow("431");
    const client = await hub.open();
    client.send({ connect: { headers: { Cookie: "c".repeat(9_000) } } });
    expect((await client.closed).code).toBe(3501);
    expect(backend.asked).toEqual([]);
  });
});

describe("a slow backend", () => {
  test("PROXY-12: other sessions go on, and so do commands on other channels", async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const backend = new Backend((asked) => (asked.body.channel === "open:slow" ? promise : { result: {} }));
    const hub = proxied(backend, ["publish"]);
    const [slow, other] = [await hub.connect(), await hub.connect()];
    const [id = 0] = slow.send({ publish: { channel: "open:slow", data: 1 } });
    await backend.untilAsked("/publish");
    await other.publish("open:a", 2);
    await slow.publish("open:a", 3);
    expect(slow.unread).toEqual([]);
    resolve({ result: {} });
    expect(await slow.reply(id)).toEqual({ id, publish: {} });
  });

  test("PROXY-12: what a session sends on one channel keeps its order, and all of it arrives", async () => {
    const delays = [20, 15, 10, 5];
    const backend = new Backend(async () => {
      await new Promise((resolve) => setTimeout(resolve, delays.shift()));
      return { result: {} };
    });
    const client = await proxied(backend, ["publish"]).connect();
    await client.subscribe("keep:a");
    client.send(...[1, 2, 3, 4].map((data) => ({ publish: { channel: "keep:a", data } })));
    for (const data of [1, 2, 3, 4])
      expect(await client.publication("keep:a")).toMatchObject({ data, offset: data });
  });

  test("SESS-58: more than 1,024 commands that wait are answered with error 111, the others are carried out", async () => {
    const { promise, resolve } = Promise.withResolvers<unknown>();
    const config = { connection: { commandRate: UNLIMITED } };
    const client = await proxied(new Backend(() => promise), ["rpc"], {}, config).connect();
    const ids = client.send(...Array.from({ length: 1_025 }, () => ({ rpc: { method: "m" } })));
    expect(await client.reply(ids.at(-1) ?? 0)).toMatchObject({ error: { code: 111, temporary: true } });
    resolve({ result: { data: 1 } });
    for (const id of ids.slice(0, -1)) expect(await client.reply(id)).toMatchObject({ rpc: { data: 1 } });
  });
});
