/** The thread of a bystander: asks on schedule, and reports how long the answers took. */

import { existsSync, readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import WebSocket from "ws";
import type { BystanderTask } from "./bystander.ts";

const { url, pid, greeting, question, answer, pause } = workerData as BystanderTask & {
  readonly pause: number;
};
/** How long the main thread of the gateway has run, as Linux tells it. */
const work = pid === undefined ? undefined : `/proc/${pid}/schedstat`;
/** Numbers that stand alone in any frame. */
const FIRST = 1_000_000;
/** A ping of a hub, and what answers it. */
const PING = "{}";

const socket = new WebSocket(url);
/** When each question that has no answer yet was sent, and what the gateway had done by then. */
const waiting = new Map<number, { readonly at: number; readonly done: number }>();
let delays: number[] = [];
let next = FIRST;
let isReportDue = false;

socket.on("error", (failure) => {
  throw failure;
});
socket.on("close", (code) => {
  throw new Error(`the bystander was closed with ${code}`);
});
socket.once("open", () => (greeting === undefined ? begin() : socket.send(greeting)));
socket.on("message", (data) => {
  const text = String(data);
  if (greeting !== undefined && text.split("\n").includes(PING)) socket.send(PING);
  if (next > FIRST) take(text);
  else if (greeting !== undefined) begin();
});
parentPort?.on("message", () => {
  isReportDue = true;
  report();
});

function begin(): void {
  const ask = () => {
    waiting.set(next, { at: performance.now(), done: done() });
    socket.send(question.replace("#", String(next)));
    next += 1;
  };
  setInterval(ask, pause);
  ask();
  parentPort?.postMessage("ready");
}

function take(text: string): void {
  const now = done();
  for (const [number, sent] of waiting) {
    if (!text.includes(answer.replace("#", String(number)))) continue;
    waiting.delete(number);
    delays.push(now - sent.done);
  }
  report();
}

/** Waits until everything asked before has been answered: what is late counts. */
function report(): void {
  if (!isReportDue) return;
  const [oldest] = waiting.values();
  if (oldest !== undefined && performance.now() - oldest.at > pause) return;
  isReportDue = false;
  parentPort?.postMessage(delays);
  delays = [];
}

/**
 * Milliseconds of work that the gateway has done. What it does for others between a question and the answer delays whoever
 * asks; how long that takes is up to the machine. Where the work is not known, all time is taken for it.
 */
function done(): number {
  if (work === undefined || !existsSync(work)) return performance.now();
  return Number(readFileSync(work, "latin1").split(" ")[0]) / 1e6;
}
