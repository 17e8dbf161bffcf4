import { setTimeout as delay } from "node:timers/promises";
import type { Command } from "commander";
import type { ApiMethod, ApiRequest, ApiResult } from "../../src/api/method-types.ts";
import { callApi } from "../api/client.ts";
import { wordsOf } from "../api/failure-words.ts";
import { addGatewayOptions, findTarget, type GatewayOptions } from "../deployment/options.ts";
import type { Target } from "../deployment/target.ts";
import { Failure } from "../failure.ts";
import { type Seen, screenOf } from "../top/screen.ts";
import { FullScreen } from "../top/terminal.ts";
import { wholeNumber } from "./numbers.ts";

interface TopOptions extends GatewayOptions {
  readonly search: string;
  readonly every: number;
  readonly once?: true;
  readonly json?: true;
}

const EXAMPLES = `
It needs a key with the right observe, and the directory. No hub is woken: what is shown is what they have reported.

Examples:
  $ poorwill top
  $ poorwill top --once --json | jq .overview.totals.clients`;

export function describeTop(command: Command): void {
  addGatewayOptions(command)
    .description("Show the hubs and the channels, live; q ends it.")
    .option("--search <text>", "only channels with this in their name", "")
    .option("--every <seconds>", "how often it asks; hubs report every 8 s at most", wholeNumber(5, 3600), 5)
    .option("--once", "print it once; so it is where the output is no terminal, too")
    .option("--json", "print each answer as one line of JSON")
    .addHelpText("after", EXAMPLES)
    .action(showTop);
}

async function showTop({ search, every, once, json, ...options }: TopOptions): Promise<void> {
  const target = await findTarget(options);
  const look = () => lookAt(target, search);
  if (json) return printLines(look, every, once);
  const first = await look();
  if (once || !process.stdout.isTTY) for (const line of screenOf(first, target.url)) console.log(line);
  else await showLive(first, look, target.url, every);
}

/** @throws Failure where the gateway does not tell. */
async function lookAt(target: Target, search: string): Promise<Seen> {
  const [overview, channels] = await Promise.all([
    resultOf(target, "overview", {}),
    resultOf(target, "overview_channels", { search }),
  ]);
  return { overview, channels };
}

async function resultOf<Method extends ApiMethod>(
  target: Target,
  method: Method,
  request: ApiRequest<Method>,
): Promise<ApiResult<Method>> {
  const { body } = await callApi<ApiResult<Method>>(target, method, JSON.stringify(request));
  if ("error" in body) throw new Failure(wordsOf(body.error));
  return body.result;
}

async function printLines(look: () => Promise<Seen>, every: number, once: true | undefined): Promise<void> {
  do {
    console.log(JSON.stringify(await look()));
    if (!once) await delay(every * 1000);
  } while (!once);
}

/** Shows it until somebody quits. What cannot be seen for once is told above what was seen last. */
async function showLive(first: Seen, look: () => Promise<Seen>, url: string, every: number): Promise<void> {
  const quit = new AbortController();
  const screen = new FullScreen();
  let seen = first;
  let problem: string | undefined;
  const draw = () => {
    const { rows, columns } = screen.size;
    const above = problem === undefined ? [] : [problem.slice(0, columns)];
    screen.draw([...above, ...screenOf(seen, url, { rows: rows - above.length, columns })]);
  };
  screen.enter(() => quit.abort(), draw);
  try {
    while (!quit.signal.aborted) {
      draw();
      await delay(every * 1000, undefined, { signal: quit.signal }).catch(() => undefined);
      if (quit.signal.aborted) break;
      try {
        seen = await look();
        problem = undefined;
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        problem = error.message;
      }
    }
  } finally {
    screen.leave();
  }
}
