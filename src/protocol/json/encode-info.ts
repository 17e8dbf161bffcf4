import type { ClientInfo, Json } from "../messages.ts";

export function encodeInfo(info: ClientInfo): Json {
  const connInfo = info.connInfo === undefined ? "" : `,"conn_info":${info.connInfo}`;
  const chanInfo = info.chanInfo === undefined ? "" : `,"chan_info":${info.chanInfo}`;
  return `{"user":${JSON.stringify(info.user)},"client":${JSON.stringify(info.client)}${connInfo}${chanInfo}}`;
}
