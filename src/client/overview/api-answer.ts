/** What comes of asking the server API. */

/** Why a method has no result: an error of the API, or a response that is no answer of it. */
export interface ApiFailure {
  /** 0 where no response came. */
  readonly status: number;
  /** The code of an error of the API, in a response of status 200. */
  readonly code?: number;
  readonly message: string;
}

export type ApiOutcome<Result> = { readonly result: Result } | { readonly failure: ApiFailure };

const MESSAGE_CHARACTERS = 200;

/** A response of the API. A refusal has no JSON but a text. */
export function readAnswer<Result>(status: number, body: string): ApiOutcome<Result> {
  try {
    const answer = JSON.parse(body) as { result?: Result; error?: { code: number; message: string } };
    if (answer.result !== undefined) return { result: answer.result };
    if (answer.error !== undefined) {
      const { code, message } = answer.error;
      return { failure: { status, code, message } };
    }
  } catch {
    // No JSON: its text is the message.
  }
  return { failure: { status, message: body.slice(0, MESSAGE_CHARACTERS) } };
}
