import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import { text } from "node:stream/consumers";

/** All that is piped into the command. */
export function readStandardInput(): Promise<string> {
  return text(process.stdin);
}

/** A secret: what is piped in, or else what is typed, which is not shown. */
export async function readSecret(question: string): Promise<string> {
  if (!process.stdin.isTTY) return readStandardInput();
  process.stderr.write(question);
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const terminal = createInterface({ input: process.stdin, output: nowhere, terminal: true });
  const secret = await terminal.question("");
  terminal.close();
  process.stderr.write("\n");
  return secret;
}

/** Asks yes or no; no is what counts for anything else. */
export async function confirm(question: string): Promise<boolean> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  const answer = await terminal.question(`${question} (y/N) `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}
