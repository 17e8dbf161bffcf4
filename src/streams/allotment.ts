/** So many characters that one call may have of something. What begins within it is taken whole. */
export class Allotment {
  #left: number;

  constructor(length: number) {
    this.#left = length;
  }

  get isUsedUp(): boolean {
    return this.#left <= 0;
  }

  use(length: number): void {
    this.#left -= length;
  }
}
