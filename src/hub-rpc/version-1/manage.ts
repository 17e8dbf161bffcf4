import { parseExactly } from "../../protocol/json/payload.ts";
import type { Json } from "../../protocol/messages.ts";
import { dataAsJson } from "../../protocol/wire-publication.ts";
import type { MethodForms } from "../call-forms.ts";
import {
  encodeHomeResult,
  type HomeAnswer,
  type HomeCommand,
  type HomeResult,
  type Usage,
} from "../management.ts";
import { infoOf, type ParsedInfo } from "./infos.ts";

interface WrittenCall {
  readonly commands: readonly HomeCommand[];
  /** Absent from the first builds. */
  readonly used?: Usage;
}

type WrittenAnswer = { readonly result: Json } | { readonly errorCode: number };

const NOTHING: Usage = { published: 0, answered: 0 };

export const manage: MethodForms<"manage", WrittenCall, readonly (readonly WrittenAnswer[])[]> = {
  writeCall: ({ commands, used }) => ({ commands: commands.map(asText), used }),
  readCall: ({ commands, used = NOTHING }) => ({ commands, used }),
  writeAnswer: (answers) => answers.map((some) => some.map(writeAnswer)),
  readAnswer: (answers, { commands }) =>
    answers.map((some, index) => some.map((answer) => readAnswer(answer, commands[index]))),
};

/** It knew no bytes. */
function asText(command: HomeCommand): HomeCommand {
  return command.kind === "publish" ? { ...command, data: dataAsJson(command.data) } : command;
}

function writeAnswer(answer: HomeAnswer): WrittenAnswer {
  return "errorCode" in answer ? answer : { result: encodeHomeResult(answer) };
}

function readAnswer(answer: WrittenAnswer, command: HomeCommand | undefined): HomeAnswer {
  return "errorCode" in answer ? answer : readResult(command?.kind, parseExactly(answer.result) as Results);
}

/** The members of all results. */
interface Results {
  readonly offset?: number;
  readonly epoch?: string;
  readonly presence?: Readonly<Record<string, ParsedInfo>>;
  readonly num_clients?: number;
  readonly num_users?: number;
  readonly publications?: readonly unknown[];
}

function readResult(kind: HomeCommand["kind"] | undefined, result: Results): HomeResult {
  const { offset = 0, epoch = "" } = result;
  switch (kind) {
    case "publish":
      return { kind: "published", offset, epoch };
    case "presence":
      return { kind, members: Object.values(result.presence ?? {}).map(infoOf) };
    case "presence_stats":
      return { kind, clients: result.num_clients ?? 0, users: result.num_users ?? 0 };
    case "history":
      return {
        kind,
        publications: (result.publications ?? []).map((one) => JSON.stringify(one)),
        offset,
        epoch,
      };
    default:
      return { kind: "done" };
  }
}
