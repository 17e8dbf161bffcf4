import type { CallForms } from "../../src/hub-rpc/call-forms.ts";
import { type HubRpc, hubOf, type Method } from "../../src/hub-rpc/hub-rpc.ts";
import {
  type Stored,
  type StoredVersions,
  type WireVersions,
  wireVersions,
} from "../../src/hub-rpc/wire-versions.ts";

const { stored, calls } = wireVersions;

/**
 * The versions of a build one ahead of this one, which it calls the one before. What they change is made up, but nothing
 * that is written in them can be read by a build that does not know them.
 */
export const nextWireVersions: WireVersions = {
  stored: nextStored(),
  calls: {
    current: calls.current + 1,
    oldest: calls.current,
    forms: { [calls.current + 1]: packedForms() },
  },
};

function nextStored(): StoredVersions {
  const forms: Readonly<Record<Stored, { write(text: string): string; read(written: string): string }>> = {
    state: { write: (text) => `state:${text}`, read: (written) => written.slice("state:".length) },
    publications: {
      write: (text) => JSON.stringify(text.split("\n")),
      read: (written) => (JSON.parse(written) as string[]).join("\n"),
    },
  };
  return {
    current: stored.current + 1,
    json: stored.current + 1,
    oldest: stored.json,
    write: (what, text, version) => (version <= stored.current ? text : forms[what].write(text)),
    read: (what, written, version) => (version <= stored.current ? written : forms[what].read(written)),
  };
}

/** Every call and answer as one text. */
function packedForms(): CallForms {
  const pack = (value: unknown) => ({ packed: JSON.stringify(value ?? null) });
  const unpack = (written: unknown) => JSON.parse((written as { packed: string }).packed);
  const packed = { writeCall: pack, readCall: unpack, writeAnswer: pack, readAnswer: unpack };
  const methods = Object.keys(hubOf(() => Promise.reject(new Error("not called"))) satisfies HubRpc);
  return Object.fromEntries((methods as Method[]).map((method) => [method, packed]));
}
