import {
  answersOf,
  type HomeAnswer,
  type HomeCommand,
  type ManageCall,
} from "../../durable-objects/hub/management-calls.ts";
import { ERRORS, errorOf } from "../codes.ts";
import { logFailure } from "../log.ts";
import { type Answer, failed } from "./errors.ts";

/** Calls one home with all commands for it. */
export type CallHome = (
  home: string,
  commands: ManageCall["commands"],
) => Promise<readonly (readonly HomeAnswer[])[]>;

interface Waiting {
  readonly command: HomeCommand;
  readonly resolve: (answers: readonly Answer[]) => void;
}

/** Collects what one request asks of homes, so that each is called once. Never rejects: a failed call is error 100. */
export class HomeCalls {
  readonly #call: CallHome;
  #homes = new Map<string, Waiting[]>();

  constructor(call: CallHome) {
    this.#call = call;
  }

  /** Answers, one for each channel of the command, when `send` has been called. */
  ask(home: string, command: HomeCommand): Promise<readonly Answer[]> {
    return new Promise((resolve) => {
      const waiting = this.#homes.get(home) ?? [];
      this.#homes.set(home, waiting);
      waiting.push({ command, resolve });
    });
  }

  /** Calls every home that something was asked of. */
  send(): void {
    const homes = this.#homes;
    this.#homes = new Map();
    for (const [home, waiting] of homes) void this.#send(home, waiting);
  }

  async #send(home: string, waiting: readonly Waiting[]): Promise<void> {
    let answers: readonly (readonly HomeAnswer[])[] = [];
    try {
      answers = await this.#call(
        home,
        waiting.map(({ command }) => command),
      );
    } catch (failure) {
      logFailure("api.home_failed", failure);
    }
    waiting.forEach(({ command, resolve }, index) => {
      resolve(answers[index]?.map(answerOf) ?? Array(answersOf(command)).fill(failed(ERRORS.internal)));
    });
  }
}

function answerOf(answer: HomeAnswer): Answer {
  return "errorCode" in answer ? failed(errorOf(answer.errorCode)) : answer;
}
