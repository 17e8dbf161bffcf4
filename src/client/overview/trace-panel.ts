/** The card that follows what a client, a user or a channel does. */

import { TRACE_LIMITS } from "../../shared/limits.ts";
import type { TraceLine, TraceRequest, TraceTarget } from "../../trace/messages.ts";
import { byId, setText } from "../dom.ts";
import { prettyJson } from "../json-text.ts";
import { LogView } from "../log-view.ts";
import { MessageLog } from "../message-log.ts";
import { type ApiFailure, readAnswer } from "./api-answer.ts";
import { DIRECTORY_OFF, describeFailure, USER_COMMANDS_OFF } from "./failure-words.ts";
import type { Operator } from "./operator.ts";
import { bearer } from "./operator.ts";
import { postToApi } from "./server-api.ts";
import { readLines } from "./trace-lines.ts";
import { describeEnd, describeStart, toMessage } from "./trace-words.ts";

const form = byId("trace-form", HTMLFormElement);
const by = byId("trace-by", HTMLSelectElement);
const name = byId("trace-name", HTMLInputElement);
const seconds = byId("trace-seconds", HTMLInputElement);
const payloads = byId("trace-payloads", HTMLInputElement);
const start = byId("trace-start", HTMLButtonElement);
const stop = byId("trace-stop", HTMLButtonElement);
const state = byId("trace-state", HTMLElement);
const problem = byId("trace-problem", HTMLElement);
const picked = byId("trace-event", HTMLElement);

/** What a trace needs. */
const OFF: Readonly<Record<string, string>> = { user: USER_COMMANDS_OFF, client: DIRECTORY_OFF };

export class TracePanel {
  readonly #operator: Operator;
  readonly #log = new MessageLog();
  readonly #view: LogView;
  #running: AbortController | undefined;
  /** Of the client that the form names. */
  #hub: string | undefined;

  constructor(operator: Operator) {
    this.#operator = operator;
    this.#view = new LogView(this.#log, (entry) => showPicked(entry && String(entry.data)), {
      prefix: "trace-",
    });
    seconds.max = String(TRACE_LIMITS.mostSeconds);
    seconds.value = String(TRACE_LIMITS.seconds);
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      void this.#start();
    });
    for (const input of [by, name]) {
      input.addEventListener("input", () => {
        this.#hub = undefined;
      });
    }
    stop.addEventListener("click", () => this.stop());
  }

  focus(): void {
    name.focus();
  }

  /**
   * Traces what a person has chosen elsewhere on the page.
   *
   * @param hub of a client, where it is known: otherwise all hubs with connections are asked.
   */
  trace(kind: keyof TraceTarget, value: string, hub?: string): void {
    by.value = kind;
    name.value = value;
    this.#hub = hub;
    start.scrollIntoView({ block: "nearest" });
    if (value === "") name.focus();
    else form.requestSubmit();
  }

  togglePause(): void {
    this.#view.togglePause();
  }

  /** Ends what runs: the gateway is told by the end of the request. */
  stop(): void {
    if (this.#running === undefined) return;
    this.#end("Stopped.", "");
  }

  async #start(): Promise<void> {
    this.#running?.abort();
    const running = new AbortController();
    this.#running = running;
    showRunning(true);
    say("Asking the gateway …", "");
    try {
      const ending = await this.#follow(running);
      if (this.#running === running) this.#end(ending, "");
    } catch (failure) {
      if (this.#running === running) this.#end("", wordsOf(failure));
    }
  }

  /** Returns how it has ended. */
  async #follow(running: AbortController): Promise<string> {
    const token = await this.#operator.token();
    if ("failure" in token) throw new Refused(token.failure);
    const response = await postToApi(
      "trace",
      JSON.stringify(readForm(this.#hub)),
      bearer(token.result),
      running.signal,
    );
    if (!response.body || !isStream(response)) {
      const answer = readAnswer(response.status, await response.text());
      throw new Refused("failure" in answer ? answer.failure : { status: response.status, message: "" });
    }
    let ending = "The trace was cut off: the gateway was restarted, or the connection was lost.";
    for await (const text of readLines(response.body)) {
      if (this.#running !== running) return "";
      const line = JSON.parse(text) as TraceLine;
      this.#log.add(toMessage(line, text, Date.now()));
      this.#view.update();
      if (line.line === "start") say(`${describeStart(line)}.`, "");
      if (line.line === "end") ending = describeEnd(line.why);
    }
    return ending;
  }

  #end(words: string, trouble: string): void {
    this.#running?.abort();
    this.#running = undefined;
    showRunning(false);
    say(words, trouble);
  }
}

class Refused extends Error {
  readonly failure: ApiFailure;

  constructor(failure: ApiFailure) {
    super(failure.message);
    this.failure = failure;
  }
}

function wordsOf(failure: unknown): string {
  if (failure instanceof Refused) return describeFailure("trace", failure.failure, OFF[by.value]);
  if (failure instanceof SyntaxError) return "Could not trace: the answer is no trace.";
  return describeFailure("trace", { status: 0, message: "" });
}

function isStream({ ok, headers }: Response): boolean {
  return ok && headers.get("Content-Type")?.startsWith("application/x-ndjson") === true;
}

function readForm(hub: string | undefined): TraceRequest {
  return {
    [by.value]: name.value.trim(),
    ...(hub !== undefined && { hub }),
    payloads: payloads.checked,
    ...(seconds.value !== "" && { seconds: Number(seconds.value) }),
  };
}

function showRunning(isRunning: boolean): void {
  start.textContent = isRunning ? "Start again" : "Start";
  stop.disabled = !isRunning;
}

function showPicked(line: string | undefined): void {
  picked.hidden = line === undefined;
  setText(picked, line === undefined ? "" : prettyJson(line));
}

function say(words: string, trouble: string): void {
  setText(state, words);
  setText(problem, trouble);
  problem.hidden = trouble === "";
}
