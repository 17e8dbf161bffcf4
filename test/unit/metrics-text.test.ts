import { expect, test } from "vitest";
import { dataPoint } from "../../src/metrics/data-point.ts";
import { Histogram } from "../../src/metrics/histogram.ts";
import { encodePrometheus } from "../../src/metrics/prometheus.ts";
import { METRICS, type MetricDefinition } from "../../src/metrics/registry.ts";
import { difference, sum, totalOf } from "../../src/metrics/samples.ts";
import { labelled } from "../../src/metrics/series.ts";

test("OPS-01: samples are Prometheus text, each metric with its help and type", () => {
  const samples = {
    ...labelled("centrifugo_client_num_reply_errors", [
      [106, 2],
      [107, 1],
    ]),
    centrifugo_node_num_clients: 3,
    unknown: 9,
  };
  expect(encodePrometheus(samples)).toBe(
    [
      "# HELP centrifugo_node_num_clients Connections that have connected",
      "# TYPE centrifugo_node_num_clients gauge",
      "centrifugo_node_num_clients 3",
      "# HELP centrifugo_client_num_reply_errors Commands answered with an error",
      "# TYPE centrifugo_client_num_reply_errors counter",
      'centrifugo_client_num_reply_errors{code="106"} 2',
      'centrifugo_client_num_reply_errors{code="107"} 1',
      "",
    ].join("\n"),
  );
});

test("METRIC-01: a histogram is all its buckets, a sum and a count, under one help", () => {
  const hook = new Histogram();
  for (const taken of [0, 1, 2, 700, 9_000]) hook.observe(taken);
  hook.observe(10, 2);
  const text = encodePrometheus(hook.samples("poorwill_hub_hook_milliseconds", [["hook", "rpc"]]));
  const bucket = (le: string, count: number) =>
    `poorwill_hub_hook_milliseconds_bucket{hook="rpc",le="${le}"} ${count}`;
  expect(text.trimEnd().split("\n").slice(1)).toEqual([
    "# TYPE poorwill_hub_hook_milliseconds histogram",
    ...[bucket("1", 2), bucket("5", 3), bucket("10", 5), bucket("50", 5), bucket("100", 5)],
    ...[bucket("500", 5), bucket("1000", 6), bucket("5000", 6), bucket("+Inf", 7)],
    'poorwill_hub_hook_milliseconds_sum{hook="rpc"} 9723',
    'poorwill_hub_hook_milliseconds_count{hook="rpc"} 7',
  ]);
});

test("METRIC-01: histograms of several hubs add up, and one that measured nothing has no series", () => {
  const [one, other] = [new Histogram(), new Histogram()];
  expect(one.samples("poorwill_hub_recovery_milliseconds")).toEqual({});
  one.observe(3);
  other.observe(80);
  const [samples, others] = [one, other].map((histogram) =>
    histogram.samples("poorwill_hub_recovery_milliseconds"),
  );
  expect(sum([samples ?? {}, others ?? {}])).toMatchObject({
    'poorwill_hub_recovery_milliseconds_bucket{le="5"}': 1,
    'poorwill_hub_recovery_milliseconds_bucket{le="100"}': 2,
    'poorwill_hub_recovery_milliseconds_bucket{le="+Inf"}': 2,
    poorwill_hub_recovery_milliseconds_sum: 83,
    poorwill_hub_recovery_milliseconds_count: 2,
  });
});

test("METRIC-01: only a histogram has series behind its name", () => {
  expect(encodePrometheus({ poorwill_hub_wakes_sum: 1, poorwill_hub_wakes_bucket: 2 })).toBe("");
});

test("OPS-01: label values are escaped", () => {
  expect(Object.keys(labelled("centrifugo_node_build", [['a"b\\c\nd', 1]]))).toEqual([
    'centrifugo_node_build{version="a\\"b\\\\c\\nd"}',
  ]);
});

test("OPS-01: names and labels are what Prometheus allows, helps are one line", () => {
  for (const [name, definition] of Object.entries<MetricDefinition>(METRICS)) {
    expect(name).toMatch(/^(centrifugo|poorwill)_[a-z_]+$/);
    for (const label of definition.labels ?? []) expect(label).toMatch(/^[a-z]+$/);
    expect(definition.help).not.toMatch(/[\n\\]/);
  }
});

test("OPS-01: samples add up series by series, and differ by what has changed", () => {
  expect(sum([{ a: 1, b: 2 }, { a: 3 }])).toEqual({ a: 4, b: 2 });
  expect(difference({ a: 4, b: 2, c: 1 }, { a: 1, b: 2 })).toEqual({ a: 3, c: 1 });
  expect(totalOf({ 'a{x="1"}': 1, 'a{x="2"}': 2, ab: 9 }, "a")).toBe(3);
});

test("OPS-08: a data point has the hub's name, and its index fits", () => {
  const hub = `home/${"ü".repeat(100)}`;
  const point = dataPoint(hub, { poorwill_hub_flushes: 2 }, { centrifugo_node_num_clients: 5 }, 1_000);
  expect(point.blobs).toEqual([hub]);
  expect(new TextEncoder().encode(point.indexes[0]).byteLength).toBeLessThanOrEqual(96);
  expect(point.doubles).toEqual([1_000, ...Array(13).fill(0), 2, 5, 0, 0, 0]);
  expect(point.doubles.length).toBeLessThanOrEqual(20);
});
