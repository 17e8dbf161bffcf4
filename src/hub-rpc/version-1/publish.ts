import { encodeInfo } from "../../protocol/json/encode-info.ts";
import type { Json, NewPublication } from "../../protocol/messages.ts";
import { dataAsJson } from "../../protocol/wire-publication.ts";
import type { MethodForms } from "../call-forms.ts";
import type { JoinLeaveSubmission, Submission } from "../messages.ts";
import { readInfo } from "./infos.ts";

interface WrittenJoinLeave {
  readonly kind: "join" | "leave";
  readonly channel: string;
  readonly info: Json;
  /** Absent from the first builds. */
  readonly isPresent?: boolean;
}

interface WrittenCall {
  /** Absent from the first builds. */
  readonly hub?: string;
  readonly submissions: readonly (Exclude<Submission, JoinLeaveSubmission> | WrittenJoinLeave)[];
}

export const publish: MethodForms<"publish", WrittenCall> = {
  writeCall: ({ hub, submissions }) => ({
    hub,
    submissions: submissions.map((submission) =>
      submission.kind === "publication"
        ? { ...submission, publication: asText(submission.publication) }
        : { ...submission, info: encodeInfo(submission.info) },
    ),
  }),
  readCall: ({ hub = "", submissions }) => ({
    hub,
    submissions: submissions.map((submission) =>
      submission.kind === "publication"
        ? submission
        : { ...submission, info: readInfo(submission.info), isPresent: submission.isPresent ?? false },
    ),
  }),
  writeAnswer: (answer) => answer,
  readAnswer: (answer) => answer as ReturnType<typeof publish.readAnswer>,
};

/** It knew no bytes. */
function asText(publication: NewPublication): NewPublication {
  return { ...publication, data: dataAsJson(publication.data) };
}
