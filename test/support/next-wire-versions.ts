import type { WireVersions, Written } from "../../src/hub-rpc/wire-versions.ts";

/**
 * The forms of a build one version ahead of this one, which it calls the one before. What they change is made up, but
 * nothing that is written in them can be read by a build that does not know them.
 */
export const nextWireVersions: WireVersions = {
  current: 2,
  oldest: 1,
  write: (what, value, version) => (version === 1 ? value : (NEXT[what].write(value) as typeof value)),
  read: (what, value, version) => (version === 1 ? value : (NEXT[what].read(value) as typeof value)),
};

interface Form {
  write(value: unknown): unknown;
  read(written: unknown): unknown;
}

const packed: Form = {
  write: (value) => ({ packed: JSON.stringify(value) }),
  read: (written) => JSON.parse((written as { packed: string }).packed),
};

const NEXT: Readonly<Record<Written, Form>> = {
  state: {
    write: (value) => `state:${String(value)}`,
    read: (written) => String(written).slice("state:".length),
  },
  publications: {
    write: (value) => JSON.stringify(String(value).split("\n")),
    read: (written) => (JSON.parse(String(written)) as string[]).join("\n"),
  },
  call: packed,
  answer: packed,
};
