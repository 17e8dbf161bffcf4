import { SharedCalls } from "./shared-calls.ts";

interface Known<Answer> {
  readonly answer: Promise<Answer>;
  /** The turn in which it began to be looked for. */
  readonly since: number;
  /** The turn in which it was found. */
  foundIn: number | undefined;
  isOutdated: boolean;
}

/**
 * Answers equal questions together, and looks for one answer to each at a time. Whatever was looked for after a question
 * came is an answer to it: nothing that who asks may have learned before is missing from it.
 *
 * A turn ends with each flush, since what this hub tells leaves with it.
 */
export class SharedAnswers<Answer> {
  readonly #calls = new SharedCalls<Answer>();
  readonly #known = new Map<string, Known<Answer>>();
  #turn = 0;

  /** The turn that it is. */
  get turn(): number {
    return this.#turn;
  }

  /** Answers a question that came in the turn `askedIn`. */
  ask(question: string, askedIn: number, find: () => Promise<Answer>): Promise<Answer> {
    const known = this.#known.get(question);
    if (known && !known.isOutdated && known.since >= askedIn) return known.answer;
    return this.#calls.ask(question, () => this.#find(question, find));
  }

  /** The answer to a question has changed. */
  outdate(question: string): void {
    const known = this.#known.get(question);
    if (known) known.isOutdated = true;
  }

  /** Begins another turn. What was found serves in one more: commands of one frame wait for each other. */
  endTurn(): void {
    this.#turn += 1;
    for (const [question, { foundIn, isOutdated }] of this.#known)
      if (foundIn !== undefined && (isOutdated || foundIn < this.#turn - 1)) this.#known.delete(question);
  }

  #find(question: string, find: () => Promise<Answer>): Promise<Answer> {
    const answer = find();
    const known: Known<Answer> = { answer, since: this.#turn, foundIn: undefined, isOutdated: false };
    this.#known.set(question, known);
    const found = () => {
      known.foundIn = this.#turn;
    };
    answer.then(found, () => {
      found();
      known.isOutdated = true;
    });
    return answer;
  }
}
