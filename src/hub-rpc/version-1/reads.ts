import { publicationAsJson } from "../../protocol/wire-publication.ts";
import type { MethodForms } from "../call-forms.ts";
import type { FollowAnswer, FollowCall, HistoryAnswer, HistoryCall, PublicationRun } from "../messages.ts";

/** Publications were text: those that are bytes now become it. */
export const follow: MethodForms<"follow", FollowCall, Awaited<ReturnType<typeof writeFollow>>> = {
  writeCall: (call) => call,
  readCall: (call) => call,
  writeAnswer: writeFollow,
  readAnswer: (answers) => answers,
};

export const history: MethodForms<"history", HistoryCall, HistoryAnswer> = {
  writeCall: (call) => call,
  readCall: (call) => call,
  writeAnswer: (answer) =>
    "errorCode" in answer ? answer : { ...answer, publications: answer.publications.map(publicationAsJson) },
  readAnswer: (answer) => answer,
};

function writeFollow(answers: readonly (FollowAnswer | undefined)[]) {
  return answers.map(
    (answer) => answer && { ...answer, missed: asText(answer.missed), history: asText(answer.history) },
  );
}

function asText(run: PublicationRun | undefined): PublicationRun | undefined {
  return run && { ...run, publications: run.publications.map(publicationAsJson) };
}
