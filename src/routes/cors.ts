import type { HttpErrorCode } from "../shared/codes.ts";
import { httpError } from "../shared/http-error.ts";
import type { Asked } from "./asked.ts";
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
  const refusal = refuseOrigin(asked);
  if (refusal) return refusal;
  const { request } = asked;
  const { method } = request;
  if (method === "OPTIONS") return readable(request, allow(request, methods));
  const isAllowed = methods.includes(method);
  return readable(request, isAllowed ? await orFailure(answer(asked)) : refuseMethod(methods));
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
