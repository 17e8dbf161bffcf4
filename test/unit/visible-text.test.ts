import { expect, test } from "vitest";
import { toEntry } from "../../src/client/message.ts";
import { namingUnseen } from "../../src/shared/visible-text.ts";

const shown = (text: string) =>
  namingUnseen(text).map((part) => (part.isName ? `<${part.text}>` : part.text));

test.each([
  ["turns the rest around", "user\u202egnp.exe", ["user", "<U+202E>", "gnp.exe"]],
  ["isolates and marks", "\u2066a\u2069\u200f\u061c", ["<U+2066>", "a", "<U+2069>", "<U+200F>", "<U+061C>"]],
  ["is a control", "a\u0000\u001b\u0085", ["a", "<U+0000>", "<U+001B>", "<U+0085>"]],
  ["has no width", "a\u200bb\ufeff", ["a", "<U+200B>", "b", "<U+FEFF>"]],
])("PAGE-41: what %s is named in its place", (_, text, parts) => {
  expect(shown(text)).toEqual(parts);
});

test.each(["", "plain", "two\n\tlines\r\n", "שלום 😀 👩‍👩‍👧"])("PAGE-41: %j is shown as it is", (text) => {
  expect(shown(text)).toEqual(text === "" ? [] : [text]);
});

test("PAGE-41: the line of a message in the log leaves no such character out", () => {
  const route = { url: "", extensions: "" };
  const { preview } = toEntry(1, {
    time: 0,
    direction: "received",
    type: "text",
    data: "a \n\ufeffb\u202e",
    route,
  });
  expect(preview).toBe("a \ufeffb\u202e");
});
