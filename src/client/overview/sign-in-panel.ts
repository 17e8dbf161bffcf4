/** The form that takes a key, and who is signed in. */

import { byId, setText } from "../dom.ts";
import type { ApiFailure } from "./api-answer.ts";
import { describeSignInFailure } from "./failure-words.ts";
import type { Operator } from "./operator.ts";

const form = byId("sign-in-form", HTMLFormElement);
const key = byId("operator-key", HTMLInputElement);
const signIn = byId("sign-in", HTMLButtonElement);
const facts = byId("operator-facts", HTMLElement);
const problem = byId("operator-problem", HTMLElement);

/** Binds the forms. They do nothing before. */
export function bindSignIn(operator: Operator): void {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (!signIn.disabled) void enter(operator);
  });
  byId("sign-out", HTMLButtonElement).addEventListener("click", () => {
    operator.signOut();
    key.focus();
  });
  signIn.disabled = false;
}

export function focusKey(): void {
  key.focus();
}

/** @param why what the gateway says, where it takes the key no more. */
export function showOperator({ isSignedIn, name, rights }: Operator, why: ApiFailure | undefined): void {
  form.hidden = isSignedIn;
  facts.hidden = !isSignedIn;
  setText(byId("operator-name", HTMLElement), name);
  byId("operator-rights", HTMLElement).textContent = rights.join(", ");
  showProblem(why);
}

async function enter(operator: Operator): Promise<void> {
  signIn.disabled = true;
  const failure = await operator.signIn(key.value.trim());
  signIn.disabled = false;
  if (failure) return showProblem(failure);
  key.value = "";
  byId("sign-out", HTMLButtonElement).focus();
}

function showProblem(failure: ApiFailure | undefined): void {
  setText(problem, failure ? describeSignInFailure(failure) : "");
  problem.hidden = failure === undefined;
}
