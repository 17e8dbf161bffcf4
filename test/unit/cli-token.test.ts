import { describe, expect, test } from "vitest";
import { readDevVars } from "../../cli/project/dev-vars.ts";
import { secretNamed, signToken } from "../../cli/token/token.ts";
import { createTokenVerifier } from "../../src/auth/tokens.ts";
import { TOKEN_LIMITS } from "../../src/shared/limits.ts";
import { reader } from "../support/cli-folder.ts";
import { HMAC, NOW, SECONDS, SECRET } from "../support/tokens.ts";

const NAME = "TOKEN_HMAC_SECRET";
const verifier = createTokenVerifier(HMAC);

describe("poorwill token", () => {
  test("CLI-08: a connection token is valid for its user, with its info, until its time is over", async () => {
    const { token } = await signToken({ user: "ann", ttl: 60, info: { name: "Ann" } }, SECRET, NOW);
    expect(await verifier.connection(token, NOW)).toMatchObject({
      kind: "valid",
      claims: { user: "ann", info: { name: "Ann" }, expireAt: SECONDS + 60 },
    });
    expect(await verifier.connection(token, new Date(NOW.getTime() + 60_000))).toEqual({ kind: "expired" });
  });

  test("CLI-08: with a channel it is a subscription token", async () => {
    const { token } = await signToken({ user: "", channel: "näme:1", ttl: 60 }, SECRET, NOW);
    expect(await verifier.subscription(token, NOW)).toMatchObject({
      kind: "valid",
      claims: { user: "", channel: "näme:1" },
    });
    expect(await verifier.connection(token, NOW)).toMatchObject({ kind: "invalid" });
  });

  test.each([
    ["", "empty"],
    ["x".repeat(256), "too long"],
    ["\ud800", "bad characters"],
  ])("CLI-09: a channel that cannot be is refused: %j", async (channel, problem) => {
    await expect(signToken({ user: "ann", channel, ttl: 60 }, SECRET)).rejects.toThrow(problem);
  });

  test("CLI-09: a token that the gateway would not read is refused", async () => {
    const info = "x".repeat(TOKEN_LIMITS.length);
    await expect(signToken({ user: "ann", ttl: 60, info }, SECRET)).rejects.toThrow("--info is too long");
  });

  test("CLI-08: the secret is that of the environment, or else of .dev.vars", () => {
    const other = `another: ${SECRET}`;
    expect(secretNamed(NAME, { [NAME]: SECRET }, { [NAME]: other })).toBe(SECRET);
    expect(secretNamed(NAME, { [NAME]: "" }, { [NAME]: other })).toBe(other);
    expect(secretNamed("MINE", {}, { [NAME]: other, MINE: SECRET })).toBe(SECRET);
  });

  test("CLI-08: an environment has variables of its own, where it has a file of them", () => {
    const files = { ".dev.vars": `${NAME}="one"\n`, ".dev.vars.staging": `${NAME}='two'\n` };
    expect(readDevVars(reader(files), undefined)).toEqual({ file: ".dev.vars", values: { [NAME]: "one" } });
    expect(readDevVars(reader(files), "staging")?.values).toEqual({ [NAME]: "two" });
    expect(readDevVars(reader(files), "other")?.file).toBe(".dev.vars");
    expect(readDevVars(reader({}), "other")).toBeUndefined();
    const env = { ".env": "A=1\nB=1", ".env.local": "B=2", ".env.staging": "B=3" };
    expect(readDevVars(reader(env), undefined)?.values).toEqual({ A: "1", B: "2" });
    expect(readDevVars(reader(env), "staging")?.values).toEqual({ A: "1", B: "3" });
    expect(readDevVars(reader({ ...env, ...files }), undefined)?.values).toEqual({ [NAME]: "one" });
  });

  test("CLI-09: without a secret, or with a short one, it says so and never prints it", () => {
    expect(() => secretNamed(NAME, {}, undefined)).toThrow(`${NAME} is not in the environment`);
    expect(() => secretNamed(NAME, {}, {})).toThrow("not in .dev.vars or .env either");
    const short = "short".repeat(6);
    const call = () => secretNamed(NAME, {}, { [NAME]: short });
    expect(call).toThrow("fewer than 32 bytes");
    expect(call).not.toThrow(short);
  });
});
