import { create, toBinary } from "@bufbuild/protobuf";
import type { Bytes } from "../../src/protocol/messages.ts";
import { EmulationRequestSchema } from "../../src/protocol/protobuf/client_pb.ts";
import { joinMessages, splitFrame } from "../../src/protocol/protobuf/frames.ts";
import { commandFrame, replyLines } from "./protobuf-end.ts";

/** By which a session over HTTP is found. */
export interface StreamAddress {
  readonly session: string;
  readonly node: string;
}

/** How a client over HTTP writes its commands, which it is given as JSON lines, and reads its stream. */
export interface StreamFraming {
  readonly headers: Readonly<Record<string, string>>;
  /** A frame of commands; bytes are sent as they are. */
  frame(commands: string | ArrayBuffer): string | ArrayBuffer;
  /** What is posted to `/emulation`. */
  envelope(address: StreamAddress, frame: string | ArrayBuffer): BodyInit;
  /** The replies and pushes that are whole with this chunk, each as JSON. */
  read(chunk: Uint8Array): string[];
}

/** Lines, or Server-Sent Events. */
export function textFraming(): StreamFraming {
  const decoder = new TextDecoder();
  let rest = "";
  return {
    headers: {},
    frame: (commands) => commands,
    envelope: (address, frame) => JSON.stringify({ ...address, data: frame }),
    read(chunk) {
      const lines = (rest + decoder.decode(chunk, { stream: true })).split("\n");
      rest = lines.pop() ?? "";
      return lines.map((line) => line.replace(/^data: /, "")).filter((line) => !/^(:|$)/.test(line));
    },
  };
}

export function protobufFraming(): StreamFraming {
  let rest: Bytes = new Uint8Array(0);
  return {
    headers: { "Content-Type": "application/octet-stream" },
    frame: (commands) => (typeof commands === "string" ? commandFrame(commands) : commands),
    envelope: (address, frame) =>
      toBinary(
        EmulationRequestSchema,
        create(EmulationRequestSchema, { ...address, data: new Uint8Array(frame as ArrayBuffer) }),
      ) as Bytes,
    read(chunk) {
      rest = joinMessages([rest, chunk as Bytes])[0] ?? rest;
      try {
        splitFrame(rest);
      } catch {
        return [];
      }
      const lines = replyLines(rest).split("\n");
      rest = new Uint8Array(0);
      return lines;
    },
  };
}
