/**
 * The address that connections are counted by: an IPv4 address, or the first 64 bits of an IPv6 address, because every
 * household has a whole /64 to choose from. Undefined for a text that is no address.
 */
export function addressGroup(address: string): string | undefined {
  const mapped = /^(?:::ffff:)?(\d{1,3}(?:\.\d{1,3}){3})$/i.exec(address);
  if (mapped) return mapped[1];
  if (!/^[\da-f:]+$/i.test(address) || !address.includes(":")) return undefined;
  const [head = "", tail] = address.toLowerCase().split("::");
  const groups = groupsOf(head);
  if (tail !== undefined) {
    const after = groupsOf(tail);
    while (groups.length + after.length < GROUPS) groups.push("0");
    groups.push(...after);
  }
  return groups.length === GROUPS ? `${groups.slice(0, GROUPS / 2).join(":")}::/64` : undefined;
}

const GROUPS = 8;

function groupsOf(text: string): string[] {
  return text === "" ? [] : text.split(":").map((group) => group.replace(/^0+(?=.)/, ""));
}
