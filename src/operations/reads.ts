import type { ChannelFacts } from "../channels/channel-facts.ts";
import { mayReadHistory, mayReadPresence } from "../channels/permissions.ts";
import { isBinary } from "../channels/publication-data.ts";
import type { HistoryAnswer } from "../hub-rpc/messages.ts";
import type { Presence } from "../presence/presence.ts";
import type {
  HistoryCommand,
  HistoryReply,
  PresenceCommand,
  PresenceReply,
  PresenceStatsReply,
} from "../protocol/messages.ts";
import type { HubOfSession } from "../sessions/hub-of-session.ts";
import { mayAnswerAtLength, mayLookUp, mayWait, untilBudget, withinBudget } from "../sessions/pending.ts";
import { readElsewhere } from "../sessions/reading.ts";
import { ERRORS, errorOf } from "../shared/codes.ts";
import { failWith } from "../shared/refusal.ts";
import { type HomeOfReads, historyOf } from "../streams/home-reads.ts";
import type { RemoteHomes } from "../streams/remote-homes.ts";
import { optionsForClient } from "./channel-options.ts";
import { type HubOfNewHomes, mayCallHome } from "./new-homes.ts";
import { done, type OperationRequest } from "./operation.ts";

/** What every read needs of the hub. */
type HubOfReads = HubOfNewHomes &
  Pick<HubOfSession, "outbox"> & {
    factsOf(channel: string): ChannelFacts;
  };

/** What `presence` and `presence_stats` need of the hub. */
export type HubOfPresenceRead = HubOfReads & { readonly presence: Pick<Presence, "ask"> };

/** What `history` needs of the hub. */
export type HubOfHistory = HubOfReads & {
  readonly home: HomeOfReads;
  readonly homes: Pick<RemoteHomes, "history">;
};

type PresenceRequest = OperationRequest<PresenceCommand, PresenceReply | PresenceStatsReply>;
type HistoryRequest = OperationRequest<HistoryCommand, HistoryReply>;

/** `presence` and `presence_stats`: who is subscribed, on all hubs. */
export function presence(hub: HubOfPresenceRead, request: PresenceRequest): Promise<void> | undefined {
  const facts = hub.factsOf(request.command.channel);
  const mayRead = mayAsk(hub, request, facts, mayReadPresence) && mayLookUp(request) && mayWait(request);
  return mayRead ? askPresence(hub, request, facts.home) : undefined;
}

async function askPresence(hub: HubOfPresenceRead, request: PresenceRequest, home: string): Promise<void> {
  const { session, command } = request;
  const { kind, channel } = command;
  const answer = await hub.presence.ask(kind, channel, home, session.receivedTurn);
  await untilBudget(hub, session);
  if ("errorCode" in answer) request.answer(failWith(errorOf(answer.errorCode)));
  else if (mayAnswerAtLength(request)) request.answer(done(answer));
}

/** `history`: stored publications, or only the position of the stream. */
export function history(hub: HubOfHistory, request: HistoryRequest): Promise<void> | undefined {
  const { command } = request;
  const facts = hub.factsOf(command.channel);
  const mayRead = hasReadableHistory(request, facts) && mayAsk(hub, request, facts, mayReadHistory);
  if (!mayRead || !mayLookUp(request)) return undefined;
  if (hub.isHomeOf(command.channel)) {
    return withinBudget(hub, request, () => {
      answerHistory(request, historyOf(hub.home, command, hub.config.connection));
      return undefined;
    });
  }
  return mayWait(request) ? historyElsewhere(hub, request, facts.home) : undefined;
}

function historyElsewhere(hub: HubOfHistory, request: HistoryRequest, home: string): Promise<void> {
  const { channel, limit, since, reverse } = request.command;
  return readElsewhere<HistoryAnswer>(request, {
    ask: (length) => hub.homes.history(home, { channel, limit, since, reverse, length }),
    isLong: (answer) => "isLong" in answer && answer.isLong === true,
    tell: async (answer) => {
      await untilBudget(hub, request.session);
      answerHistory(request, answer);
    },
  });
}

function answerHistory(request: HistoryRequest, answer: HistoryAnswer): void {
  if ("errorCode" in answer) request.answer(failWith(errorOf(answer.errorCode)));
  else if (mayAnswerAtLength(request)) request.answer(done({ ...answer, kind: "history" }));
}

/** Whether the client can read what is published in the channel. If not, the command is answered. */
function hasReadableHistory(request: HistoryRequest, { options }: ChannelFacts): boolean {
  const isReadable = options === undefined || !isBinary(options) || request.session.codec.carriesBytes;
  if (!isReadable) request.answer(failWith(ERRORS.notAvailable));
  return isReadable;
}

/** Whether the session may read this of the channel, and call its home for it. If not, the command is answered. */
function mayAsk(
  hub: HubOfReads,
  request: PresenceRequest | HistoryRequest,
  facts: ChannelFacts,
  permission: typeof mayReadHistory,
): boolean {
  const { session, command } = request;
  const { channel } = command;
  const known = optionsForClient(facts);
  if (known.kind !== "known") {
    request.answer(known);
    return false;
  }
  const refusal = permission({
    user: session.state.user,
    isSubscribed: session.subscriptions.has(channel),
    options: known.options,
    insecure: hub.config.connection.insecure,
  });
  if (refusal) request.answer(failWith(refusal));
  return refusal === undefined && mayCallHome(hub, request, channel);
}
