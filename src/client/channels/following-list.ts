/** A list that stays at its end while items are added, unless somebody has scrolled away from there. */
export class FollowingList {
  readonly #frame: HTMLElement;
  #isFollowing = true;

  constructor(frame: HTMLElement) {
    this.#frame = frame;
    // It scrolls, and the keyboard must reach what scrolls.
    frame.tabIndex = 0;
    frame.addEventListener("scroll", () => {
      this.#isFollowing = frame.scrollTop + frame.clientHeight >= frame.scrollHeight - 24;
    });
    new ResizeObserver(() => this.#follow()).observe(frame);
  }

  show(items: readonly HTMLElement[]): void {
    this.#frame.replaceChildren(...items);
    this.#follow();
  }

  #follow(): void {
    if (this.#isFollowing) this.#frame.scrollTop = this.#frame.scrollHeight;
  }
}
