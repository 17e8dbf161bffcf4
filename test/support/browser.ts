/** A real browser: the Chromium that npm brings, or the one that `CHROME_PATH` names. */

import { existsSync } from "node:fs";
import { mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { inflate } from "@sparticuz/chromium";
import { type Browser, type BrowserContextOptions, type Page, chromium as playwright } from "playwright-core";
import { PATIENCE_MS } from "./patience.ts";

/** A page, and everything that it found fault with. */
export interface WatchedPage {
  readonly page: Page;
  /** Console errors and warnings (a violated Content-Security-Policy is one), and uncaught exceptions. */
  readonly problems: string[];
}

const LAUNCH = {
  args: ["--no-sandbox", "--disable-gpu", "--font-render-hinting=none"],
  timeout: PATIENCE_MS,
};

/**
 * Launches Chromium, headless.
 *
 * @example
 * const browser = await launchBrowser();
 * const { page, problems } = await openPage(browser, gateway.url);
 */
export async function launchBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROME_PATH;
  if (executablePath) return playwright.launch({ executablePath, ...LAUNCH });
  if (process.platform !== "linux" || process.arch !== "x64") {
    return playwright.launch({ channel: "chrome", ...LAUNCH });
  }
  return launchBundled();
}

/** Opens an address in a page of its own context, so that pages share nothing. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<WatchedPage> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  const problems: string[] = [];
  page.on("pageerror", (error) => problems.push(String(error)));
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  await page.goto(url);
  return { page, problems };
}

async function launchBundled(): Promise<Browser> {
  const directory = await unpackBundled();
  const executablePath = join(directory, "chromium");
  const env = { ...process.env, FONTCONFIG_FILE: join(directory, "fonts.conf") };
  try {
    return await playwright.launch({ executablePath, ...LAUNCH, env });
  } catch {
    // A machine without NSS, which Chromium links to: the package brings that too.
    const libraries = [join(directory, "al2023/lib"), process.env.LD_LIBRARY_PATH].filter(Boolean);
    return playwright.launch({
      executablePath,
      ...LAUNCH,
      env: { ...env, LD_LIBRARY_PATH: libraries.join(delimiter) },
    });
  }
}

/** Unpacks once per version. The package itself would take a half-written file of an earlier run for the browser. */
async function unpackBundled(): Promise<string> {
  const root = join(import.meta.dirname, "../../node_modules/@sparticuz/chromium");
  const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as { version: string };
  const directory = join(tmpdir(), `poorwill-chromium-${version}`);
  if (existsSync(directory)) return directory;
  const unfinished = await mkdtemp(`${directory}-`);
  await inflateInto(unfinished, join(root, "bin"));
  await writeFile(join(unfinished, "fonts.conf"), fontsConfiguration(directory));
  await rename(unfinished, directory).catch(() => rm(unfinished, { recursive: true }));
  return directory;
}

/** `inflate` writes into the directory for temporary files. */
async function inflateInto(directory: string, archives: string): Promise<void> {
  const { TMPDIR } = process.env;
  process.env.TMPDIR = directory;
  try {
    const names = ["chromium.br", "fonts.tar.br", "al2023.tar.br"];
    await Promise.all(names.map((name) => inflate(join(archives, name))));
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
  }
}

/** The system's fonts, and those of the package for a system that has none. */
function fontsConfiguration(directory: string): string {
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <dir>${join(directory, "fonts")}</dir>
  <cachedir>${join(directory, "fonts-cache")}</cachedir>
</fontconfig>
`;
}
