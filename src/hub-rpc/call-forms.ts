import type { Answer, Call, Method } from "./hub-rpc.ts";

/**
 * How one method is spoken in an older version: from and to what this build has in memory. An answer is turned with the
 * call before it, as it was written: what it looks like may depend on what was asked.
 */
export interface MethodForms<Name extends Method, WrittenCall = object, WrittenAnswer = unknown> {
  writeCall(call: Call<Name>): WrittenCall;
  readCall(written: WrittenCall): Call<Name>;
  writeAnswer(answer: Answer<Name>, written: WrittenCall): WrittenAnswer;
  readAnswer(answer: WrittenAnswer, written: WrittenCall): Answer<Name>;
}

/** The methods that a version speaks in another way. */
export type CallForms = { readonly [Name in Method]?: MethodForms<Name> };
