import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";

/**
 * The same protocol by another library, protobufjs, and from another schema than the gateway's: what the official SDK for
 * JavaScript is built with. It makes code at run time, so it is for tests in Node.
 */
const root = new protobuf.Root().loadSync(fileURLToPath(new URL("client.proto", import.meta.url)), {
  keepCase: true,
});

type Name = "Command" | "Reply";

/** Messages of a frame as hexadecimal, each with its length before it. Payloads are given as texts, or as bytes. */
export function writeHex(name: Name, ...messages: readonly object[]): string {
  const writer = protobuf.Writer.create();
  for (const message of messages)
    typeOf(name).encodeDelimited(typeOf(name).fromObject(withBytes(message) as object), writer);
  return Buffer.from(writer.finish()).toString("hex");
}

/** The messages of a frame. Payloads are texts where they are UTF-8, and numbers of 64 bits are texts. */
export function readHex(name: Name, hex: string): object[] {
  const reader = protobuf.Reader.create(Buffer.from(hex, "hex"));
  const messages: object[] = [];
  while (reader.pos < reader.len) {
    const message = typeOf(name).decodeDelimited(reader);
    messages.push(withTexts(typeOf(name).toObject(message, { longs: String, bytes: Uint8Array })) as object);
  }
  return messages;
}

function typeOf(name: Name): protobuf.Type {
  return root.lookupType(`centrifugal.centrifuge.protocol.${name}`);
}

const PAYLOADS = ["data", "conn_info", "chan_info"];

function withBytes(value: unknown): unknown {
  return mapped(value, (name, member) =>
    PAYLOADS.includes(name) && typeof member === "string" ? Buffer.from(member) : withBytes(member),
  );
}

function withTexts(value: unknown): unknown {
  return value instanceof Uint8Array
    ? Buffer.from(value).toString()
    : mapped(value, (_name, member) => withTexts(member));
}

function mapped(value: unknown, map: (name: string, member: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map((member) => map("", member));
  if (typeof value !== "object" || value === null || value instanceof Uint8Array) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, map(name, member)]));
}
