import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { writeChanged } from "../../scripts/write-changed.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function fileWith(content: string): { readonly directory: string; readonly path: string } {
  const directory = mkdtempSync(join(tmpdir(), "poorwill-written-"));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, "app.js");
  writeFileSync(path, content);
  return { directory, path };
}

test("a build that changes nothing leaves the file alone", () => {
  const { path } = fileWith("same");
  const before = statSync(path, { bigint: true });
  writeChanged(path, bytes("same"));
  const after = statSync(path, { bigint: true });
  expect([after.ino, after.mtimeNs]).toEqual([before.ino, before.mtimeNs]);
});

test("a build that changes something puts another file in its place: who has opened the old one reads it whole", () => {
  const { directory, path } = fileWith("old");
  const before = statSync(path).ino;
  writeChanged(path, bytes("new"));
  expect(readFileSync(path, "utf8")).toBe("new");
  expect(statSync(path).ino).not.toBe(before);
  expect(readdirSync(directory)).toEqual(["app.js"]);
});

test("a file that is not there yet is written", () => {
  const { directory } = fileWith("");
  writeChanged(join(directory, "chunk.js"), bytes("first"));
  expect(readFileSync(join(directory, "chunk.js"), "utf8")).toBe("first");
});
