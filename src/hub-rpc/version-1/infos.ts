import { encodeInfo } from "../../protocol/json/encode-info.ts";
import { parseExactly } from "../../protocol/json/payload.ts";
import type { ClientInfo, Json } from "../../protocol/messages.ts";

/** A member: client id, and info as JSON text. */
export type Member = readonly [client: string, info: Json];

export function writeMember(info: ClientInfo): Member {
  return [info.client, encodeInfo(info)];
}

export function readMember([, info]: Member): ClientInfo {
  return readInfo(info);
}

export function readInfo(text: Json): ClientInfo {
  return infoOf(parseExactly(text) as ParsedInfo);
}

export interface ParsedInfo {
  readonly user: string;
  readonly client: string;
  readonly conn_info?: unknown;
  readonly chan_info?: unknown;
}

/** An info that was parsed so that its numbers are as they were sent. */
export function infoOf({ user, client, conn_info, chan_info }: ParsedInfo): ClientInfo {
  return { user, client, connInfo: textOf(conn_info), chanInfo: textOf(chan_info) };
}

function textOf(payload: unknown): Json | undefined {
  return payload === undefined ? undefined : JSON.stringify(payload);
}
