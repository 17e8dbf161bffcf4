import type { HubCore } from "../../durable-objects/hub/core.ts";
import type { ChannelFacts } from "../channels/channel-facts.ts";
import { mayReadHistory, mayReadPresence } from "../channels/permissions.ts";
import type { HistoryAnswer } from "../hub-rpc/messages.ts";
import type { HistoryCommand, PresenceCommand } from "../protocol/messages.ts";
import { mayAnswerAtLength, mayLookUp, mayWait, untilBudget, withinBudget } from "../sessions/pending.ts";
import { readElsewhere } from "../sessions/reading.ts";
import type { Session } from "../sessions/session.ts";
import { DISCONNECTS, ERRORS, errorOf } from "../shared/codes.ts";
import { historyOf } from "../streams/home-reads.ts";
import { mayCallHome } from "./new-homes.ts";

/** `presence` and `presence_stats`: who is subscribed, on all hubs. */
export function presence(
  core: HubCore,
  session: Session,
  command: PresenceCommand,
): Promise<void> | undefined {
  const facts = core.factsOf(command.channel);
  if (!mayLook(core, session, command, facts, mayReadPresence)) return undefined;
  if (!mayLookUp(session, command.id) || !mayWait(session, command)) return undefined;
  return tellPresence(core, session, command, facts);
}

/** `history`: stored publications, or only the position of the stream. */
export function history(core: HubCore, session: Session, command: HistoryCommand): Promise<void> | undefined {
  const facts = core.factsOf(command.channel);
  if (!mayLook(core, session, command, facts, mayReadHistory)) return undefined;
  if (!mayLookUp(session, command.id)) return undefined;
  if (core.isHomeOf(command.channel)) {
    return withinBudget(core, session, command, () => {
      tellHistory(session, command.id, historyOf(core.home, command, core.config.connection));
      return undefined;
    });
  }
  return mayWait(session, command) ? historyElsewhere(core, session, command, facts.home) : undefined;
}

function historyElsewhere(
  core: HubCore,
  session: Session,
  { id, channel, limit, since, reverse }: HistoryCommand,
  home: string,
): Promise<void> {
  return readElsewhere<HistoryAnswer>(session, id, {
    ask: (length) => core.homes.history(home, { channel, limit, since, reverse, length }),
    isLong: (answer) => "isLong" in answer && answer.isLong === true,
    tell: async (answer) => {
      await untilBudget(core, session);
      tellHistory(session, id, answer);
    },
  });
}

function mayLook(
  core: HubCore,
  session: Session,
  { id, channel }: { id: number; channel: string },
  { check, options }: ChannelFacts,
  permission: typeof mayReadHistory,
): boolean {
  if (check === "empty") {
    session.disconnect(DISCONNECTS.badRequest);
    return false;
  }
  const { insecure } = core.config.connection;
  const isSubscribed = session.subscriptions.has(channel);
  const refusal =
    check !== "ok"
      ? ERRORS.badRequest
      : options === undefined
        ? ERRORS.unknownChannel
        : permission({ user: session.state.user, isSubscribed, options, insecure });
  if (refusal) session.fail(id, refusal);
  return refusal === undefined && mayCallHome(core, session, id, channel);
}

async function tellPresence(
  core: HubCore,
  session: Session,
  command: PresenceCommand,
  facts: ChannelFacts,
): Promise<void> {
  const { id, kind, channel } = command;
  const answer = await core.presence.ask(kind, channel, facts.home, session.receivedTurn);
  await untilBudget(core, session);
  if ("errorCode" in answer) session.fail(id, errorOf(answer.errorCode));
  else if (mayAnswerAtLength(session, id)) session.reply(id, answer);
}

function tellHistory(session: Session, id: number, answer: HistoryAnswer): void {
  if ("errorCode" in answer) session.fail(id, errorOf(answer.errorCode));
  else if (mayAnswerAtLength(session, id)) session.reply(id, { ...answer, kind: "history" });
}
