const NOBODY: ReadonlySet<never> = new Set<never>();

/** Who is subscribed to what in one room. It is rebuilt from the attachments after sleep. */
export class Topics<Member> {
  readonly #members = new Map<string, Set<Member>>();

  add(topic: string, member: Member): void {
    const members = this.#members.get(topic);
    if (members === undefined) this.#members.set(topic, new Set([member]));
    else members.add(member);
  }

  remove(topic: string, member: Member): void {
    const members = this.#members.get(topic);
    if (members?.delete(member) && members.size === 0) this.#members.delete(topic);
  }

  members(topic: string): ReadonlySet<Member> {
    return this.#members.get(topic) ?? NOBODY;
  }
}
