/** Counts values that come and go. */
export interface Tally<Value> {
  add(value: Value): void;
  remove(value: Value): void;
}

/** Counts the members of a channel, and their users by the users' keys. */
export class MemberCounts implements Tally<number> {
  readonly #clientsOf = new Map<number, number>();
  #clients = 0;

  get clients(): number {
    return this.#clients;
  }

  get users(): number {
    return this.#clientsOf.size;
  }

  add(user: number): void {
    this.#clients += 1;
    this.#clientsOf.set(user, (this.#clientsOf.get(user) ?? 0) + 1);
  }

  /** Takes out a member that was added. */
  remove(user: number): void {
    this.#clients -= 1;
    const left = (this.#clientsOf.get(user) ?? 0) - 1;
    if (left > 0) this.#clientsOf.set(user, left);
    else this.#clientsOf.delete(user);
  }

  /** The counts of two groups of members together: a user who is in both counts once. */
  with(other: MemberCounts): { readonly clients: number; readonly users: number } {
    const [few, many] = this.users < other.users ? [this, other] : [other, this];
    let { users } = many;
    for (const user of few.#clientsOf.keys()) if (!many.#clientsOf.has(user)) users += 1;
    return { clients: this.#clients + other.#clients, users };
  }
}
