import { describe, expect, test } from "vitest";
import { isThisMachine, readAddress } from "../../cli/deployment/address.ts";
import {
  NO_PROFILES,
  type Profiles,
  parseProfiles,
  withCurrent,
  withoutProfile,
  withProfile,
} from "../../cli/deployment/profiles.ts";
import { readKey, targetOf } from "../../cli/deployment/target.ts";

const PROFILES: Profiles = {
  current: "live",
  profiles: {
    live: { url: "https://live.example", key: "live key".replace(" ", "-") },
    test: { url: "https://test.example", key: "test-key" },
    keyless: { url: "https://keyless.example" },
  },
};
const LIVE = { url: "https://live.example", key: "live-key" };
const ENV = { POORWILL_URL: "https://env.example", POORWILL_API_KEY: "env-key" };

describe("CLI-20: which gateway is asked, with which key", () => {
  test.each([
    ["the profile in use", {}, {}, LIVE],
    ["the environment before it", {}, ENV, { url: "https://env.example", key: "env-key" }],
    ["--profile before that", { profile: "test" }, ENV, { url: "https://test.example", key: "test-key" }],
    [
      "--url before that",
      { url: "https://url.example" },
      ENV,
      { url: "https://url.example", key: "env-key" },
    ],
    ["--key-stdin before all", { key: " typed\n" }, ENV, { url: "https://env.example", key: "typed" }],
    [
      "the key of a profile to no other address",
      { url: "https://url.example" },
      {},
      { url: "https://url.example" },
    ],
    [
      "neither to that of the environment",
      {},
      { POORWILL_URL: ENV.POORWILL_URL },
      { url: "https://env.example" },
    ],
    [
      "a key for a profile without one",
      { profile: "keyless" },
      ENV,
      { url: "https://keyless.example", key: "env-key" },
    ],
    ["variables that are empty are not there", {}, { POORWILL_URL: "", POORWILL_API_KEY: "" }, LIVE],
  ])("%s", (_, options, env, expected) => {
    expect(targetOf(options, env, PROFILES)).toEqual(expected);
  });

  test("none is named, or two are", () => {
    expect(() => targetOf({}, {}, NO_PROFILES)).toThrow("which gateway?");
    expect(() => targetOf({ url: LIVE.url, profile: "test" }, {}, PROFILES)).toThrow("--profile or --url");
    expect(() => targetOf({ profile: "toString" }, {}, PROFILES)).toThrow("there are live, test, keyless");
  });

  test("a key is what a header can carry", () => {
    for (const key of ["", " ", "ключ", "a\nb"]) expect(() => readKey(key)).toThrow("header");
  });
});

describe("CLI-21: addresses", () => {
  test.each([
    ["https://gateway.example/", "https://gateway.example"],
    ["https://gateway.example/realtime/", "https://gateway.example/realtime"],
    ["http://localhost:8080", "http://localhost:8080"],
    ["http://127.0.0.1:1", "http://127.0.0.1:1"],
    ["http://[::1]:1", "http://[::1]:1"],
  ])("%s is %s", (text, address) => expect(readAddress(text)).toBe(address));

  test.each([
    ["gateway.example", "is no address"],
    ["localhost:8080", "is no address"],
    ["wss://gateway.example", "is no address"],
    ["https://ann:secret@gateway.example", "no user"],
    ["https://gateway.example?key=secret", "no ?"],
    ["http://gateway.example", "not encrypted"],
    ["http://localhost.example", "not encrypted"],
    ["http://127.0.0.1.example", "not encrypted"],
  ])("%s: %s", (text, why) => expect(() => readAddress(text)).toThrow(why));

  test("--insecure allows plain http, and does not make it this machine", () => {
    expect(readAddress("http://gateway.example", true)).toBe("http://gateway.example");
    expect(isThisMachine(new URL("http://gateway.example"))).toBe(false);
  });
});

describe("CLI-21: profiles", () => {
  const one = withProfile(NO_PROFILES, "one", { url: "https://one.example" });

  test("the first one is in use, until another is, or it is removed", () => {
    const two = withProfile(one, "two", { url: "https://two.example" });
    expect(two.current).toBe("one");
    expect(withCurrent(two, "two").current).toBe("two");
    expect(withoutProfile(two, "one")).toEqual({ profiles: { two: { url: "https://two.example" } } });
    expect(withoutProfile(two, "two").current).toBe("one");
    expect(() => withCurrent(one, "two")).toThrow("there is no profile two: there are one");
    expect(() => withoutProfile(NO_PROFILES, "two")).toThrow("poorwill profile add");
  });

  test.each(["", "__proto__", "a b", "-a", "é", "a".repeat(65)])("'%s' is no name", (name) => {
    expect(() => withProfile(one, name, { url: "https://one.example" })).toThrow("a name has");
  });

  test("a file that is no list of profiles is named, and nothing of it shown", () => {
    expect(parseProfiles("file", JSON.stringify(one))).toEqual(one);
    for (const text of ["", "secret", '{"profiles":{"one":{"url":1,"key":"secret"}}}']) {
      expect(() => parseProfiles("file", text)).toThrow(
        /^file is no list of profiles: correct it, or delete it$/,
      );
    }
  });
});
