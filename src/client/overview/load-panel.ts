/** How much goes through the gateway: charts of the last 15 minutes, and the totals. */

import type { Totals } from "../../overview/messages.ts";
import { drawChart } from "../chart-drawing.ts";
import { byId, create } from "../dom.ts";
import { formatCount, formatRate } from "./formats.ts";
import { History } from "./history.ts";

interface Measure {
  readonly title: string;
  of(totals: Totals): number;
  format(value: number): string;
}

const MEASURES: readonly Measure[] = [
  { title: "Messages in", of: ({ rates }) => rates.messagesReceived, format: formatRate },
  { title: "Messages out", of: ({ rates }) => rates.messagesSent, format: formatRate },
  { title: "Publications", of: ({ rates }) => rates.publications, format: formatRate },
  { title: "Sockets", of: ({ sockets }) => sockets, format: formatCount },
];

const charts = MEASURES.map((measure) => ({
  ...measure,
  history: new History(),
  value: create("output", "", "–"),
  box: create("div", "chart"),
}));

byId("load-charts", HTMLElement).append(
  ...charts.map(({ title, value, box }) =>
    create("figure", "load-chart", create("figcaption", "", title, value), box),
  ),
);

/** Notes what the gateway does from now on; undefined while nobody tells. Times are milliseconds. */
export function noteLoad(totals: Totals | undefined, now: number): void {
  for (const { history, of } of charts) history.set(totals && of(totals), now);
}

export function drawCharts(): void {
  for (const { title, history, value, box, format } of charts) {
    const last = history.last === undefined ? "–" : format(history.last);
    value.textContent = last;
    drawChart(box, history.samples(performance.now()), `${title} in the last 15 minutes, now ${last}`);
  }
}

/** A few words for the header of the page. */
export function describeLoad({ rates }: Totals): string {
  return `${formatRate(rates.messagesReceived)} msg · ${formatRate(rates.publications)} pub`;
}

export function showTotals(totals: Totals): void {
  const facts = [
    ["Hubs", formatCount(totals.hubs)],
    ["Connected", `${formatCount(totals.clients)}, ${formatCount(totals.users)} users`],
    ["Channels", `${formatCount(totals.channels)}, ${formatCount(totals.subscriptions)} subscriptions`],
  ] as const;
  byId("totals", HTMLElement).replaceChildren(...facts.map(([term, fact]) => createFact(term, fact)));
}

/** A row of a list of facts. */
export function createFact(term: string, ...fact: (Node | string)[]): HTMLElement {
  return create("div", "", create("dt", "", term), create("dd", "", ...fact));
}
