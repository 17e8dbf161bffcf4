import { expect, test } from "vitest";
import { httpCost } from "../../src/client/http-cost.ts";

const CONTEXT = { host: "example.com", path: "/ws", origin: "https://example.com", userAgent: "Browser/1" };

test("PAGE-11: a sent message is counted as a POST with its answer", () => {
  const cost = httpCost({ direction: "sent", type: "text", payloadBytes: 17 }, CONTEXT);
  expect(cost.requestHead).toMatch(/^POST \/ws HTTP\/1\.1\r\nHost: example\.com\r\n/);
  expect(cost.requestHead).toMatch("\r\nContent-Length: 17\r\n");
  expect(cost.responseHead).toMatch(/^HTTP\/1\.1 204 /);
  expect(cost.responseHead).not.toMatch("Content-Length");
});

test("PAGE-11: a received message is counted as the poll that fetches it", () => {
  const cost = httpCost({ direction: "received", type: "binary", payloadBytes: 5 }, CONTEXT);
  expect(cost.requestHead).toMatch(/^GET \/ws HTTP\/1\.1\r\n/);
  expect(cost.requestHead).not.toMatch("Content-Length");
  expect(cost.responseHead).toMatch("\r\nContent-Type: application/octet-stream\r\nContent-Length: 5\r\n");
});

test("PAGE-11: the overhead is every byte of both heads, blank lines included, and none of the payload", () => {
  const { requestHead, responseHead, overheadBytes } = httpCost(
    { direction: "sent", type: "text", payloadBytes: 1000 },
    { ...CONTEXT, path: "/ü" },
  );
  for (const head of [requestHead, responseHead]) expect(head.endsWith("\r\n\r\n")).toBe(true);
  expect(overheadBytes).toBe(requestHead.length + responseHead.length + 1);
});
