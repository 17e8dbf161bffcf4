import fc from "fast-check";
import { expect, test } from "vitest";
import { parseAllowedOrigins } from "../../src/auth/allowed-origins.ts";
import { isOriginAllowed } from "../../src/auth/origins.ts";
import { resolveConfig } from "../../src/config/config.ts";

const HOST = "gateway.example.org";

function allows(origin: string, allowed: string, { development = false, host = HOST } = {}): boolean {
  return isOriginAllowed(origin, host, { allowed: parseAllowedOrigins(allowed), development });
}

test.each([
  ["https://gateway.example.org", HOST],
  ["http://gateway.example.org", HOST],
  ["https://GATEWAY.example.org", HOST],
  ["https://gateway.example.org", "Gateway.Example.ORG"],
  ["https://gateway.example.org:443", HOST],
  ["http://localhost:8080", "localhost:8080"],
  ["http://[::1]:8080", "[::1]:8080"],
  ["http://[0:0:0:0:0:0:0:1]:8080", "[::1]:8080"],
])("ORIGIN-01: %s is of the host %s", (origin, host) => {
  expect(allows(origin, "", { host })).toBe(true);
});

test.each([
  ["https://gateway.example.org:8443", HOST],
  ["https://gateway.example.org.", HOST],
  ["https://gateway.example.org.evil.test", HOST],
  ["https://evil-gateway.example.org", HOST],
  ["https://example.org", HOST],
  ["http://localhost:8081", "localhost:8080"],
  ["app://gateway.example.org", HOST],
  ["file://gateway.example.org", HOST],
  ["https://gateway.example.org@evil.test", HOST],
])("ORIGIN-01 ORIGIN-02: %s is not of the host %s", (origin, host) => {
  expect(allows(origin, "", { host })).toBe(false);
});

test.each([
  ["https://friend.test", "https://friend.test", true],
  ["https://friend.test", "https://friend.test/", true],
  ["https://friend.test", "HTTPS://Friend.Test:443", true],
  ["https://friend.test", "http://friend.test", false],
  ["https://friend.test:8443", "https://friend.test", false],
  ["https://a.friend.test", "https://friend.test", false],
  ["https://friend.test.", "https://friend.test", false],
  ["http://[::1]:3000", "http://[::1]:3000", true],
  ["http://[::2]:3000", "http://[::1]:3000", false],
  ["capacitor://localhost", "capacitor://localhost", true],
  ["moz-extension://3f2a", "chrome-extension://3f2a", false],
  ["moz-extension://evil", "moz-extension://3f2a", false],
  ["moz-extension://evil", "https://friend.test:443", false],
  ["file://", "file://", true],
])("ORIGIN-03: %s where %s is listed: %s", (origin, allowed, expected) => {
  expect(allows(origin, allowed)).toBe(expected);
});

test.each([
  ["https://a.example.com", true],
  ["https://a.b.example.com", true],
  ["https://A.EXAMPLE.com", true],
  ["https://a.example.com:443", true],
  ["http://a.example.com", false],
  ["https://a.example.com:8443", false],
  ["https://example.com", false],
  ["https://evil-example.com", false],
  ["https://evilexample.com", false],
  ["https://a.example.com.", false],
  ["https://a.example.com.evil.test", false],
  ["https://evil.test/.example.com", false],
  ["https://evil.test?.example.com", false],
  ["https://evil.test#.example.com", false],
  ["https://a.example.com@evil.test", false],
])("ORIGIN-04: %s where *.example.com is listed: %s", (origin, expected) => {
  expect(allows(origin, "*.example.com")).toBe(expected);
  expect(allows(origin, "*.Example.COM")).toBe(expected);
  expect(allows(origin, "https://*.example.com:443")).toBe(expected);
});

test.each([
  ["*.example.com:8443", "https://a.example.com:8443", true],
  ["*.example.com:8443", "https://a.example.com", false],
  ["http://*.example.com", "http://a.example.com", true],
  ["http://*.example.com", "https://a.example.com", false],
  ["http://*.example.com:3000", "http://a.b.example.com:3000", true],
  ["app://*.example.com", "app://a.example.com", true],
  ["https://*.bücher.example", "https://a.xn--bcher-kva.example", true],
])("ORIGIN-04: a wildcard may have a scheme and a port: %s and %s: %s", (allowed, origin, expected) => {
  expect(allows(origin, allowed)).toBe(expected);
});

test.each([
  "app.example.com",
  "localhost:3000",
  "*.com",
  "https://*.com",
  "*.",
  "https://a.*.example.com",
  "https://*",
  "**.example.com",
  "*example.com",
  '"https://app.example.com"',
  "'https://app.example.com'",
  '["https://app.example.com"]',
  "https://app.example.com;",
  "https://app.example.com;https://other.example.com",
  "https://app.example.com/path",
  "https://user@app.example.com",
  "https://*.example.com/path",
  "NULL",
])("CONF-24: %s in ALLOWED_ORIGINS is refused at the start, with its text", (entry) => {
  const list = `https://friend.test, ${entry}`;
  const start = () => resolveConfig({}, { ALLOWED_ORIGINS: list });
  expect(start).toThrow(`configuration: ALLOWED_ORIGINS: "${entry}" is no origin`);
  expect(parseAllowedOrigins(list)).toHaveLength(1);
});

test("ORIGIN-05: null passes where it is listed, and nothing else then", () => {
  expect(allows("null", "null")).toBe(true);
  expect(allows("https://evil.test", "null")).toBe(false);
  expect(allows("moz-extension://evil", "null")).toBe(false);
  expect(allows("null", "https://friend.test *.example.com")).toBe(false);
});

test("ORIGIN-05: * lets every page in", () => {
  fc.assert(fc.property(fc.webUrl(), (origin) => allows(origin, "*")));
});

test.each([
  ["http://localhost:5173", true],
  ["https://app.localhost", true],
  ["http://127.0.0.1", true],
  ["http://[::1]:9", true],
  ["null", true],
  ["file://", true],
  ["http://localhost.evil.test", false],
  ["http://evil-localhost", false],
  ["http://localhost@evil.test", false],
  ["http://127.0.0.1.evil.test", false],
])("ORIGIN-06: in development %s: %s", (origin, expected) => {
  expect(allows(origin, "", { development: true })).toBe(expected);
  expect(allows(origin, "")).toBe(false);
});

test("ORIGIN-07: no Origin passes", () => {
  expect(isOriginAllowed(null, HOST, { allowed: [], development: false })).toBe(true);
});

test.each([
  "",
  " ",
  "gateway.example.org",
  "//gateway.example.org",
  "https://",
  "https://user@gateway.example.org",
  "https://:secret@gateway.example.org",
  "https://gateway.example.org/path",
  "https://gateway.example.org?query",
  "https://gateway.example.org#fragment",
  "https://gateway.example.org https://evil.test",
  "https://gateway.example.org, https://evil.test",
  "data:text/html,hello",
  "NULL",
])("ORIGIN-08: %j is no origin", (origin) => {
  expect(allows(origin, "", { development: true })).toBe(false);
});

test("ORIGIN-08: whatever stands there, a list without it refuses it, and nothing throws", () => {
  fc.assert(fc.property(fc.string(), (origin) => !allows(`https://${origin}.evil.test`, "*.example.com")));
  fc.assert(
    fc.property(fc.string(), (origin) => typeof allows(origin, "https://a.test *.example.com") === "boolean"),
  );
});

test("ORIGIN-03: the list is separated by commas or blanks", () => {
  expect(parseAllowedOrigins(undefined)).toEqual([]);
  const kinds = parseAllowedOrigins(" ,null,, *\n\thttps://a.test ,").map(({ kind }) => kind);
  expect(kinds).toEqual(["opaque", "any", "origin"]);
});
