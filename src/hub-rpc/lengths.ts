/** How long things are, in characters, without writing them: what they take in memory, in a call, and in a reply. */
import type { ClientInfo } from "../protocol/messages.ts";
import type { HomeConnection, HomeResult } from "./management.ts";
import type { JoinLeave, Submission, Unnumbered } from "./messages.ts";

/** Characters that name the members of an info. */
const INFO_NAMES = '{"user":"","client":""}'.length;
const PAYLOAD_NAME = ',"conn_info":'.length;
/** Characters around the client id and the info of a member. */
const MEMBER_NAMES = '"":,'.length;
/**
 * Characters that what has no offset, a join or a leave takes besides what it brings: names, its object in memory, and in
 * version 1 a push around it. Without them, a call of a million characters would be 30 MB of short publications.
 */
const ENTRY_NAMES = 50;
/** Characters that a connection of a user takes besides its channels and its hub: names, its id, when it connected. */
const CONNECTION_NAMES = 200;
/** Characters that a submission takes besides what its sender has chosen. */
const SUBMISSION_NAMES = 250;

export function infoLength({ user, client, connInfo, chanInfo }: ClientInfo): number {
  return INFO_NAMES + user.length + client.length + payloadLength(connInfo) + payloadLength(chanInfo);
}

/** Of a member among those present, by client id. */
export function memberLength(info: ClientInfo): number {
  return MEMBER_NAMES + info.client.length + infoLength(info);
}

export function membersLength(members: Iterable<ClientInfo>): number {
  let length = 0;
  for (const info of members) length += memberLength(info);
  return length;
}

export function unnumberedLength(entry: Unnumbered): number {
  const length = "command" in entry ? JSON.stringify(entry.command).length : entry.publication.length;
  return ENTRY_NAMES + length;
}

export function joinLeaveLength({ info }: JoinLeave): number {
  return ENTRY_NAMES + infoLength(info);
}

/** Of a submission in a call, as far as need be known. */
export function submissionLength(submission: Submission): number {
  const fixed = SUBMISSION_NAMES + submission.channel.length;
  if (submission.kind !== "publication") return fixed + infoLength(submission.info);
  const { data, info, tags } = submission.publication;
  let length = fixed + data.length;
  if (info) length += infoLength(info);
  for (const [name, value] of Object.entries(tags ?? {})) length += name.length + value.length;
  return length;
}

/** Of what a home answers the server API. */
export function resultLength(result: HomeResult): number {
  if (result.kind === "presence") return membersLength(result.members);
  if (result.kind === "connections") return connectionsLength(result.connections);
  if (result.kind !== "history") return 0;
  return result.publications.reduce((sum, { length }) => sum + length, 0);
}

function connectionsLength(connections: readonly HomeConnection[]): number {
  let length = 0;
  for (const { hub, channels } of connections) {
    length += CONNECTION_NAMES + hub.length;
    for (const channel of channels) length += channel.length;
  }
  return length;
}

function payloadLength(payload: string | undefined): number {
  return payload === undefined ? 0 : PAYLOAD_NAME + payload.length;
}
