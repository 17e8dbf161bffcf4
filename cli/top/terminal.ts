/** The alternate screen, without a cursor. Lines that are too long are cut off by the terminal, which knows wide characters. */
const ENTER = "\x1b[?1049h\x1b[?25l\x1b[?7l";
const LEAVE = "\x1b[?7h\x1b[?25h\x1b[?1049l";

/** In raw mode it is a key as any other. */
const CONTROL_C = "\x03";

/** The whole terminal, until it is left: what was there comes back. */
export class FullScreen {
  readonly #input = process.stdin;
  readonly #output = process.stdout;
  readonly #leave = () => this.leave();

  /** @param onQuit Called for `q` and Ctrl+C. */
  enter(onQuit: () => void, onResize: () => void): void {
    this.#output.write(ENTER);
    // However the process ends, the terminal is as it was.
    process.once("exit", this.#leave);
    this.#output.on("resize", onResize);
    if (!this.#input.isTTY) return;
    this.#input.setRawMode(true).resume();
    this.#input.on("data", (keys) => {
      if (["q", CONTROL_C].some((key) => keys.includes(key))) onQuit();
    });
  }

  /** That of a terminal of old where it does not tell its own. */
  get size() {
    return { rows: this.#output.rows || 24, columns: this.#output.columns || 80 };
  }

  /** Draws over what is there, so that nothing flickers. */
  draw(lines: readonly string[]): void {
    this.#output.write(`\x1b[H${lines.map((line) => `${line}\x1b[K`).join("\r\n")}\x1b[J`);
  }

  leave(): void {
    process.off("exit", this.#leave);
    this.#output.removeAllListeners("resize");
    if (this.#input.isTTY) this.#input.setRawMode(false).pause();
    this.#output.write(LEAVE);
  }
}
