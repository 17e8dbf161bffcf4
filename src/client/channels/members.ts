/** Who is in a channel: asked once, then kept current by the joins and leaves. */

export interface Member {
  readonly client: string;
  /** Empty for anonymous clients. */
  readonly user: string;
}

interface Change {
  readonly at: number;
  readonly member: Member;
  readonly isThere: boolean;
}

/** How old the gateway's answer may be: it is reused for a second. */
const ANSWER_AGE_MS = 1_000;
const CHANGES_MAX = 1_000;

export class Members {
  #members = new Map<string, Member>();
  readonly #changes: Change[] = [];
  #list: readonly Member[] | undefined;

  /** In the order in which they came. The same list until somebody comes or goes. */
  get list(): readonly Member[] {
    this.#list ??= [...this.#members.values()];
    return this.#list;
  }

  get users(): number {
    return new Set(this.list.map(({ user }) => user)).size;
  }

  /** @param at milliseconds on the clock that `answer` is given too. */
  join(member: Member, at: number): void {
    this.#change({ at, member, isThere: true });
  }

  leave(member: Member, at: number): void {
    this.#change({ at, member, isThere: false });
  }

  /** Takes an answer over, and what happened since it may have been true. */
  answer(members: readonly Member[], askedAt: number): void {
    this.#members = new Map(members.map((member) => [member.client, member]));
    this.#list = undefined;
    for (const change of this.#changes) if (change.at >= askedAt - ANSWER_AGE_MS) this.#apply(change);
  }

  reset(): void {
    this.#members.clear();
    this.#list = undefined;
    this.#changes.length = 0;
  }

  #change(change: Change): void {
    this.#changes.push(change);
    if (this.#changes.length > CHANGES_MAX) this.#changes.shift();
    this.#apply(change);
  }

  #apply({ member, isThere }: Change): void {
    this.#list = undefined;
    if (isThere) this.#members.set(member.client, member);
    else this.#members.delete(member.client);
  }
}
