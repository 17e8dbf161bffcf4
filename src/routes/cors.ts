import type { HttpErrorCode } from "../shared/codes.ts";
import { httpError } from "../shared/http-error.ts";
import { type Asked, noteRefusal } from "./asked.ts";
import { orFailure } from "./failure.ts";
import { refuseOrigin } from "./upgrade.ts";

/** Seconds for which a browser need not ask again: the most that Chrome takes. Each question is a request that is billed. */
const MAX_AGE = 7_200;

/**
 * Answers pages of other origins as far as ALLOWED_ORIGINS allows them, and their browser's question beforehand. A page
 * that is not allowed is refused also where it could not read the answer: its user's cookies would go to hooks.
 */
export async function answerPages(
  asked: Asked,
  methods: readonly string[],
  answer: (asked: Asked) => Response | Promise<Response>,
): Promise<Response> {
  const refusal = refuseOrigin(asked) ?? refuseBlind(asked);
  if (refusal) return refusal;
  const { request } = asked;
  const { method } = request;
  if (method === "OPTIONS") return readable(request, allow(request, methods));
  const isAllowed = methods.includes(method);
  return readable(request, isAllowed ? await orFailure(answer(asked)) : refuseMethod(methods));
}

/**
 * A link or an image of another site asks with its user's cookies and without `Origin`, and would publish as that user.
 * Only this header tells; no page can set it. What is not asked by a browser has none.
 */
function refuseBlind(asked: Asked): Response | undefined {
  const { headers } = asked.request;
  const site = headers.get("Sec-Fetch-Site") ?? "none";
  if (headers.has("Origin") || site === "same-origin" || site === "none") return undefined;
  noteRefusal(asked, "origin_refused");
  return httpError("origin_refused");
}

export function refuseMethod(
  methods: readonly string[],
  code: HttpErrorCode = "method_not_allowed",
): Response {
  return httpError(code, { Allow: methods.join(", ") });
}

function allow({ headers }: Request, methods: readonly string[]): Response {
  const asksFor = headers.get("Access-Control-Request-Headers");
  return new Response(null, {
    status: 204,
    headers: {
      "Access-Control-Allow-Methods": methods.join(", "),
      "Access-Control-Max-Age": String(MAX_AGE),
      ...(asksFor !== null && { "Access-Control-Allow-Headers": asksFor }),
    },
  });
}

/** Lets the page that asks read the answer. */
function readable({ headers }: Request, response: Response): Response {
  const copy = new Response(response.body, response);
  const origin = headers.get("Origin");
  copy.headers.append("Vary", "Origin");
  if (origin !== null) {
    copy.headers.set("Access-Control-Allow-Origin", origin);
    copy.headers.set("Access-Control-Allow-Credentials", "true");
  }
  return copy;
}
