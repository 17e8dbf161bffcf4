import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { sign, verify } from "../../src/proxy/signature.ts";

const SECRET = "a secret of the test";
const BODY = '{"text":"Grüße"}';
const NOW = 1_795_440_000;

test("PROXY-02: a signature is the time and the HMAC-SHA256 of time and body, as any library computes it", async () => {
  const code = createHmac("sha256", SECRET).update(`${NOW}.${BODY}`).digest("hex");
  expect(await sign(BODY, SECRET, NOW)).toBe(`t=${NOW},v1=${code}`);
});

test("PROXY-02: a receiver believes the body that was signed, within the tolerance", async () => {
  const header = await sign(BODY, SECRET, NOW);
  for (const now of [NOW, NOW + 300, NOW - 300])
    expect(await verify(header, BODY, SECRET, { now })).toBe(true);
  for (const now of [NOW + 301, NOW - 301]) expect(await verify(header, BODY, SECRET, { now })).toBe(false);
  expect(await verify(header, BODY, SECRET, { now: NOW + 11, tolerance: 10 })).toBe(false);
  expect(await verify(await sign(BODY, SECRET), BODY, SECRET)).toBe(true);
});

test("PROXY-02: nothing else is believed, and nothing makes `verify` throw", async () => {
  const header = await sign(BODY, SECRET, NOW);
  const code = header.split("v1=")[1] ?? "";
  expect(await verify(header, `${BODY} `, SECRET, { now: NOW })).toBe(false);
  expect(await verify(header, BODY, "another secret", { now: NOW })).toBe(false);
  const wrong = [
    null,
    undefined,
    "",
    code,
    `t=${NOW}`,
    `v1=${code}`,
    `v1=${code},t=${NOW}`,
    `t=${NOW},v1=${code},v1=${code}`,
    `t=${NOW},v1=${code.slice(1)}`,
    `t=${NOW},v1=${code.toUpperCase()}`,
    `t=${NOW + 1},v1=${code}`,
    `t=-1,v1=${code}`,
    `t=1e9,v1=${code}`,
    `t=${NOW},v1=${"0".repeat(64)}`,
  ];
  for (const value of wrong) expect(await verify(value, BODY, SECRET, { now: NOW }), `${value}`).toBe(false);
});
