/** Frames as clients send them, which are then broken in every way that comes to mind. */
export const FRAMES: readonly string[] = [
  {
    connect: {
      token: "",
      data: { a: 1 },
      subs: { "keep:a": { recover: true, offset: 1, epoch: "x" } },
      name: "js",
    },
    id: 1,
  },
  {
    subscribe: { channel: "keep:fuzz", recover: true, offset: 3, epoch: "abc", flag: 1, positioned: true },
    id: 2,
  },
  {
    subscribe: {
      channel: "open:fuzz",
      join_leave: true,
      token: "a.b.c",
      data: [1, 2],
      delta: "fossil",
      type: 0,
    },
    id: 3,
  },
  { unsubscribe: { channel: "open:fuzz" }, id: 4 },
  { publish: { channel: "keep:fuzz", data: { text: "hello", n: 1.5e3, deep: [[[{}]]] } }, id: 5 },
  { history: { channel: "keep:fuzz", limit: 10, since: { offset: 1, epoch: "" }, reverse: true }, id: 6 },
  { presence: { channel: "open:fuzz" }, id: 7 },
  { presence_stats: { channel: "open:fuzz" }, id: 8 },
  { rpc: { method: "echo", data: "é😀" }, id: 9 },
  { send: { data: null } },
  { refresh: { token: "x" }, id: 10 },
  { sub_refresh: { channel: "open:fuzz", token: "x" }, id: 11 },
  {},
].map((command) => JSON.stringify(command));

/** Commands that do not end a connected session by themselves. */
export const CALM = FRAMES.filter((frame) => !/"connect"|"refresh"/.test(frame));

const TEXTS: readonly string[] = [
  ..."keep:fuzz open:fuzz closed:a $keep:a users:#a,b words:ü nowhere:a : :: a / # , $ __proto__ constructor".split(
    " ",
  ),
  ...[
    "keep:fuzz/\0",
    "\ud800",
    "é😀",
    "a\nb",
    "'; DROP TABLE streams; --",
    `keep:${"x".repeat(250)}`,
    "y".repeat(2_000),
  ],
];

const VALUES: readonly string[] = [
  ...[
    "null",
    "true",
    '""',
    '"\\u0000"',
    '"\\ud800"',
    '"__proto__"',
    "[]",
    "{}",
    "[null]",
    '{"constructor":{}}',
  ],
  ...["0", "-0", "-1", "1.5", "1e999", "4294967295", "4294967296", "9007199254740993", "NaN", "undefined"],
];

type Mutation = (frame: string, random: Random) => string | ArrayBuffer;

/** Frames that can be read, and say strange things. */
const STRANGE: readonly Mutation[] = [
  ...Array.from(
    { length: 8 },
    (): Mutation => (frame, random) => JSON.stringify(changed(JSON.parse(frame), random)),
  ),
  (frame) => new TextEncoder().encode(frame).buffer as ArrayBuffer,
  (_, random) => `{}\n${random.of(CALM)}\n${random.of(CALM)}\n${random.of(CALM)}`,
  (_, random) => deep(random.below(random.of([10, 100, 4_000]))),
];

/** Frames of which most cannot be read. */
const BROKEN: readonly Mutation[] = [
  (_, random) => random.of(FRAMES),
  (frame, random) => frame.slice(0, random.below(frame.length + 1)),
  (frame, random) => frame.slice(random.below(frame.length)),
  (frame, random) => frame + random.of(FRAMES),
  (frame, random) => [frame, random.of(FRAMES), random.of(FRAMES)].join("\n"),
  (frame, random) => frame + random.of(["\n", "\n\n", "\r\n", " ", "\0", ",", "\u2028"]),
  (frame, random) =>
    at(frame, random, (head, tail) => head + String.fromCharCode(random.below(0x3000)) + tail),
  (frame, random) =>
    at(
      frame,
      random,
      (head, tail) => head + random.of(['"', "{", "}", "[", ":", "\\", "\n"]) + tail.slice(1),
    ),
  (frame, random) => frame.replace(/:("[^"]*"|\d+|true|null)/, () => `:${random.of(VALUES)}`),
  (frame, random) => everyOther(frame, /:("[^"]*"|\d+|true|null)/g, random, () => `:${random.of(VALUES)}`),
  (frame, random) =>
    everyOther(
      frame,
      /"\w+":/g,
      random,
      () => `${random.of(['"__proto__"', '""', '"id"', '"channel"', '"connect"'])}:`,
    ),
  (frame, random) =>
    frame.replace(
      /"(channel|token|data|method|epoch)":("[^"]*"|\{)/,
      `"$1":"${"x".repeat(random.below(3_000))}"`,
    ),
  (_, random) => `{"rpc":{"data":${"[".repeat(random.below(30_000))}},"id":1}`,
  (_, random) => deep(random.below(30_000)),
  (_, random) => `{"rpc":{"data":"${"x".repeat(65_400 + random.below(300))}"},"id":1}`,
  scratched,
  (_, random) => Uint8Array.from({ length: random.below(200) }, () => random.below(256)).buffer,
];

/** A broken frame, the same one for each number. */
export function mutatedFrame(number: number): string | ArrayBuffer {
  const random = new Random(number);
  return random.below(5) === 0
    ? random.of(BROKEN)(random.of(FRAMES), random)
    : random.of(STRANGE)(random.of(CALM), random);
}

/** The same command with other values of the same types. */
export function changed(value: unknown, random: Random): unknown {
  if (random.below(3) === 0) return value;
  if (typeof value === "string") return random.of(TEXTS);
  if (typeof value === "number") return random.of([0, 1, 2, 7, 300, 301, 2 ** 32 - 1, 2 ** 53 - 1]);
  if (typeof value === "boolean") return !value;
  if (Array.isArray(value)) return value.map((member) => changed(member, random));
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, key === "id" ? member : changed(member, random)]),
  );
}

function at(frame: string, random: Random, join: (head: string, tail: string) => string): string {
  const position = random.below(frame.length);
  return join(frame.slice(0, position), frame.slice(position));
}

function everyOther(frame: string, pattern: RegExp, random: Random, replace: () => string): string {
  return frame.replace(pattern, (match) => (random.below(2) === 0 ? match : replace()));
}

function deep(depth: number): string {
  return `{"publish":{"channel":"open:fuzz","data":${"[".repeat(depth)}${"]".repeat(depth)}},"id":1}`;
}

function scratched(frame: string, random: Random): ArrayBuffer {
  const bytes = new TextEncoder().encode(frame);
  for (let count = 0; count < 4; count += 1) bytes[random.below(bytes.length)] = random.below(256);
  return bytes.buffer as ArrayBuffer;
}

/** Numbers that only look random (mulberry32). */
export class Random {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  /** A whole number from 0, smaller than `limit`. */
  below(limit: number): number {
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % Math.max(1, limit);
  }

  of<T>(choices: readonly T[]): T {
    const choice = choices[this.below(choices.length)];
    if (choice === undefined) throw new Error("nothing to choose from");
    return choice;
  }
}
