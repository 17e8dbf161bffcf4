import { toBase64 } from "../shared/encodings.ts";
import { jsonOfBytes } from "./json/payload.ts";
import * as json from "./json/publication.ts";
import type { Bytes, Json, NewPublication, PublicationData, WirePublication } from "./messages.ts";
import * as protobuf from "./protobuf/publication.ts";

/** A publication as hubs store it and hand it on; `offset` 0 is one without a place in a stream. */
export function wirePublication({ data, info, tags }: NewPublication, offset: number): WirePublication {
  return typeof data === "string"
    ? json.encodePublication({ data, offset, info, tags })
    : protobuf.encodePublication({ data, info, tags }, offset);
}

/** What a publication holds, as its home has written it. */
export function readPublication(publication: WirePublication): NewPublication & { readonly offset: number } {
  return typeof publication === "string"
    ? json.decodePublication(publication)
    : protobuf.decodePublication(publication);
}

/** A publication as JSON clients read it. Data that is no JSON becomes its base64. */
export function publicationAsJson(publication: WirePublication): Json {
  if (typeof publication === "string") return publication;
  const read = protobuf.decodePublication(publication);
  return json.encodePublication({ ...read, data: dataAsJson(read.data) });
}

/** A publication as Protobuf clients read it. */
export function publicationAsProtobuf(publication: WirePublication): Bytes {
  if (typeof publication !== "string") return publication;
  const read = json.decodePublication(publication);
  return protobuf.encodePublication(read, read.offset);
}

/** A publication as the server API tells it: what came as bytes goes as bytes. */
export function publicationForApi(publication: WirePublication): Json {
  if (typeof publication === "string") return publication;
  const read = protobuf.decodePublication(publication);
  return json.encodeBase64Publication(toBase64(read.data), read);
}

/** Data where only JSON can stand: what is none becomes its base64, in a JSON string. */
export function dataAsJson(data: PublicationData): Json {
  return typeof data === "string" ? data : (jsonOfBytes(data) ?? JSON.stringify(toBase64(data)));
}
