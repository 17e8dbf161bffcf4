import { expect, test } from "vitest";
import { addressGroup } from "../../src/auth/address.ts";

test.each([
  ["192.0.2.7", "192.0.2.7"],
  ["::ffff:192.0.2.7", "192.0.2.7"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"],
  ["2001:0DB8:0001:0002::9", "2001:db8:1:2::/64"],
  ["2001:db8::1", "2001:db8:0:0::/64"],
  ["::1", "0:0:0:0::/64"],
  ["1:2:3:4:5:6:7::", "1:2:3:4::/64"],
])("ABUSE-07: %s is counted as %s", (address, group) => {
  expect(addressGroup(address)).toBe(group);
});

test.each(["", "here", "1:2:3", "192.0.2", "2001:db8:1:2:3:4:5:6:7"])(
  "ABUSE-07: %j is no address",
  (address) => {
    expect(addressGroup(address)).toBeUndefined();
  },
);
