import { describe, expect, test } from "vitest";
import { type Seen, screenOf } from "../../cli/top/screen.ts";
import { hubOverview, NO_TOTALS } from "../support/overview.ts";

const URL = "https://gateway.example";

function seen(hubs: number, channels: number): Seen {
  return {
    overview: {
      kind: "snapshot",
      at: Date.UTC(2026, 0, 1, 12, 34, 56),
      moreHubs: 0,
      rooms: [],
      totals: { ...NO_TOTALS, hubs, clients: 1, errors: { 102: 3 }, unrecovered: 2 },
      hubs: Array.from({ length: hubs }, (_, index) =>
        hubOverview(`home/h${index}`, { sockets: hubs - index }),
      ),
    },
    channels: {
      channels: Array.from({ length: channels }, (_, index) => ({
        channel: `c${index}`,
        num_clients: index,
      })),
      total: channels + 10,
      complete: true,
    },
  };
}

describe("CLI-29: the screen of top", () => {
  test("says how it is, with the hubs and the channels", () => {
    expect(screenOf(seen(1, 1), URL)).toEqual([
      "https://gateway.example  12:34:56",
      "1 hub  0 sockets  1 connection  0 users  0 subscriptions",
      "0.0 messages in  0.0 out  0.0 publications a second",
      "errors 102: 3  2 not recovered",
      "",
      "SOCKETS  CLIENTS  SUBS  CHANNELS  IN/S  OUT/S  PUB/S  AWAKE  LATE  STATE  HUB",
      "      1        0     0         0   0.0    0.0    0.0    0 %  0 ms  ok     home/h0",
      "",
      "CLIENTS  CHANNEL",
      "      0  c0",
      "and 10 channels",
    ]);
  });

  test.each([
    [1000, 1000, 40, 80],
    [1000, 0, 24, 80],
    [0, 1000, 24, 80],
    [1000, 1000, 5, 10],
    [1000, 1000, 1, 1],
  ])("%i hubs and %i channels fit into %i rows of %i columns", (hubs, channels, rows, columns) => {
    const lines = screenOf(seen(hubs, channels), URL, { rows, columns });
    expect(lines.length).toBeLessThanOrEqual(rows);
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(columns);
  });

  test("few hubs leave their place to channels, and the other way round", () => {
    const shown = (hubs: number, channels: number) => {
      const text = screenOf(seen(hubs, channels), URL, { rows: 40, columns: 200 }).join("\n");
      return [text.match(/home\/h/g)?.length ?? 0, text.match(/ c\d/g)?.length ?? 0];
    };
    expect(shown(100, 100)).toEqual([16, 16]);
    expect(shown(2, 100)).toEqual([2, 30]);
    expect(shown(100, 2)).toEqual([29, 2]);
  });
});
