import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { readPageFiles } from "../../scripts/package/page-files.ts";
import { serveFiles, serveMissing } from "../../src/package/serve-files.ts";

const page = readPageFiles("static");
const serve = serveFiles(page);
const ask = (path: string, init?: RequestInit) =>
  serve(new Request(`https://gateway.example/realtime${path}`, init), path);

test("PKG-13: the page is served from the code with its type, its policy and a tag", async () => {
  const index = ask("/");
  expect(await index?.text()).toContain("<title>Poorwill console</title>");
  expect(index?.headers.get("Content-Type")).toBe("text/html; charset=utf-8");
  expect(index?.headers.get("Content-Security-Policy")).toMatch(/^default-src 'none'; script-src 'self'/);
  expect(index?.headers.get("Cache-Control")).toBe("no-cache");
  expect(ask("/style.css")?.headers.get("Content-Type")).toBe("text/css; charset=utf-8");
  expect(ask("/app.js")?.headers.get("Content-Type")).toBe("text/javascript; charset=utf-8");
  expect(ask("/favicon.svg")?.headers.get("Content-Type")).toBe("image/svg+xml");
});

test("PKG-13: whoever has a file of the page already gets 304, also behind what compresses", async () => {
  const etag = String(ask("/style.css")?.headers.get("ETag"));
  expect(etag).toMatch(/^"[\w-]{22}"$/);
  for (const tags of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
    const known = ask("/style.css", { headers: { "If-None-Match": tags } });
    expect([known?.status, await known?.text(), known?.headers.get("ETag")]).toEqual([304, "", etag]);
  }
  expect(ask("/style.css", { headers: { "If-None-Match": '"other"' } })?.status).toBe(200);
});

test("PKG-13: HEAD has the headers alone, and what is no file of the page is left to others", async () => {
  const head = ask("/", { method: "HEAD" });
  expect([head?.status, await head?.text()]).toEqual([200, ""]);
  for (const path of ["/nothing", "/_headers", "/404.html", "/constructor"])
    expect(ask(path)).toBeUndefined();
  expect(ask("/", { method: "POST" })).toBeUndefined();
});

test("PKG-13: an address without the last slash leads to the one with it", () => {
  const response = serve(new Request("https://gateway.example/realtime?room=a"), "");
  expect([response?.status, response?.headers.get("Location")]).toEqual([308, "/realtime/?room=a"]);
});

test("PKG-14: what has no page is answered with 404 and one that says so", async () => {
  const missing = serveMissing(page);
  const response = missing(new Request("https://gateway.example/nothing"));
  expect([response.status, response.headers.get("Content-Type")]).toEqual([404, "text/html; charset=utf-8"]);
  expect(await response.text()).toContain("Nothing nests here");
  expect(await missing(new Request("https://gateway.example/", { method: "HEAD" })).text()).toBe("");
});

test("PKG-13: headers that are not for every file do not get into a build", () => {
  const folder = mkdtempSync(join(tmpdir(), "poorwill-page-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "404.html"), "");
  writeFileSync(join(folder, "_headers"), "/*\n  A: b: c\n");
  expect(readPageFiles(folder).headers).toEqual({ A: "b: c" });
  writeFileSync(join(folder, "_headers"), "/*\n  A: b\n/x\n  C: d\n");
  expect(() => readPageFiles(folder)).toThrow("_headers");
});
