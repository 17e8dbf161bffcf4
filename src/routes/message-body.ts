import { BodyTooLarge, readBody } from "../shared/body.ts";
import { httpError } from "../shared/http-error.ts";
import { exceeds } from "../shared/payload-size.ts";
import type { Asked } from "./asked.ts";

/** The commands of a request: the body of a POST, or `cf_connect` of a GET. As long as a message of a socket may be. */
export async function readMessage({ request, gateway }: Asked): Promise<string | Response> {
  const { messageSizeLimit } = gateway.config.connection;
  const text =
    request.method === "GET"
      ? (new URL(request.url).searchParams.get("cf_connect") ?? "")
      : await readWithin(request, messageSizeLimit);
  return text === undefined || exceeds(messageSizeLimit, text) ? httpError("message_too_large") : text;
}

/** The body; undefined where it has more bytes than that. */
export async function readWithin(request: Request, limit: number): Promise<string | undefined> {
  try {
    return await readBody(request, limit);
  } catch (failure) {
    if (failure instanceof BodyTooLarge) return undefined;
    throw failure;
  }
}
