import { CALM, changed, FRAMES, Random } from "./frame-mutations.ts";
import { commandFrame } from "./protobuf-end.ts";

type Bytes = readonly number[];

type Mutation = (frame: Bytes, random: Random) => Bytes;

const bytesOf = (line: string): Bytes => [...new Uint8Array(commandFrame(line))];
/** Frames of Protobuf, each with one command: a JSON text of a payload becomes its bytes. */
const COMMANDS = FRAMES.map(bytesOf);

/** A varint of more bytes than a number can have. */
const ENDLESS: Bytes = [...Array<number>(12).fill(0x80), 1];
/** Tags and lengths of all sorts. */
const FIELDS: readonly Bytes[] = [
  [0x08, 0],
  [0x08, ...Array<number>(9).fill(0xff), 1],
  [0xa0, 1, 5],
  [0xa2, 1, 0],
  [0xa3, 1, 0xa4, 1],
  [0x0b],
  [0x5a, 0],
  [0x22, 0x80, 0x80, 0x80, 0x80, 0x08],
  ENDLESS,
];

/** Frames that can be read, and say strange things. */
const strange: Mutation = (_, random) => {
  const command = JSON.parse(random.of(CALM)) as object;
  try {
    return bytesOf(JSON.stringify(changed(command, random)));
  } catch {
    // The library writes no half characters, and no numbers that the schema does not have.
    return random.of(COMMANDS);
  }
};

/** Frames of which most cannot be read. */
const BROKEN: readonly Mutation[] = [
  (frame) => frame,
  (frame, random) => frame.slice(0, random.below(frame.length + 1)),
  (frame, random) => frame.slice(random.below(frame.length)),
  (frame, random) => [...frame, ...random.of(COMMANDS), ...random.of(COMMANDS)],
  (frame, random) => [...frame, random.below(256)],
  (frame, random) => insert(frame, random, random.of(FIELDS)),
  (frame, random) => grown(frame, random.of(FIELDS)),
  (frame, random) => insert(frame, random, frame),
  (frame, random) => frame.toSpliced(random.below(frame.length), 1),
  (frame, random) => scratched(frame, random, 1),
  (frame, random) => scratched(frame, random, 4),
  (_, random) => bytesOf(`{"rpc":{"data":"${"x".repeat(65_400 + random.below(300))}"},"id":1}`),
  (_, random) => bytesOf(`{"publish":{"channel":"open:fuzz","data":${deep(random.below(4_000))}},"id":1}`),
  (_, random) => Array.from({ length: random.below(200) }, () => random.below(256)),
];

/** A broken frame of Protobuf, the same one for each number; now and then it is text. */
export function mutatedProtobuf(number: number): string | ArrayBuffer {
  const random = new Random(number);
  if (random.below(200) === 0) return random.of(FRAMES);
  const mutate = random.below(3) === 0 ? strange : random.of(BROKEN);
  return Uint8Array.from(mutate(random.of(COMMANDS), random)).buffer;
}

function insert(frame: Bytes, random: Random, more: Bytes): Bytes {
  return frame.toSpliced(random.below(frame.length), 0, ...more);
}

/** A field more at the end of the command, whose length says so. */
function grown([, ...message]: Bytes, field: Bytes): Bytes {
  const longer = [...message, ...field];
  return [longer.length & 0x7f, ...longer];
}

function scratched(frame: Bytes, random: Random, count: number): Bytes {
  const bytes = [...frame];
  for (let done = 0; done < count; done += 1) bytes[random.below(bytes.length)] = random.below(256);
  return bytes;
}

function deep(depth: number): string {
  return `${"[".repeat(depth)}1${"]".repeat(depth)}`;
}
