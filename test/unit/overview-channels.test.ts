import { describe, expect, it } from "vitest";
import { LargestChannels } from "../../src/overview/largest-channels.ts";

function pageOf(search: string, most: number, counts: readonly [string, number][], offset = 0, limit = 100) {
  const channels = new LargestChannels(search, most);
  for (const count of counts) channels.add(count);
  return channels.page(offset, limit);
}

describe("channels by size", () => {
  it("VIEW-05: those with the most subscribers come first, all hubs together", () => {
    expect(
      pageOf("", 10, [
        ["a", 2],
        ["b", 3],
        ["c", 1],
        ["a", 2],
        ["d", 3],
      ]),
    ).toEqual({
      channels: [
        { channel: "a", num_clients: 4 },
        { channel: "b", num_clients: 3 },
        { channel: "d", num_clients: 3 },
        { channel: "c", num_clients: 1 },
      ],
      total: 4,
      complete: true,
    });
  });

  it("VIEW-05: a search finds a text anywhere in a name, a page at a time", () => {
    const counts: [string, number][] = [
      ["chat:1", 5],
      ["news", 9],
      ["my-chat", 4],
      ["chat:2", 3],
    ];
    expect(pageOf("chat", 10, counts, 1, 1)).toEqual({
      channels: [{ channel: "my-chat", num_clients: 4 }],
      total: 3,
      complete: true,
    });
    expect(pageOf("chat", 10, counts, 3, 5).channels).toEqual([]);
  });

  it("VIEW-05: of more channels than may be counted the small ones are left out, and it says so", () => {
    const counts = Array.from({ length: 50 }, (_, index): [string, number] => [`c${index}`, index]);
    const page = pageOf("", 20, counts, 0, 3);
    expect(page.channels.map(({ channel }) => channel)).toEqual(["c49", "c48", "c47"]);
    expect(page.complete).toBe(false);
    expect(page.total).toBeLessThanOrEqual(20);
  });
});
