import type { Codec } from "./codec.ts";
import { jsonCodec } from "./json/codec.ts";
import { protobufCodec } from "./protobuf/codec.ts";

/** In what a connection is spoken, as its session remembers it. */
export type Encoding = "json" | "protobuf";

export const CODECS: Readonly<Record<Encoding, Codec>> = { json: jsonCodec, protobuf: protobufCodec };
