/** The thread of a bystander: asks on schedule, and reports how long the answers took. */

import { parentPort, workerData } from "node:worker_threads";
import WebSocket from "ws";
import type { BystanderTask } from "./bystander.ts";

const { url, greeting, question, answer, pause } = workerData as BystanderTask & { readonly pause: number };
/** Numbers that stand alone in any frame. */
const FIRST = 1_000_000;
/** A ping of a hub, and what answers it. */
const PING = "{}";

const socket = new WebSocket(url);
/** When each question that has no answer yet was sent. */
const waiting = new Map<number, number>();
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
    waiting.set(next, performance.now());
    socket.send(question.replace("#", String(next)));
    next += 1;
  };
  setInterval(ask, pause);
  ask();
  parentPort?.postMessage("ready");
}

function take(text: string): void {
  const now = performance.now();
  for (const [number, sent] of waiting) {
    if (!text.includes(answer.replace("#", String(number)))) continue;
    waiting.delete(number);
    delays.push(now - sent);
  }
  report();
}

/** Waits until everything asked before has been answered: what is late counts. */
function report(): void {
  if (!isReportDue) return;
  const [oldest] = waiting.values();
  if (oldest !== undefined && performance.now() - oldest > pause) return;
  isReportDue = false;
  parentPort?.postMessage(delays);
  delays = [];
}
