import { resultLength } from "../hub-rpc/lengths.ts";
import {
  answersOf,
  encodeHomeResult,
  type HomeAnswer,
  type HomeCommand,
  type ManageCall,
  type Usage,
} from "../hub-rpc/management.ts";
import { ERRORS, errorOf } from "../shared/codes.ts";
import { logFailure } from "../shared/log.ts";
import { type Answer, failed } from "./errors.ts";

/** Calls one home. */
export type CallHome = (home: string, call: ManageCall) => Promise<readonly (readonly HomeAnswer[])[]>;

interface Waiting {
  readonly command: HomeCommand;
  readonly resolve: (answers: readonly Answer[]) => void;
}

const NOTHING: Usage = { published: 0, answered: 0 };

/**
 * Collects what the commands of one request ask of homes, so that commands that run together call each home once. Never
 * rejects: a failed call is error 100.
 */
export class HomeCalls {
  readonly #call: CallHome;
  /** How much the request has published at each home, and been answered there. */
  readonly #used = new Map<string, Usage>();
  #homes = new Map<string, Waiting[]>();

  constructor(call: CallHome) {
    this.#call = call;
  }

  /** Resolves after `send`, with one answer for each channel of the command. */
  ask(home: string, command: HomeCommand): Promise<readonly Answer[]> {
    return new Promise((resolve) => {
      const waiting = this.#homes.get(home) ?? [];
      this.#homes.set(home, waiting);
      waiting.push({ command, resolve });
    });
  }

  /** Calls every home that commands have asked since the last call. */
  send(): void {
    const homes = this.#homes;
    this.#homes = new Map();
    for (const [home, waiting] of homes) void this.#send(home, waiting);
  }

  async #send(home: string, waiting: readonly Waiting[]): Promise<void> {
    const used = this.#used.get(home) ?? NOTHING;
    const commands = waiting.map(({ command }) => command);
    let answers: readonly (readonly HomeAnswer[])[] = [];
    try {
      answers = await this.#call(home, { commands, used });
      this.#used.set(home, withUsage(used, commands, answers));
    } catch (failure) {
      logFailure("api.home_failed", failure);
    }
    waiting.forEach(({ command, resolve }, index) => {
      resolve(answers[index]?.map(answerOf) ?? Array(answersOf(command)).fill(failed(ERRORS.internal)));
    });
  }
}

function answerOf(answer: HomeAnswer): Answer {
  return "errorCode" in answer ? failed(errorOf(answer.errorCode)) : { result: encodeHomeResult(answer) };
}

/** The usage of a home after it has answered these commands. */
function withUsage(
  used: Usage,
  commands: readonly HomeCommand[],
  answers: readonly (readonly HomeAnswer[])[],
): Usage {
  let { published, answered } = used;
  commands.forEach((command, index) => {
    for (const answer of answers[index] ?? []) {
      if ("errorCode" in answer) continue;
      if (command.kind === "publish") published += command.data.length;
      else answered += resultLength(answer);
    }
  });
  return { published, answered };
}
