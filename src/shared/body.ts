/** A body that is longer than it may be. */
export class BodyTooLarge extends Error {}

/**
 * The body of a request or response as text, read only up to its limit: a body that never ends would fill the memory.
 *
 * @throws BodyTooLarge as soon as it is known to have more than `limit` bytes.
 */
export async function readBody({ body, headers }: Request | Response, limit: number): Promise<string> {
  if (Number(headers.get("Content-Length") ?? 0) > limit) throw new BodyTooLarge();
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
