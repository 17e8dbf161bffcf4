import { BodyTooLarge, readBytes } from "../shared/body.ts";
import { httpError } from "../shared/http-error.ts";
import { exceeds, type Message } from "../shared/payload-size.ts";
import type { Asked } from "./asked.ts";

/** Whether a body is Protobuf. */
export function isBinary({ headers }: Request): boolean {
  return /^application\/octet-stream\b/i.test(headers.get("Content-Type") ?? "");
}

/** The commands of a request: the body of a POST, or `cf_connect` of a GET. As long as a message of a socket may be. */
export async function readMessage({ request, gateway }: Asked): Promise<string | Response> {
  const { messageSizeLimit } = gateway.config.connection;
  if (request.method !== "GET") {
    const body = await readWithin(request, messageSizeLimit);
    return body === undefined ? httpError("message_too_large") : new TextDecoder().decode(body);
  }
  const text = new URL(request.url).searchParams.get("cf_connect") ?? "";
  return exceeds(messageSizeLimit, text) ? httpError("message_too_large") : text;
}

/** The same, or bytes where they are Protobuf. */
export async function readFrame(asked: Asked): Promise<Message | Response> {
  const { request, gateway } = asked;
  if (!isBinary(request)) return readMessage(asked);
  const bytes = await readWithin(request, gateway.config.connection.messageSizeLimit);
  return bytes === undefined ? httpError("message_too_large") : bytes.buffer;
}

/** The body; undefined where it has more bytes than that. */
export async function readWithin(
  request: Request,
  limit: number,
): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    return await readBytes(request, limit);
  } catch (failure) {
    if (failure instanceof BodyTooLarge) return undefined;
    throw failure;
  }
}
