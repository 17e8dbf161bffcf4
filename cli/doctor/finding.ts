/** What the doctor says about one thing. */
export interface Finding {
  /** `advice`: it works, and there is something to know. */
  readonly status: "right" | "wrong" | "advice";
  /** What it is about, such as `binding HUB`. */
  readonly about: string;
  readonly says: string;
  /** What to do about it. */
  readonly mend?: string;
}

export function right(about: string, says: string): Finding {
  return { status: "right", about, says };
}

export function wrong(about: string, says: string, mend: string): Finding {
  return { status: "wrong", about, says, mend };
}

export function advice(about: string, says: string, mend?: string): Finding {
  return { status: "advice", about, says, ...(mend === undefined ? {} : { mend }) };
}
