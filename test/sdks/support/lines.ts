import type { Readable } from "node:stream";

/** The lines of a stream. Unlike those of `node:readline`, they do not end at U+2028, which JSON has in its strings. */
export async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = "";
  for await (const chunk of stream.setEncoding("utf8")) {
    const lines = `${rest}${chunk}`.split("\n");
    rest = lines.pop() ?? "";
    yield* lines;
  }
}
