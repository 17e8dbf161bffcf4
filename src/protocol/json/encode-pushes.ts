import type { Ending, Json, Push, SubscribePush } from "../messages.ts";
import { publicationAsJson } from "../wire-publication.ts";
import { encodeInfo } from "./encode-info.ts";
import { encodeExpiry, encodeSubscribeResult } from "./encode-results.ts";

/** Pushes to one channel come in a row: its name is written once for all of them. */
let lastName = { channel: "", json: '""' };

export function encodePush(push: Push): Json {
  switch (push.kind) {
    case "publication":
      return `{"push":{"channel":${nameOf(push.channel)},"pub":${publicationAsJson(push.publication)}}}`;
    case "join":
      return `{"push":{"channel":${nameOf(push.channel)},"join":{"info":${encodeInfo(push.info)}}}}`;
    case "leave":
      return `{"push":{"channel":${nameOf(push.channel)},"leave":{"info":${encodeInfo(push.info)}}}}`;
    case "unsubscribe":
      return `{"push":{"channel":${nameOf(push.channel)},"unsubscribe":${encodeEnding(push)}}}`;
    case "subscribe":
      return `{"push":{"channel":${nameOf(push.channel)},"subscribe":${encodeAdded(push)}}}`;
    case "refresh":
      return `{"push":{"refresh":${encodeExpiry(push)}}}`;
    case "disconnect":
      return `{"push":{"disconnect":${encodeEnding(push)}}}`;
  }
}

function nameOf(channel: string): Json {
  if (channel !== lastName.channel) lastName = { channel, json: JSON.stringify(channel) };
  return lastName.json;
}

function encodeAdded({ recoverable, epoch, offset, positioned, data }: SubscribePush): Json {
  return encodeSubscribeResult({
    ...{ recoverable, epoch, offset, positioned, data },
    ...{ expires: false, ttl: 0, publications: [], recovered: false, wasRecovering: false },
  });
}

function encodeEnding({ code, reason }: Ending): Json {
  return `{"code":${code},"reason":${JSON.stringify(reason)}}`;
}
