import { fromBinary, fromJson, type JsonObject, type JsonValue, toJson } from "@bufbuild/protobuf";
import type { Bytes } from "../../src/protocol/messages.ts";
import { CommandSchema, PublicationSchema, ReplySchema } from "../../src/protocol/protobuf/client_pb.ts";
import { delimited, joinMessages, splitFrame } from "../../src/protocol/protobuf/frames.ts";
import { bytesOfBase64, fromUtf8, toBase64 } from "../../src/shared/encodings.ts";
import type { ClientEnd, Closing } from "./hub-client.ts";

/** Fields that hold a payload. */
const PAYLOADS = ["data", "conn_info", "chan_info"];

/** A payload that is no JSON, as it stands in a command and in what arrives. */
export interface Binary {
  readonly $b64: string;
}

export function binary(bytes: readonly number[]): Binary {
  return { $b64: toBase64(Uint8Array.from(bytes)) };
}

/** A client's end that speaks Protobuf, to somebody who reads and writes JSON lines. */
export class ProtobufEnd implements ClientEnd {
  readonly #socket: ClientEnd;

  constructor(socket: ClientEnd) {
    this.#socket = socket;
  }

  /** Lines become messages; bytes, and what is no JSON, are sent as they are. */
  send(frame: string | ArrayBuffer): void {
    this.#socket.send(typeof frame === "string" ? commandFrame(frame) : frame);
  }

  sendRaw(frame: string | ArrayBuffer): void {
    this.#socket.send(frame);
  }

  close(code?: number, reason?: string): void {
    this.#socket.close(code, reason);
  }

  addEventListener(kind: "message", listen: (event: { readonly data: unknown }) => void): void;
  addEventListener(kind: "close", listen: (event: Closing) => void): void;
  addEventListener(kind: "message" | "close", listen: (event: never) => void): void {
    if (kind === "close") this.#socket.addEventListener(kind, listen as (event: Closing) => void);
    else
      this.#socket.addEventListener(kind, ({ data }) => {
        if (!(data instanceof ArrayBuffer)) throw new Error(`a text frame: ${String(data)}`);
        (listen as (event: { readonly data: unknown }) => void)({ data: replyLines(new Uint8Array(data)) });
      });
  }
}

/** Commands as JSON lines, in one Protobuf frame. */
export function commandFrame(lines: string): ArrayBuffer {
  const messages = lines.split("\n").map((line) => {
    const command = packed(JSON.parse(line) as JsonValue) as JsonObject;
    return delimited(CommandSchema, fromJson(CommandSchema, command, { ignoreUnknownFields: true }));
  });
  return joinMessages(messages)[0]?.buffer ?? new ArrayBuffer(0);
}

/** Replies and pushes of one Protobuf frame, as JSON lines. */
export function replyLines(frame: Bytes): string {
  return splitFrame(frame)
    .map((message) => JSON.stringify(unpacked(jsonOf(ReplySchema, message))))
    .join("\n");
}

function jsonOf(schema: typeof ReplySchema | typeof PublicationSchema, message: Bytes): JsonValue {
  return toJson(schema, fromBinary(schema, message), { useProtoFieldName: true });
}

/** Payloads as Protobuf's own JSON has them: in base64. */
function packed(value: JsonValue): JsonValue {
  return mapped(value, (name, member) => (PAYLOADS.includes(name) ? packedPayload(member) : packed(member)));
}

function packedPayload(payload: JsonValue): JsonValue {
  if (typeof payload === "object" && payload !== null && "$b64" in payload) return payload.$b64 ?? "";
  return toBase64(JSON.stringify(payload));
}

function unpacked(value: JsonValue): JsonValue {
  return mapped(value, (name, member) => {
    if (PAYLOADS.includes(name)) return unpackedPayload(bytesOfBase64(String(member)));
    if (name === "offset") return Number(member);
    if (name === "pub") return publication(member);
    return name === "publications" ? (member as JsonValue[]).map(publication) : unpacked(member);
  });
}

function publication(base64: JsonValue): JsonValue {
  return unpacked(jsonOf(PublicationSchema, bytesOfBase64(String(base64))));
}

function unpackedPayload(bytes: Bytes): JsonValue {
  try {
    return JSON.parse(fromUtf8(bytes)) as JsonValue;
  } catch {
    return { $b64: toBase64(bytes) };
  }
}

function mapped(value: JsonValue, map: (name: string, member: JsonValue) => JsonValue): JsonValue {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, map(name, member)]));
}
