import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { Centrifuge, type PublicationContext, type Subscription } from "centrifuge";
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from "vitest";
import WebSocket from "ws";
import { range } from "../support/channel-gateway.ts";
import { until } from "../support/until.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const SNIPPET = /^```(?:js|ts) (\S+)\n([\s\S]*?)^```$/gm;
const SECRET = "the secret of the test, long enough";
const GATEWAY = `
import { createGateway } from "../../src/index.ts";
import { config } from "./config.ts";

const gateway = createGateway({ channels: config });
export const { Room, Hub } = gateway;
export default gateway;
`;

const guide = await readFile("docs/channels.md", "utf8");
const snippets = [...guide.matchAll(SNIPPET)].map(([, file = "", code = ""]) => ({ file, code }));
const programs = snippets.filter(({ file, code }) => file.endsWith(".mjs") && code.includes("// prints: "));

interface Recipe {
  followLatest(
    subscription: Subscription,
    list: { clear(): void; show(publication: PublicationContext): void },
  ): void;
}

/** Waits until a subscription has heard a number. */
function heard(subscription: Subscription, number: number): Promise<void> {
  return new Promise((resolve) => {
    subscription.on("publication", ({ data }) => {
      if (data === number) resolve();
    });
  });
}

/** The lines that a snippet says it prints. */
function printedBy(code: string): string[] {
  return [...code.matchAll(/\/\/ prints: (.*)$/gm)].flatMap(([, lines = ""]) => lines.split(", then: "));
}

describe("the guide to channels", () => {
  let folder: string;
  let ours: Workerd;
  let theGuides: Workerd;

  beforeAll(async () => {
    // Inside the project, so that the snippets find its packages.
    folder = await mkdtemp(join(process.cwd(), "node_modules", ".guide-"));
    for (const { file, code } of snippets) {
      await writeFile(join(folder, file), code.replace(/"\.\/(channels|config)\//g, '"../../src/$1/'));
    }
    await writeFile(join(folder, "index.ts"), GATEWAY);
    const wrangler = await readFile("test/objects/channels-worker/wrangler.toml", "utf8");
    await writeFile(join(folder, "wrangler.toml"), wrangler);
    ours = await startWorkerd({ vars: { ENVIRONMENT: "development" } });
    // As under `npm start`, where a reader of the guide is.
    theGuides = await startWorkerd({
      configPath: join(folder, "wrangler.toml"),
      vars: { ENVIRONMENT: "development", TOKEN_HMAC_SECRET: SECRET },
    });
  });

  afterAll(async () => {
    await ours?.stop();
    await theGuides?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test("GUIDE-01: its configuration and hooks compile", async () => {
    const types = [resolve("node_modules/@cloudflare/workers-types/index.d.ts")];
    const config = { extends: "../../tsconfig.base.json", compilerOptions: { types }, files: ["index.ts"] };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(config));
    const run = promisify(execFile)("node_modules/.bin/tsc", ["-p", folder]);
    await run.catch(({ stdout, message }) => {
      throw new Error(stdout || message);
    });
    expect(guide.match(/^```(js|ts)$/m)).toBeNull();
  });

  test.each(programs)("GUIDE-01: $file prints what it says", ({ file }) => expectPrinted(file, theGuides));

  test("GUIDE-01: its first snippet works before anything is configured", () =>
    expectPrinted("first.mjs", ours));

  test("GUIDE-21: its recipe shows the last 50 and then all that follow, once and in order", async () => {
    const { followLatest } = (await import(join(folder, "latest.mjs"))) as Recipe;
    const client = await open(ours);
    const publisher = await open(ours);
    const channel = `public:${crypto.randomUUID()}`;
    for (let number = 1; number <= 60; number += 1) await publisher.publish(channel, number);
    let shown: unknown[] = [];
    const subscription = client.newSubscription(channel);
    // 61 is heard and in the history, 62 is heard before the history is there.
    const publish = async (number: number) => {
      const live = heard(subscription, number);
      await publisher.publish(channel, number);
      await live;
    };
    const history = subscription.history.bind(subscription);
    subscription.history = async (options) => {
      await publish(61);
      const answer = await history(options);
      await publish(62);
      return answer;
    };
    followLatest(subscription, {
      clear() {
        shown = [];
      },
      show: ({ data }) => shown.push(data),
    });
    subscription.subscribe();
    await until(() => shown.at(-1) === 62, "the history to be shown");
    const all = (last: number) => range(last - 11, 12);
    expect(shown).toEqual(all(62));

    client.disconnect();
    await publisher.publish(channel, 63);
    client.connect();
    await until(() => shown.at(-1) === 63, "what was missed");
    await publisher.publish(channel, 64);
    await until(() => shown.at(-1) === 64, "what is live");
    expect(shown).toEqual(all(64));
  });

  /** A client of the SDK, until the end of the test. */
  async function open({ port }: Workerd): Promise<Centrifuge> {
    const client = new Centrifuge(`ws://127.0.0.1:${port}/connection/websocket`, { websocket: WebSocket });
    onTestFinished(() => client.disconnect());
    client.connect();
    await client.ready();
    return client;
  }

  async function expectPrinted(file: string, { port }: Workerd) {
    const code = programs.find((program) => program.file === file)?.code ?? "";
    const directory = join(folder, `${port}`);
    await mkdir(directory, { recursive: true });
    for (const snippet of snippets.filter((other) => other.file.endsWith(".mjs"))) {
      const text = snippet.code.replaceAll("localhost:8080", `127.0.0.1:${port}`);
      await writeFile(join(directory, snippet.file), text);
    }
    const env = { ...process.env, TOKEN_HMAC_SECRET: SECRET };
    const child = spawn(process.execPath, [join(directory, file)], { env, stdio: "pipe" });
    onTestFinished(() => void child.kill());
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    const expected = `${printedBy(code).join("\n")}\n`;
    await until(() => output.length >= expected.length || child.exitCode !== null, `${file} to print`);
    expect(output).toBe(expected);
  }
});
