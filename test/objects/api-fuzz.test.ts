import { expect, test, vi } from "vitest";
import { API_METHODS } from "../../src/api/schemas.ts";
import { captureErrors } from "../support/log.ts";
import { enableUserCommands, KEY, request } from "./api-client.ts";

const SEED = 20_261_123;
const BODIES = 1_000;
const STATUSES = [200, 400, 413];

/** Bodies that are right, one for each method; the mutations begin with them. */
const RIGHT: Readonly<Record<string, object>> = {
  publish: {
    channel: "keep:a",
    data: { a: [1, "x"] },
    tags: { k: "v" },
    idempotency_key: "i",
    version: 1,
    version_epoch: "e",
  },
  broadcast: { channels: ["keep:a", "open:b", "keep:a/b"], data: 1, skip_history: true },
  subscribe: {
    user: "u",
    channel: "keep:a",
    client: "c",
    info: {},
    recover_since: { offset: 1, epoch: "e" },
    override: { presence: { value: true } },
  },
  unsubscribe: { user: "u", channel: "keep:a" },
  disconnect: { user: "u", whitelist: ["c"], disconnect: { code: 4000, reason: "r" } },
  refresh: { user: "u", expire_at: 4_000_000_000, info: 1 },
  presence: { channel: "keep:a" },
  presence_stats: { channel: "keep:a" },
  history: { channel: "keep:a", limit: 10, since: { offset: 1, epoch: "" }, reverse: true },
  history_remove: { channel: "keep:a/b" },
  channels: { pattern: "*" },
  info: {},
  room_publish: { kind: "echo", room: "a", topic: "t", data: "x", b64data: "AQID" },
  room_sockets: { kind: "echo", room: "a", after: "x", limit: 2, data: true },
  room_close: { kind: "echo", room: "a", code: 4000, reason: "r" },
  room_call: { kind: "echo", room: "a", name: "constructor", arguments: [1, {}] },
  batch: {
    commands: [
      { publish: { channel: "keep:a", data: 1 } },
      { history: { channel: "keep:a" } },
      { disconnect: { user: "u" } },
    ],
  },
};

const ODD: readonly unknown[] = [
  null,
  true,
  false,
  0,
  -1,
  1.5,
  1e308,
  2 ** 53,
  "",
  "keep:a",
  "\u0000users/1",
  "\ud800",
  "é".repeat(200),
  "x".repeat(300),
  [],
  {},
  [[]],
  { value: 1 },
  { __proto__: null, constructor: 1 },
  "*",
  "eyJhIjoxfQ==",
  Array(50).fill("keep:a"),
];

/** Numbers from 0 to 1 that a seed always gives again (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

class Mutator {
  readonly #random: () => number;

  constructor(seed: number) {
    this.#random = createRandom(seed);
  }

  pick<T>(choices: readonly T[]): T {
    return choices[Math.floor(this.#random() * choices.length)] as T;
  }

  body(right: object): string {
    const text = JSON.stringify(this.#value(right));
    return this.#random() < 0.25 ? this.#garble(text) : text;
  }

  #value(value: unknown): unknown {
    if (this.#random() < 0.1) return this.pick(ODD);
    if (Array.isArray(value))
      return value.flatMap((item) => this.pick([[this.#value(item)], [this.#value(item)], [item, item], []]));
    if (typeof value !== "object" || value === null) return this.#random() < 0.15 ? this.pick(ODD) : value;
    const entries = Object.entries(value).filter(() => this.#random() > 0.05);
    const changed = entries.map(([key, member]) => [
      this.#random() < 0.03 ? this.pick(["", "__proto__", "x"]) : key,
      this.#value(member),
    ]);
    return Object.fromEntries(changed) as unknown;
  }

  #garble(text: string): string {
    const at = Math.floor(this.#random() * text.length);
    return this.pick([
      text.slice(0, at),
      text.slice(0, at) +
        this.pick(["{", "]", '"', "\n", "\u0000", "1e999", "[".repeat(20_000)]) +
        text.slice(at),
      text + text,
      `${text}\n${text}`,
      text.replaceAll("1", "12345678901234567890123.50"),
    ]);
  }
}

test("API-09: whatever is in a body, the answer is none that blames the gateway", async () => {
  enableUserCommands();
  const errors = captureErrors();
  const written = vi.spyOn(console, "log").mockImplementation(() => {});
  const mutator = new Mutator(SEED);
  const answers = new Map<number, number>();
  for (let count = 0; count < BODIES; count += 1) {
    const method = mutator.pick(API_METHODS);
    const isLegacy = count % 4 === 0;
    const right = RIGHT[method] ?? {};
    const body = mutator.body(isLegacy ? { method, params: right } : right);
    const response = await request(isLegacy ? "/api" : `/api/${method}`, {
      headers: { "X-API-Key": KEY },
      body,
    });
    const text = await response.text();
    expect(STATUSES, `body ${count}: ${body.slice(0, 500)}: ${text}`).toContain(response.status);
    if (response.status === 200)
      for (const line of text.split("\n")) expect(() => JSON.parse(line), text).not.toThrow();
    expect(text, `body ${count}: ${body.slice(0, 500)}`).not.toContain('"code":100,');
    expect(text).not.toMatch(/Error|\.ts\b| at /);
    answers.set(response.status, (answers.get(response.status) ?? 0) + 1);
  }
  written.mockRestore();
  expect(errors()).toEqual([]);
  expect(answers.get(200)).toBeGreaterThan(BODIES / 2);
  expect(answers.get(400)).toBeGreaterThan(BODIES / 20);
});
