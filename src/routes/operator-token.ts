import { answerResponse, failed, wantsErrorsInTransport } from "../api/errors.ts";
import { FailureLog } from "../api/failure-log.ts";
import { ERRORS } from "../shared/codes.ts";
import { answerApi } from "./answer-api.ts";
import { type Asked, traceFor } from "./asked.ts";

const METHOD = "operator_token";

/**
 * `POST /api/operator_token`: exchanges a key for a token with its rights, so that a page need not keep the key. The key must
 * be in a header and have a right; a token cannot be exchanged again, or it would never end.
 */
export function issueOperatorToken(asked: Asked): Promise<Response> {
  return answerApi(asked, async (_, { name, issueToken }) => {
    const answer =
      issueToken === undefined
        ? new FailureLog(name, traceFor(asked)).record(METHOD, failed(ERRORS.permissionDenied))
        : { result: JSON.stringify(await issueToken(Date.now())) };
    const response = answerResponse(METHOD, answer, wantsErrorsInTransport(asked.request));
    response.headers.set("Cache-Control", "no-store");
    return response;
  });
}
