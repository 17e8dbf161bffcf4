import * as v from "valibot";
import { homeOf } from "../channels/placement.ts";
import type { PublishHomeCommand } from "../hub-rpc/management.ts";
import type { PublicationData } from "../protocol/messages.ts";
import { ERRORS } from "../shared/codes.ts";
import { badRequest, failed, type Outcome } from "./errors.ts";
import { channel as channelName } from "./fields.ts";
import type { HomeCalls } from "./home-calls.ts";
import type { ReadRequest } from "./schemas.ts";

/** One of the channels that are published to, and its place among them. */
interface Target {
  readonly index: number;
  readonly channel: string;
}

/** The targets of each home. */
export function groupByHome(targets: readonly Target[]): ReadonlyMap<string, readonly Target[]> {
  return Map.groupBy(targets, ({ channel }) => homeOf(channel));
}

/**
 * Publishes the same data to channels, which may have different homes. Answers in the order of the channels.
 *
 * @param refusalOf Why a channel may not be published to; undefined: it may.
 */
export async function publishTo(
  homes: HomeCalls,
  channels: readonly string[],
  request: ReadRequest<"publish"> | ReadRequest<"broadcast">,
  refusalOf: (channel: string) => Outcome | undefined,
): Promise<readonly Outcome[]> {
  const data = request.b64data ?? request.data;
  const answers = channels.map((channel) => {
    if (data === undefined) return badRequest("data: is missing");
    return v.is(channelName, channel)
      ? refusalOf(channel)
      : badRequest("channels: no channel can have this name");
  });
  const targets = channels
    .map((channel, index) => ({ index, channel }))
    .filter(({ index }) => answers[index] === undefined);
  const asked = Array.from(groupByHome(targets), async ([home, group]) => {
    const command = commandOf(
      request,
      data ?? "",
      group.map(({ channel }) => channel),
    );
    const answered = await homes.ask(home, command);
    group.forEach(({ index }, place) => {
      answers[index] = answered[place];
    });
  });
  await Promise.all(asked);
  return answers.map((answer) => answer ?? failed(ERRORS.internal));
}

function commandOf(
  request: ReadRequest<"publish"> | ReadRequest<"broadcast">,
  data: PublicationData,
  channels: readonly string[],
): PublishHomeCommand {
  return {
    kind: "publish",
    channels,
    data,
    tags: request.tags ?? undefined,
    skipHistory: request.skip_history,
    idempotencyKey: request.idempotency_key,
    version: request.version,
    versionEpoch: request.version_epoch,
  };
}
