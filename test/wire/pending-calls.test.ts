import { once } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { OBJECT_LIMITS } from "../../src/shared/limits.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const SLEEP_MS = OBJECT_LIMITS.sleepAfter + 2_000;

let workerd: Workerd;
let socket: WebSocket;

beforeAll(async () => {
  workerd = await startWorkerd({ configPath: "test/wire/pending/wrangler.toml" });
  socket = new WebSocket(workerd.url.replace("http", "ws"));
  await once(socket, "open");
});

afterAll(async () => {
  socket.terminate();
  await workerd.stop();
});

/** Sends a message. Returns the name of the life of the object that has taken it. */
async function ask(message: string): Promise<string> {
  socket.send(message);
  const [answer] = await once(socket, "message");
  return String(answer);
}

test("WIRE-80: a call that was given up, and disposed of, keeps its object awake until it is answered", async () => {
  const life = await ask("give up");
  await delay(SLEEP_MS);
  expect(await ask("look")).toBe(life);
  await fetch(workerd.url);
  let later = life;
  while (later === life) {
    await delay(SLEEP_MS);
    later = await ask("look");
  }
});
