import { concatenate } from "./concatenate.ts";

/** A body that is longer than it may be. */
export class BodyTooLarge extends Error {}

/**
 * The body of a request or response as text, read only up to its limit: a body that never ends would fill the memory.
 *
 * @throws BodyTooLarge as soon as it is known to have more than `limit` bytes.
 */
export async function readBody(message: Request | Response, limit: number): Promise<string> {
  return new TextDecoder().decode(await readBytes(message, limit));
}

/** The same as it is. */
export async function readBytes(
  { body, headers }: Request | Response,
  limit: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (Number(headers.get("Content-Length") ?? 0) > limit) throw new BodyTooLarge();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const bytes of (body ?? []) as AsyncIterable<Uint8Array> & typeof body) {
    size += bytes.byteLength;
    if (size > limit) throw new BodyTooLarge();
    chunks.push(bytes);
  }
  return concatenate(chunks, size);
}
