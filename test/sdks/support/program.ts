import { type ChildProcessByStdio, spawn } from "node:child_process";
import type { Readable, Writable } from "node:stream";
import { built } from "../toolchains.ts";
import { linesOf } from "./lines.ts";

/** What a program tells of a client of its: `event` and its facts. */
export interface Told {
  readonly event: string;
  readonly [fact: string]: unknown;
}

/** What a program refused to do, with the SDK's code: 0 where it has none. */
export class ProgramError extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

type Line =
  | { readonly id: number; readonly result: unknown }
  | { readonly id: number; readonly error: { readonly code: number; readonly message: string } }
  | ({ readonly client: string } & Told);

interface Waiting {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/**
 * A program that drives an SDK. It reads one command in each line, `{"id":1,"client":"a","do":"publish",…}`, and writes
 * lines: `{"id":1,"result":…}` or `{"id":1,"error":{"code":103,"message":"…"}}` when a command is done, and
 * `{"client":"a","event":"publication",…}` when a client has something to tell. It ends when its input does.
 */
export class Program {
  readonly #child: ChildProcessByStdio<Writable, Readable, Readable>;
  readonly #waiting = new Map<number, Waiting>();
  readonly #listeners = new Map<string, (told: Told) => void>();
  readonly #complaints: string[] = [];
  readonly #reading: Promise<void>;
  #lastId = 0;
  #end: Error | undefined;

  constructor([command, ...args]: readonly [string, ...string[]]) {
    this.#child = spawn(command, args, { stdio: "pipe", cwd: built("") });
    this.#child.stderr.setEncoding("utf8").on("data", (text: string) => this.#complaints.push(text));
    this.#child.stdin.on("error", () => {});
    this.#child.once("error", ({ message }) => this.#fail(message));
    this.#reading = this.#readAll();
  }

  /** Has a command carried out. */
  async request(what: string, client: string, args: object = {}): Promise<unknown> {
    if (this.#end !== undefined) throw this.#end;
    this.#lastId += 1;
    const id = this.#lastId;
    const answered = new Promise<unknown>((resolve, reject) => this.#waiting.set(id, { resolve, reject }));
    this.#child.stdin.write(`${JSON.stringify({ id, client, do: what, ...args })}\n`);
    return answered;
  }

  /** Hands on what is told of a client. */
  listen(client: string, listener: (told: Told) => void): void {
    this.#listeners.set(client, listener);
  }

  async stop(): Promise<void> {
    this.#child.kill("SIGKILL");
    await this.#reading;
  }

  async #readAll(): Promise<void> {
    for await (const line of linesOf(this.#child.stdout)) this.#read(JSON.parse(line) as Line);
    this.#fail(`the program has ended: ${this.#complaints.join("")}`);
  }

  #read(line: Line): void {
    if ("client" in line) {
      this.#listeners.get(line.client)?.(line);
      return;
    }
    const waiting = this.#waiting.get(line.id);
    this.#waiting.delete(line.id);
    if ("error" in line) waiting?.reject(new ProgramError(line.error.code, line.error.message));
    else waiting?.resolve(line.result);
  }

  #fail(why: string): void {
    this.#end ??= new Error(why);
    for (const { reject } of this.#waiting.values()) reject(this.#end);
    this.#waiting.clear();
  }
}
