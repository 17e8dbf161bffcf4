import { encodeInfo } from "./json/encode-info.ts";
import type { NewPublication, WirePublication } from "./messages.ts";

/** A publication as hubs store it and hand it on; `offset` 0 is one without a place in a stream. */
export function wirePublication(publication: NewPublication, offset: number): WirePublication {
  const { data, info, tags } = publication;
  const offsetText = offset === 0 ? "" : `,"offset":${offset}`;
  const infoText = info === undefined ? "" : `,"info":${encodeInfo(info)}`;
  return `{"data":${data}${offsetText}${infoText}${tagsText(tags)}}`;
}

function tagsText(tags: Readonly<Record<string, string>> | undefined): string {
  const text = tags === undefined ? "{}" : JSON.stringify(tags);
  return text === "{}" ? "" : `,"tags":${text}`;
}
