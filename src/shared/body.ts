/** A body that is longer than it may be. */
export class BodyTooLarge extends Error {}

/**
 * The body of a request or response as text, read no further than it may be long: one that never ends would fill the
 * memory.
 *
 * @throws BodyTooLarge as soon as more than `limit` bytes have come.
 */
export async function readText({ body }: Request | Response, limit: number): Promise<string> {
  if (body === null) return "";
  const decoder = new TextDecoder();
  let text = "";
  let size = 0;
  for await (const bytes of body as AsyncIterable<Uint8Array> & typeof body) {
    size += bytes.byteLength;
    if (size > limit) throw new BodyTooLarge();
    text += decoder.decode(bytes, { stream: true });
  }
  return text + decoder.decode();
}
