import { describe, expect, test } from "vitest";
import { FilteredEntries } from "../../src/client/filtered-entries.ts";
import {
  describeNote,
  type Entry,
  formatLine,
  formatSize,
  formatTime,
  type Message,
  toEntry,
} from "../../src/client/message.ts";
import { createFilter, type LogFilter, MessageLog } from "../../src/client/message-log.ts";

const text = (data: string, direction: Message["direction"] = "received"): Message => ({
  time: Date.UTC(2026, 0, 2, 3, 4, 5, 6),
  direction,
  type: "text",
  data,
  route: { url: "ws://localhost/ws", extensions: "" },
});

const contents = (entries: readonly Entry[]) => entries.map((entry) => entry.data);

describe("what is kept", () => {
  test("PAGE-12: beyond the limit the oldest entries go, and are counted", () => {
    const log = new MessageLog({ entries: 3, bytes: 1000 });
    for (const data of ["a", "b", "c", "d", "e"]) log.add(text(data));
    expect(contents(log.entries)).toEqual(["c", "d", "e"]);
    expect(log.dropped).toBe(2);
  });

  test("PAGE-12: bytes are limited too, but the newest entry always stays", () => {
    const log = new MessageLog({ entries: 100, bytes: 10 });
    log.add(text("12345678"));
    log.add(text("1234"));
    expect(contents(log.entries)).toEqual(["1234"]);
    log.add(text("x".repeat(50)));
    expect(contents(log.entries)).toEqual(["x".repeat(50)]);
    expect(log.dropped).toBe(2);
    log.add(text("ü"));
    expect(contents(log.entries)).toEqual(["ü"]);
  });

  test("PAGE-14: clearing forgets everything, but numbers go on", () => {
    const log = new MessageLog({ entries: 1, bytes: 1000 });
    const ids = [log.add(text("a")).id, log.add(text("b")).id];
    log.clear();
    expect([log.entries.length, log.dropped]).toEqual([0, 0]);
    expect(log.add(text("c")).id).toBeGreaterThan(Math.max(...ids));
  });
});

describe("what is shown", () => {
  const entries = [text("Apple"), text("banana", "sent"), text("pineapple", "sent")].map((message, index) =>
    toEntry(index, message),
  );

  test("PAGE-14: the filter matches text whatever its case, and the direction", () => {
    const wanted = (filter: LogFilter) => contents(entries.filter(createFilter(filter)));
    expect(wanted({ text: "APPLE", direction: "all" })).toEqual(["Apple", "pineapple"]);
    expect(wanted({ text: "", direction: "sent" })).toEqual(["banana", "pineapple"]);
    expect(wanted({ text: "apple", direction: "sent" })).toEqual(["pineapple"]);
    expect(wanted({ text: "", direction: "all" })).toEqual(contents(entries));
  });

  test("PAGE-46: the filter looks at each entry once, whatever comes and goes", () => {
    const log = new MessageLog({ entries: 5, bytes: 1000 });
    const filtered = new FilteredEntries();
    const seen: number[] = [];
    const update = () =>
      filtered.update(log.entries, ({ id }) => {
        seen.push(id);
        return id % 2 === 1;
      });
    for (let count = 0; count < 4; count += 1) {
      for (const data of ["a", "b", "c"]) log.add(text(data));
      update();
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
    expect(update().map(({ id }) => id)).toEqual([9, 11]);
    log.clear();
    expect(update()).toEqual([]);
    log.add(text("a"));
    expect(update().map(({ id }) => id)).toEqual([13]);
    filtered.reset();
    expect(update().map(({ id }) => id)).toEqual([13]);
  });

  test("PAGE-14: a row has the size in bytes and the beginning of the content in one line", () => {
    const entry = toEntry(1, text(`ü\n${"x".repeat(1000)}`));
    expect(entry.size).toBe(1003);
    expect(entry.preview).toMatch(/^ü x{398}$/);
    const binary = toEntry(2, { ...text(""), type: "binary", data: new Uint8Array(100) });
    expect(binary.preview).toMatch(/^(00 ){48}…$/);
  });

  test("PAGE-14: a copied line has time, direction, type, bytes and the whole content", () => {
    expect(formatLine(toEntry(1, text("hi")))).toBe("2026-01-02T03:04:05.006Z\treceived\ttext\t2\thi");
    const close = toEntry(2, { ...text(""), type: "close", data: Uint8Array.of(3, 232), summary: "1000" });
    expect(formatLine(close)).toBe("2026-01-02T03:04:05.006Z\treceived\tclose\t2\t1000");
  });

  test("PAGE-34: a note is told in full, with that it is no message", () => {
    const note = text(`No connection to ws://${"x".repeat(1000)}`, "note");
    expect(describeNote(note)).toBe(`“${note.data}” is a note of this page: nothing crossed the wire.`);
  });

  test("PAGE-14: sizes and times are short", () => {
    expect([0, 1023, 1024, 10 * 1024, 1024 ** 2, 32 * 1024 ** 2].map(formatSize)).toEqual([
      "0 B",
      "1023 B",
      "1.0 KB",
      "10 KB",
      "1.0 MB",
      "32 MB",
    ]);
    expect(formatTime(new Date(2026, 0, 2, 3, 4, 5, 6).getTime())).toBe("03:04:05.006");
  });
});
