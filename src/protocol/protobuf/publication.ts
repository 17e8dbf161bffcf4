/**
 * Publications, written by hand: for one and the push around it, the library takes twice as long. Reading is rare, and
 * left to the library.
 */
import { create, fromBinary } from "@bufbuild/protobuf";
import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";
import { fromUtf8, toUtf8 } from "../../shared/encodings.ts";
import type { Bytes, ClientInfo, Json, NewPublication, PublicationData } from "../messages.ts";
import { ClientInfoSchema, PublicationSchema, type ClientInfo as WireInfo } from "./client_pb.ts";

/** A publication whose data is bytes, and its place in a stream; 0 for none. */
interface BinaryPublication extends NewPublication {
  readonly data: Bytes;
  readonly offset: number;
}

/** Field numbers of client.proto. */
const REPLY = { push: 4 } as const;
const PUSH = { channel: 2, pub: 4 } as const;
const PUBLICATION = { data: 4, info: 5, offset: 6, tags: 7 } as const;
const INFO = { user: 1, client: 2, connInfo: 3, chanInfo: 4 } as const;
const ENTRY = { key: 1, value: 2 } as const;

/** A publication as Protobuf; `offset` 0 is one without a place in a stream. */
export function encodePublication({ data, info, tags = {} }: NewPublication, offset: number): Bytes {
  const writer = new BinaryWriter();
  writePayload(writer, PUBLICATION.data, data);
  if (info !== undefined) writeInfo(begin(writer, PUBLICATION.info), info).join();
  if (offset > 0) writer.tag(PUBLICATION.offset, WireType.Varint).uint64(offset);
  for (const [name, value] of Object.entries(tags)) {
    begin(writer, PUBLICATION.tags);
    writePayload(writer, ENTRY.key, name);
    writePayload(writer, ENTRY.value, value);
    writer.join();
  }
  return writer.finish();
}

/** The push of a publication, with its length before it. */
export function encodePublicationPush(channel: string, publication: Bytes): Bytes {
  const push = begin(new BinaryWriter().fork(), REPLY.push);
  writePayload(push, PUSH.channel, channel);
  return push.tag(PUSH.pub, WireType.LengthDelimited).bytes(publication).join().join().finish();
}

/** Reads what `encodePublication` has written. */
export function decodePublication(bytes: Bytes): BinaryPublication {
  const { data, offset, info, tags } = fromBinary(PublicationSchema, bytes);
  return {
    data: data as Bytes,
    offset: Number(offset),
    info: info && readInfo(info),
    tags: Object.keys(tags).length === 0 ? undefined : tags,
  };
}

export function infoMessage({ user, client, connInfo, chanInfo }: ClientInfo): WireInfo {
  return create(ClientInfoSchema, {
    ...{ user, client },
    connInfo: bytesOf(connInfo),
    chanInfo: bytesOf(chanInfo),
  });
}

/** A payload as it stands in a field: nothing where there is none. */
export function bytesOf(payload: Json | undefined): Bytes {
  return toUtf8(payload ?? "");
}

function begin(writer: BinaryWriter, field: number): BinaryWriter {
  return writer.tag(field, WireType.LengthDelimited).fork();
}

function writeInfo(writer: BinaryWriter, { user, client, connInfo, chanInfo }: ClientInfo): BinaryWriter {
  writePayload(writer, INFO.user, user);
  writePayload(writer, INFO.client, client);
  writePayload(writer, INFO.connInfo, connInfo);
  writePayload(writer, INFO.chanInfo, chanInfo);
  return writer;
}

/** A field of text or bytes, which is left out where it is empty. */
function writePayload(writer: BinaryWriter, field: number, payload: PublicationData | undefined): void {
  if (payload === undefined || payload.length === 0) return;
  writer.tag(field, WireType.LengthDelimited);
  if (typeof payload === "string") writer.string(payload);
  else writer.bytes(payload);
}

function readInfo({ user, client, connInfo, chanInfo }: WireInfo): ClientInfo {
  return { user, client, connInfo: readJson(connInfo), chanInfo: readJson(chanInfo) };
}

function readJson(bytes: Uint8Array): Json | undefined {
  return bytes.length === 0 ? undefined : fromUtf8(bytes);
}
