/** Failures of the server API in words, for the operator who has asked. */

import { ERRORS } from "../../shared/codes.ts";
import { describeError } from "../channels/code-words.ts";
import type { ApiFailure } from "./api-answer.ts";

/** What a method needs that is off, and how it is turned on. */
export const DIRECTORY_OFF = "the directory is off. The configuration needs operations: { directory: true }.";
export const USER_COMMANDS_OFF =
  "user commands are off. The configuration needs connection: { userCommands: true }.";

/**
 * @param task what was asked for, as in "could not sign in".
 * @param off what is off where the gateway says that the method is not available.
 */
export function describeFailure(task: string, { status, code, message }: ApiFailure, off = ""): string {
  const isOff = code === ERRORS.notAvailable.code && off !== "";
  return `Could not ${task}: ${isOff ? off : reasonOf(status, code, message)}`;
}

/** The same for a key that was to be exchanged for a token. */
export function describeSignInFailure(failure: ApiFailure): string {
  return failure.code === ERRORS.permissionDenied.code
    ? "This key has no right: its methods must name observe, operate or trace."
    : describeFailure("sign in", failure);
}

function reasonOf(status: number, code: number | undefined, message: string): string {
  if (code !== undefined) return reasonOfCode(code, message);
  switch (status) {
    case 0:
      return "the gateway did not answer. Is it there?";
    case 401:
      return "the gateway does not know this key, or it has no such right any more.";
    case 404:
      return "this gateway is older than the page: it has no such method.";
    case 413:
      return "this is more than the gateway takes.";
    case 429:
      return "too many requests with this key. Wait a minute, and try again.";
    default:
      return `the gateway answered ${status}${message === "" ? "" : `: ${message}`}`;
  }
}

function reasonOfCode(code: number, message: string): string {
  if (code === ERRORS.permissionDenied.code) return `${code} ${message}. This key may not do it.`;
  const { name, meaning } = describeError(code, message);
  return name === message ? `${code} ${message}. ${meaning}` : `${code} ${message}`;
}
