import { SharedCalls } from "./shared-calls.ts";

interface Known<Answer> {
  readonly answer: Promise<Answer>;
  /** The turn in which its lookup began. */
  readonly since: number;
  /** The turn in which it was found. */
  foundIn: number | undefined;
  isOutdated: boolean;
}

/**
 * Answers equal questions together, with one lookup at a time for each. A lookup that began in the turn of a question,
 * or later, answers it: it holds everything that the asker can know of.
 *
 * A turn ends with each flush, because nothing that the hub tells leaves before.
 */
export class SharedAnswers<Answer> {
  readonly #calls = new SharedCalls<Answer>();
  readonly #known = new Map<string, Known<Answer>>();
  #turn = 0;

  /** The current turn. */
  get turn(): number {
    return this.#turn;
  }

  /** Answers a question that came in the turn `askedIn`. */
  ask(question: string, askedIn: number, find: () => Promise<Answer>): Promise<Answer> {
    const known = this.#known.get(question);
    if (known && !known.isOutdated && known.since >= askedIn) return known.answer;
    return this.#calls.ask(question, () => this.#find(question, find));
  }

  /** Notes that the answer to a question has changed. */
  outdate(question: string): void {
    const known = this.#known.get(question);
    if (known) known.isOutdated = true;
  }

  /** Begins the next turn. An answer serves for one turn more, because commands of one frame wait for each other. */
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
