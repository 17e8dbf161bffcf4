import { expect, test } from "vitest";
import { dataPoint } from "../../src/metrics/data-point.ts";
import { encodePrometheus } from "../../src/metrics/prometheus.ts";
import { labelled, METRICS } from "../../src/metrics/registry.ts";
import { difference, sum, totalOf } from "../../src/metrics/samples.ts";

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

test("OPS-01: label values are escaped", () => {
  expect(Object.keys(labelled("centrifugo_node_build", [['a"b\\c\nd', 1]]))).toEqual([
    'centrifugo_node_build{version="a\\"b\\\\c\\nd"}',
  ]);
});

test("OPS-01: names and labels are what Prometheus allows, helps are one line", () => {
  for (const [name, definition] of Object.entries<{ help: string; label?: string }>(METRICS)) {
    expect(name).toMatch(/^(centrifugo|poorwill)_[a-z_]+$/);
    expect(definition.label ?? "a").toMatch(/^[a-z]+$/);
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
