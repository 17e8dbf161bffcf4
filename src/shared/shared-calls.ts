interface UnderWay<Answer> {
  readonly ended: Promise<void>;
  next: Promise<Answer> | undefined;
}

/**
 * Makes one call at a time for each question. Callers who ask the same meanwhile share the next call, so that no answer
 * is older than its question: it must hold everything that was published before.
 */
export class SharedCalls<Answer> {
  readonly #underWay = new Map<string, UnderWay<Answer>>();

  ask(question: string, call: () => Promise<Answer>): Promise<Answer> {
    const underWay = this.#underWay.get(question);
    if (underWay === undefined) return this.#begin(question, call);
    underWay.next ??= underWay.ended.then(() => this.#begin(question, call));
    return underWay.next;
  }

  #begin(question: string, call: () => Promise<Answer>): Promise<Answer> {
    const answer = call();
    const end = () => {
      this.#underWay.delete(question);
    };
    this.#underWay.set(question, { ended: answer.then(end, end), next: undefined });
    return answer;
  }
}
