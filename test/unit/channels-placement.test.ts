import { expect, test } from "vitest";
import { controlChannel } from "../../src/channels/control.ts";
import { createNamespaces } from "../../src/channels/namespaces.ts";
import { edgeName, homeRegion, usableHomeOf } from "../../src/channels/placement.ts";

const namespaces = createNamespaces({
  withoutNamespace: {},
  namespaces: [
    { name: "chat", home_region: "weur" },
    { name: "words", channel_regex: "^[a-zäöü]+$" },
    { name: "team.news", home_region: "apac" },
  ],
});

test.each([
  ["chat:42", "home/chat:42"],
  ["chat:42/replies", "home/chat:42"],
  ["$chat:42", "home/$chat:42"],
  ["lobby", "home/lobby"],
  ["words:ähre", "home/words:ähre"],
])("HUB-01: the home of %s is %s", (channel, home) => {
  expect(usableHomeOf(channel, namespaces)).toBe(home);
});

test.each([
  ["no name", ""],
  ["a namespace that is not configured", "chta:42"],
  ["a name that is too long", `chat:${"x".repeat(251)}`],
  ["characters that the namespace does not take", "words:ABC"],
  ["characters that are no ASCII", "chat:ä"],
  ["a lone surrogate", "words:\ud800"],
  ["a control channel", controlChannel("42")],
])("HUB-01: %s has no home", (_, channel) => {
  expect(usableHomeOf(channel, namespaces)).toBeUndefined();
});

test("HUB-01: without a configuration for them, channels without a namespace have no home", () => {
  expect(usableHomeOf("lobby", createNamespaces({ namespaces: [{ name: "chat" }] }))).toBeUndefined();
});

test.each([
  ["home/chat:42", "weur"],
  ["home/$chat:42", "weur"],
  ["home/team.news:1", "apac"],
  ["home/words:a", undefined],
  ["home/unknown:a", undefined],
  ["users/1", undefined],
  [edgeName("enam", 0), undefined],
])("HUB-23: %s is to be in the region %s", (hub, region) => {
  expect(homeRegion(hub, namespaces)).toBe(region);
});
