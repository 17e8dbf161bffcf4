import { expect, test } from "vitest";
import { checkRights } from "../../src/api/check-rights.ts";
import { resolveConfig } from "../../src/config/config.ts";

const operator = JSON.stringify([{ name: "ann", key: "k", methods: ["operate"] }]);
const observer = JSON.stringify([{ name: "bob", key: "k", methods: ["observe", "trace", "disconnect"] }]);
const configOf = (userCommands: boolean) => resolveConfig({ connection: { userCommands } }, {});

test("BLOCK-05: a gateway with a key for operating does not start without commands on users", () => {
  const why = 'configuration: connection.userCommands: must be true: the API key "ann" has the right operate';
  for (const bindings of [{ API_KEYS: operator }, { OPERATOR_KEYS: operator }]) {
    expect(() => checkRights(bindings, configOf(false))).toThrow(why);
    expect(() => checkRights(bindings, configOf(true))).not.toThrow();
  }
  for (const bindings of [{}, { API_KEY: "k" }, { API_KEYS: observer }, { API_KEYS: "[" }])
    expect(() => checkRights(bindings, configOf(false))).not.toThrow();
});
