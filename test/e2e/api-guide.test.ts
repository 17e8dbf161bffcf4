import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { API_LIMITS, HUB_LIMITS } from "../../src/shared/limits.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const run = promisify(execFile);
const EXAMPLE = /^```sh\n([\s\S]*?)^```\n\n```json\n([\s\S]*?)^```$/gm;
const KEY = "secret";

const guide = await readFile("docs/api.md", "utf8");
const examples = [...guide.matchAll(EXAMPLE)].map(([, commands = "", answers = ""]) => ({
  commands,
  answers,
}));
const lineOf = (name: string) => new RegExp(`^${name}='(.*)'$`, "m").exec(guide)?.[1] ?? "";
let gateway: Workerd;

beforeAll(async () => {
  const lists = { API_KEYS: lineOf("API_KEYS"), OPERATOR_KEYS: lineOf("OPERATOR_KEYS") };
  gateway = await startWorkerd({ vars: { ENVIRONMENT: "development", API_KEY: KEY, ...lists } });
});
afterAll(() => gateway.stop());

/** Epochs are random, and tokens have their time; everything else is as the guide says. */
const withoutChance = (line: string) =>
  line
    .replaceAll(/"epoch":"\w{8}"/g, '"epoch":"-"')
    .replaceAll(/"token":"v1\.[^"]*","expires_at":\d+/g, '"token":"-"');

const comparable = (answers: string) =>
  answers
    .trim()
    .split(/\n|(?<=\})(?=\{"(?:result|error|code)")/)
    .map((line) => JSON.parse(withoutChance(line)) as unknown);

test("API-62: the examples of the guide answer what it says", async () => {
  expect(guide.match(/^```sh\n/gm)).toHaveLength(examples.length);
  expect(examples.length).toBeGreaterThanOrEqual(8);
  for (const { commands, answers } of examples) {
    const { stdout } = await run("bash", ["-c", commands], {
      env: { ...process.env, URL: gateway.url, KEY },
    });
    expect(comparable(stdout), commands).toEqual(comparable(answers));
  }
});

test("API-62: the guide names the limits as they are", () => {
  const { bodySize, dataSize, tagsSize, infoSize, textLength, requestTime } = API_LIMITS;
  const KiB = 1024;
  expect(guide).toContain(`| body | ${bodySize / KiB / KiB} MiB: 413 |`);
  expect(guide).toContain(`| \`data\` of a publication or subscription | ${dataSize / KiB} KiB |`);
  expect(guide).toContain(`| \`tags\`, \`info\` | ${tagsSize / KiB} KiB, ${infoSize / KiB} KiB |`);
  expect(guide).toContain(`${textLength} characters`);
  expect(guide).toContain(
    `| time until the last command of a request begins | ${requestTime / 1_000} s: error 111 |`,
  );
  expect(guide).toContain(`What has not begun ${requestTime / 1_000} s after the request is error 111`);
  expect(guide).toContain(`does not take it within ${HUB_LIMITS.callTimeout / 1_000} s`);
  expect(guide).toContain(`follows one of ${API_LIMITS.userShards} small objects`);
  const thousands = [
    API_LIMITS.broadcastChannels,
    API_LIMITS.batchCommands,
    API_LIMITS.publications,
    API_LIMITS.whitelist,
  ];
  expect(thousands).toEqual([1_000, 1_000, 1_000, 1_000]);
});
