import { expect, onTestFinished, test, vi } from "vitest";
import { type KeyBindings, readKeys } from "../../src/api/key-list.ts";
import { ApiKeys } from "../../src/api/keys.ts";
import { issueToken, keyOfToken } from "../../src/api/operator-token.ts";
import { OPERATOR_TOKEN_LIMITS } from "../../src/shared/limits.ts";

const ann = { name: "ann", key: "for ann", methods: ["observe", "publish"] };
const bob = { name: "bob", key: "for bob", methods: ["operate"] };
const NOW = 1_000_000_500;

const bearer = (token: string, more: Record<string, string> = {}, query = "") =>
  new Request(`https://gateway.test/api/publish${query}`, {
    headers: { Authorization: `Bearer ${token}`, ...more },
  });
const accessOf = (request: Request, bindings: KeyBindings) => new ApiKeys().accessOf(request, bindings);
const bindings = { OPERATOR_KEYS: JSON.stringify([ann, bob]) };

test("RIGHT-10: a token has an expiry of ten minutes, the name of its key and its rights", async () => {
  const issued = await issueToken(ann, NOW);
  expect(issued).toEqual({
    token: expect.stringMatching(/^v1\.1000600\.[\w-]{43}$/),
    expires_at: Math.floor((NOW + OPERATOR_TOKEN_LIMITS.lifetime) / 1000),
    name: "ann",
    rights: ["observe"],
  });
  expect(await keyOfToken(issued.token, [bob, ann], NOW)).toBe(ann);
});

test("RIGHT-12: a token ends at its expiry, and with its key", async () => {
  const { token, expires_at } = await issueToken(ann, NOW);
  expect(await keyOfToken(token, [ann], expires_at * 1000 - 1)).toBe(ann);
  expect(await keyOfToken(token, [ann], expires_at * 1000)).toBeUndefined();
  expect(await keyOfToken(token, [bob], NOW)).toBeUndefined();
  expect(await keyOfToken(token, [{ ...ann, key: "a new key" }], NOW)).toBeUndefined();
  expect(await keyOfToken(token, [], NOW)).toBeUndefined();
});

test("RIGHT-12: no other text is a token", async () => {
  const { token } = await issueToken(ann, NOW);
  const [version, expiry, proof = ""] = token.split(".");
  const flipped = `${proof[0] === "A" ? "B" : "A"}${proof.slice(1)}`;
  for (const forged of [
    "",
    ann.key,
    "v1",
    `${version}.${expiry}`,
    `${version}.${expiry}.`,
    `${version}.${expiry}.${flipped}`,
    `${version}.${Number(expiry) + 1}.${proof}`,
    `${version}.0${expiry}.${proof}`,
    `${version}.9999999999999999.${proof}`,
    `${version}.-1.${proof}`,
    `v2.${expiry}.${proof}`,
    `${token}.`,
    `${token}A`,
    ` ${token}`,
  ])
    expect(await keyOfToken(forged, [ann, bob], NOW), forged).toBeUndefined();
});

test("RIGHT-11 RIGHT-12: a token is taken from Authorization alone, and a key in another header goes before it", async () => {
  const { token } = await issueToken(ann, Date.now());
  const access = await accessOf(bearer(token), bindings);
  expect([access?.name, access?.hasRight("observe"), access?.allows("publish", "a")]).toEqual([
    "ann",
    true,
    false,
  ]);
  expect(await accessOf(bearer(token, { "X-API-Key": "wrong" }), bindings)).toBeUndefined();
  expect((await accessOf(bearer(token, { "X-API-Key": bob.key }), bindings))?.name).toBe("bob");
  expect(await accessOf(bearer("v1.1.x", {}, "?api_key=for%20ann"), bindings)).toBeUndefined();
  for (const query of [`?api_key=${token}`, `?access_token=${token}`, `?token=${token}`])
    expect(await accessOf(new Request(`https://gateway.test/api${query}`), bindings)).toBeUndefined();
  expect(
    await accessOf(new Request("https://gateway.test/api", { headers: { "X-API-Key": token } }), bindings),
  ).toBeUndefined();
});

test("RIGHT-10: only a key with a right in a header can be exchanged, and no token", async () => {
  const header = (name: string, value: string) =>
    accessOf(new Request("https://gateway.test/api", { headers: { [name]: value } }), {
      ...bindings,
      API_KEY: "all",
    });
  const { token } = await issueToken(ann, Date.now());
  expect((await header("X-API-Key", ann.key))?.issueToken).toBeDefined();
  expect((await header("Authorization", `apikey ${ann.key}`))?.issueToken).toBeDefined();
  expect((await header("X-API-Key", "all"))?.issueToken).toBeUndefined();
  expect((await header("Authorization", `Bearer ${token}`))?.issueToken).toBeUndefined();
  const inQuery = await accessOf(new Request("https://gateway.test/api?api_key=for%20ann"), bindings);
  expect([inQuery?.name, inQuery?.issueToken]).toEqual(["ann", undefined]);
});

test("RIGHT-04 RIGHT-12: lists are read once while they stay the same, and a key that is taken out ends its tokens", async () => {
  const log = vi.spyOn(console, "log").mockImplementation(() => {});
  onTestFinished(() => log.mockRestore());
  const keys = new ApiKeys();
  const unknown = { OPERATOR_KEYS: JSON.stringify([{ ...ann, methods: ["observe", "later"] }]) };
  const { token } = await issueToken(ann, Date.now());
  for (let time = 0; time < 3; time += 1)
    expect((await keys.accessOf(bearer(token), { ...unknown }))?.name).toBe("ann");
  expect(log).toHaveBeenCalledTimes(1);
  expect(await keys.accessOf(bearer(token), { OPERATOR_KEYS: JSON.stringify([bob]) })).toBeUndefined();
  expect(readKeys(bindings)).toHaveLength(2);
});
