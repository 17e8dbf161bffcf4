import type { ClientInfo, Json, NewPublication } from "../messages.ts";
import { encodeInfo } from "./encode-info.ts";
import { member, numberMember, object } from "./object.ts";
import { rawMembers } from "./raw-json.ts";

/** A publication whose data is JSON, and its place in a stream; 0 for none. */
export interface JsonPublication extends NewPublication {
  readonly data: Json;
  readonly offset: number;
}

export function encodePublication({ data, offset, info, tags }: JsonPublication): Json {
  const offsetText = offset === 0 ? "" : `,"offset":${offset}`;
  const infoText = info === undefined ? "" : `,"info":${encodeInfo(info)}`;
  return `{"data":${data}${offsetText}${infoText}${tagsText(tags)}}`;
}

/** What the server API says of a publication whose data may be no JSON. */
export function encodeBase64Publication(
  b64data: string,
  { offset, info, tags }: Omit<JsonPublication, "data">,
): Json {
  return object([
    `"b64data":"${b64data}"`,
    numberMember("offset", offset),
    member("info", info && encodeInfo(info)),
    tagsText(tags).slice(1),
  ]);
}

/** Reads what `encodePublication` has written. */
export function decodePublication(text: Json): JsonPublication {
  const members = rawMembers(text);
  const info = members.get("info");
  const tags = members.get("tags");
  return {
    data: members.get("data") ?? "",
    offset: Number(members.get("offset") ?? 0),
    info: info === undefined ? undefined : decodeInfo(info),
    tags: tags === undefined ? undefined : (JSON.parse(tags) as Readonly<Record<string, string>>),
  };
}

function decodeInfo(text: Json): ClientInfo {
  const members = rawMembers(text);
  return {
    user: JSON.parse(members.get("user") ?? '""') as string,
    client: JSON.parse(members.get("client") ?? '""') as string,
    connInfo: members.get("conn_info"),
    chanInfo: members.get("chan_info"),
  };
}

function tagsText(tags: Readonly<Record<string, string>> | undefined): string {
  const text = tags === undefined ? "{}" : JSON.stringify(tags);
  return text === "{}" ? "" : `,"tags":${text}`;
}
