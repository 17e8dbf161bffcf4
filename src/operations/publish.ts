import type { HubCore } from "../../durable-objects/hub/core.ts";
import type { ChannelFacts } from "../channels/channel-facts.ts";
import type { PublishGrant } from "../channels/hooks.ts";
import { mayPublish } from "../channels/permissions.ts";
import { checkPublicationData } from "../channels/publication-data.ts";
import type { PublishAnswer, PublishConditions } from "../hub-rpc/messages.ts";
import type { PublishCommand } from "../protocol/messages.ts";
import { mayWait } from "../sessions/pending.ts";
import { PendingPublishes } from "../sessions/pending-publishes.ts";
import type { Session } from "../sessions/session.ts";
import { DISCONNECTS, ERRORS, errorOf } from "../shared/codes.ts";
import { API_LIMITS } from "../shared/limits.ts";
import { askAbout, contextOf, json, payloadOf } from "./hook.ts";
import { mayCallHome } from "./new-homes.ts";

/** `publish`: what the client sent goes to its channel's home, and is answered when it is stored. */
export function publish(core: HubCore, session: Session, command: PublishCommand): Promise<void> | undefined {
  const facts = core.factsOf(command.channel);
  const { options } = facts;
  if (facts.check === "empty") session.disconnect(DISCONNECTS.badRequest);
  else if (facts.check !== "ok") session.fail(command.id, ERRORS.badRequest);
  else if (options === undefined) session.fail(command.id, ERRORS.unknownChannel);
  else if (core.config.hooks.publish === undefined)
    publishAllowed(core, session, command, { ...facts, options });
  else if (mayWait(session, command)) return askAndPublish(core, session, command, { ...facts, options });
  return undefined;
}

type KnownFacts = ChannelFacts & { readonly options: NonNullable<ChannelFacts["options"]> };

function publishAllowed(core: HubCore, session: Session, command: PublishCommand, facts: KnownFacts): void {
  const refusal = mayPublish({
    user: session.state.user,
    isSubscribed: session.subscriptions.has(command.channel),
    options: facts.options,
    insecure: core.config.connection.insecure,
  });
  if (refusal) session.fail(command.id, refusal);
  else submit(core, session, command, facts, {});
}

async function askAndPublish(
  core: HubCore,
  session: Session,
  command: PublishCommand,
  facts: KnownFacts,
): Promise<void> {
  const { id, channel, data } = command;
  const ask = () => core.config.hooks.publish?.({ ...contextOf(session), channel, ...payloadOf(data) });
  const granted = await askAbout<PublishGrant>(core, session, { hook: "publish", id }, ask, isPublishable);
  if (granted.kind === "refused" || session.isClosed) return;
  if (granted.result === undefined) publishAllowed(core, session, command, facts);
  else submit(core, session, command, facts, granted.result);
}

function isPublishable({ tags = {}, ...conditions }: PublishGrant): boolean {
  return Object.values(tags).every((value) => typeof value === "string") && areConditions(conditions);
}

function areConditions({ idempotencyKey = "", version = 0, versionEpoch = "" }: PublishGrant): boolean {
  const areTexts = [idempotencyKey, versionEpoch].every(
    (text) => typeof text === "string" && text.length <= API_LIMITS.textLength,
  );
  return areTexts && Number.isSafeInteger(version) && version >= 0;
}

/** Undefined for none: most publications go the short way. */
function conditionsOf({
  idempotencyKey = "",
  version = 0,
  versionEpoch = "",
}: PublishGrant): PublishConditions | undefined {
  if (idempotencyKey === "" && version === 0) return undefined;
  return { idempotencyKey, version, versionEpoch };
}

function submit(
  core: HubCore,
  session: Session,
  command: PublishCommand,
  facts: KnownFacts,
  grant: PublishGrant,
): void {
  const { id, channel } = command;
  const checked = checkPublicationData(json(grant.data) ?? command.data, facts.options);
  if (checked.kind === "error") {
    session.fail(id, checked.error);
    return;
  }
  if (!mayCallHome(core, session, id, channel)) return;
  const { client, user, info } = session.state;
  const publication = {
    data: checked.data,
    info: { user, client, connInfo: info, chanInfo: session.subscriptions.get(channel)?.info },
    tags: grant.tags,
  };
  session.publishes ??= new PendingPublishes();
  const { publishes } = session;
  publishes.begin(channel);
  const { length } = checked.data;
  // At once, so that what stands behind it in the same frame is not carried out on credit.
  session.chargeFanOut(length, core.locals.subscriberCount(channel));
  const answer = (answer: PublishAnswer) => {
    if ("errorCode" in answer) session.fail(id, errorOf(answer.errorCode));
    else {
      session.reply(id, { kind: "publish" });
      session.chargeFanOut(length, answer.subscribers ?? 0);
    }
    publishes.end(channel);
  };
  const conditions = conditionsOf(grant);
  core.publishing.submit(
    {
      kind: "publication",
      channel,
      publication,
      skipHistory: grant.skipHistory ?? false,
      ...(conditions && { conditions }),
    },
    answer,
  );
}
