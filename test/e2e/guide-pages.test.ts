import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";
import type { Browser, ConsoleMessage, Page } from "playwright-core";
import { afterAll, beforeAll, expect, test } from "vitest";
import { launchBrowser, openPage } from "../support/browser.ts";
import { sectionOf, snippetIn } from "../support/snippets.ts";
import { startWorkerd, type Workerd } from "../support/workerd.ts";

const SDK = "node_modules/centrifuge";
const { version } = JSON.parse(await readFile(`${SDK}/package.json`, "utf8")) as { version: string };
const readme = await readFile("README.md", "utf8");
let gateway: Workerd;
let browser: Browser;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "poorwill-page-"));
  [gateway, browser] = await Promise.all([
    startWorkerd({ vars: { ENVIRONMENT: "development" } }),
    launchBrowser(),
  ]);
});

afterAll(async () => {
  await browser?.close();
  await gateway?.stop();
  await rm(folder, { recursive: true });
});

/** Opens a page from the disk. */
async function open(html: string, hear: (message: ConsoleMessage) => void = () => {}): Promise<Page> {
  const { page } = await openPage(browser, "about:blank");
  // No test needs the network: the address leads to the package that npm has installed, if it is of that version.
  await page.route(`https://unpkg.com/centrifuge@${version}/dist/centrifuge.js`, (route) =>
    route.fulfill({ path: `${SDK}/dist/centrifuge.js` }),
  );
  page.on("console", hear);
  const file = join(folder, `${crypto.randomUUID()}.html`);
  await writeFile(file, html.replaceAll("localhost:8080", `127.0.0.1:${gateway.port}`));
  await page.goto(pathToFileURL(file).href);
  return page;
}

/** Runs a program in a page, and waits until it has printed these lines. */
async function expectPrinted(program: string, expected: readonly string[]): Promise<void> {
  const lines: string[] = [];
  // Other tests speak in the channel too.
  const script = program
    .replaceAll("public:chat", `public:${crypto.randomUUID()}`)
    .replaceAll("</script", "<\\/script");
  await open(`<!doctype html><script type="module">${script}</script>`, (message) =>
    lines.push(message.text()),
  );
  await expect.poll(() => lines).toEqual(expected);
}

test("GUIDE-20: the page of the guide to channels runs in a browser as it is written", async () => {
  const html = snippetIn(await readFile("docs/channels.md", "utf8"), "html chat.html");
  const [ann, bob] = [await open(html), await open(html)];
  await ann.fill("#text", "hello, <b>Bob</b>");
  await ann.click("button");
  await Promise.all(
    [ann, bob].map((page) => page.getByRole("listitem").filter({ hasText: "hello, <b>Bob</b>" }).waitFor()),
  );
  await ann.waitForFunction('document.querySelector("#text").value === ""');
});

test("README-10: the README's SDK client runs in a browser through a bundler", async () => {
  const contents = snippetIn(sectionOf(readme, "The SDK"), "js");
  const { outputFiles } = await build({
    stdin: { contents, resolveDir: "." },
    bundle: true,
    format: "esm",
    write: false,
  });
  await expectPrinted(outputFiles[0]?.text ?? "", ["1 {text: hello}"]);
});

test("README-10: the README's plain client runs in a browser", () =>
  expectPrinted(snippetIn(sectionOf(readme, "A plain client"), "js"), ["Hello from server", "hello"]));
