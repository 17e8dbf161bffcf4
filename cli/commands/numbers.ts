import { InvalidArgumentError } from "commander";

/** Reads an option that is a whole number, at least `least` and at most `most`. */
export function wholeNumber(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = text.trim() === "" ? Number.NaN : Number(text);
    if (Number.isSafeInteger(number) && number >= least && number <= most) return number;
    const to = most === Number.MAX_SAFE_INTEGER ? `, ${least} or more` : ` from ${least} to ${most}`;
    throw new InvalidArgumentError(`It is a whole number${to}.`);
  };
}
