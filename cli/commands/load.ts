import { writeFileSync } from "node:fs";
import { type Command, InvalidArgumentError, Option } from "commander";
import type { ApiResult } from "../../src/api/method-types.ts";
import { callApi } from "../api/client.ts";
import { addGatewayOptions, findTarget, type GatewayOptions } from "../deployment/options.ts";
import { confirm } from "../deployment/standard-input.ts";
import type { Target } from "../deployment/target.ts";
import { markdownOf } from "../load/markdown.ts";
import { type LoadPlan, needsConsent, TRANSPORTS } from "../load/plan.ts";
import { showProgress } from "../load/progress.ts";
import type { Publish } from "../load/publisher.ts";
import { faultsOf, type LoadReport, reportOf } from "../load/report.ts";
import { LoadRun } from "../load/run.ts";
import { readDevVars } from "../project/dev-vars.ts";
import { filesOf } from "../project/files.ts";
import { EXIT } from "../run.ts";
import { secretNamed, signToken } from "../token/token.ts";
import { UsageError } from "../usage-error.ts";
import { wholeNumber } from "./numbers.ts";
import { printJson } from "./print.ts";

interface LoadOptions extends GatewayOptions, LoadPlan {
  readonly api?: true;
  readonly tokens?: true;
  readonly report?: string;
  readonly markdown?: string;
  readonly yes?: true;
  readonly json?: true;
}

const EXAMPLES = `
It ends by itself, also on Ctrl+C, with a report. The status is 1 where something failed, was lost, or was repeated.

Examples:
  $ poorwill load http://localhost:8080
  $ poorwill load https://realtime.example.com --connections 1000 --rate 50 --tokens --api --report load.json`;

export function describeLoad(command: Command): void {
  addGatewayOptions(command)
    .description("Open connections, publish, and measure how long it takes and whether anything is lost.")
    .argument("[address]", "of the gateway, instead of --url")
    .option("--connections <count>", "how many", wholeNumber(1, 100_000), 100)
    .option("--subscriptions <count>", "channels of each connection", wholeNumber(1, 128), 1)
    .option("--channels <count>", "channels there are", wholeNumber(1, 100_000), 1)
    .option("--rate <count>", "publications a second, over all channels", wholeNumber(0, 100_000), 10)
    .option("--size <bytes>", "of the data of a publication", wholeNumber(1, 131_072), 128)
    .option("--ramp <seconds>", "until all connections are opened", wholeNumber(0, 3600), 5)
    .option("--duration <seconds>", "for which is published", wholeNumber(1, 86_400), 30)
    .addOption(
      new Option("--transport <name>", "by what they connect").choices(TRANSPORTS).default("websocket"),
    )
    .option("--namespace <name>", "of the channels", "public")
    .option("--at-home", "connect at the home of the first channel", false)
    .option(
      "--room <kind/name>",
      "open this room, which passes messages on as the kind broadcast does",
      readRoom,
    )
    .option("--api", "publish over the API, which needs a key; otherwise the connections do")
    .option("--tokens", "give each connection a token, signed as by poorwill token")
    .option("--report <file>", "write the report as JSON")
    .option("--markdown <file>", "write the report as Markdown")
    .option("--yes", "do not ask before many connections to another machine")
    .option("--json", "print the report as JSON")
    .addHelpText("after", EXAMPLES)
    .action(load);
}

async function load(address: string | undefined, options: LoadOptions): Promise<void> {
  const plan = planOf(options);
  const target = await findTarget(address === undefined ? options : { ...options, url: address });
  if (needsConsent(plan, target.url) && !options.yes) await askForConsent(plan, target.url);
  // Before the run: its report must not be lost for a folder that is not there.
  for (const file of [options.report, options.markdown]) if (file !== undefined) write(file, "");
  const interrupt = new AbortController();
  // Once: a second one ends the process as it always does.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => interrupt.abort());
  const run = new LoadRun(plan, {
    url: target.url,
    token: options.tokens ? tokensFor(plan) : async () => undefined,
    publish: options.api ? publishOverApi(target) : undefined,
    signal: interrupt.signal,
  });
  const stopShowing = showProgress(run, process.stderr);
  try {
    await run.run();
    hand(reportOf(run, target.url), options);
  } finally {
    stopShowing();
    run.close();
  }
}

function planOf(options: LoadOptions): LoadPlan {
  const { connections, subscriptions, channels, rate, size, transport } = options;
  const { ramp, duration, namespace, atHome, room } = options;
  if (
    room !== undefined &&
    (channels > 1 || transport !== "websocket" || options.api || options.tokens || atHome)
  ) {
    throw new UsageError("a room has no --channels, --transport, --api, --tokens or --at-home");
  }
  if (subscriptions > channels) {
    throw new UsageError(
      `each connection subscribes to ${subscriptions} channels, and there are ${channels}: raise --channels`,
    );
  }
  return {
    connections,
    subscriptions,
    channels,
    rate,
    size,
    transport,
    ramp,
    duration,
    namespace,
    atHome,
    room,
  };
}

function readRoom(text: string): string {
  if (/^[^/]+\/[^/]+$/.test(text)) return text;
  throw new InvalidArgumentError("It is a kind and a name: broadcast/lobby");
}

async function askForConsent({ connections }: LoadPlan, url: string): Promise<void> {
  const many = `${connections.toLocaleString("en")} connections to ${url}`;
  if (!process.stdin.isTTY) throw new UsageError(`${many}: --yes says that they are wanted`);
  if (!(await confirm(`Open ${many}, which may cost money and disturb others?`))) {
    throw new UsageError("nothing was done");
  }
}

function tokensFor({ ramp, duration }: LoadPlan): (connection: number) => Promise<string> {
  const name = "TOKEN_HMAC_SECRET";
  const secret = secretNamed(name, process.env, readDevVars(filesOf(process.cwd()), undefined)?.values);
  const ttl = ramp + duration + 600;
  return async (connection) =>
    (await signToken({ user: `load-${connection}`, ttl, info: undefined }, secret)).token;
}

function publishOverApi(target: Target): Publish {
  return async (channel, data) => {
    const parameters = `{"channel":${JSON.stringify(channel)},"data":${data}}`;
    const { body } = await callApi<ApiResult<"publish">>(target, "publish", parameters);
    if ("error" in body) throw Object.assign(new Error(body.error.message), { code: body.error.code });
    return body.result;
  };
}

function hand(report: LoadReport, { json, report: jsonFile, markdown }: LoadOptions): void {
  if (jsonFile !== undefined) write(jsonFile, JSON.stringify(report, undefined, 2));
  if (markdown !== undefined) write(markdown, markdownOf(report));
  if (json) printJson(report);
  else console.log(markdownOf(report));
  if (faultsOf(report).length > 0) process.exitCode = EXIT.wrong;
}

function write(file: string, text: string): void {
  try {
    writeFileSync(file, `${text}\n`);
  } catch (error) {
    throw new UsageError(`${file} cannot be written: ${(error as NodeJS.ErrnoException).code}`);
  }
}
