import type { ChannelFacts } from "../channels/channel-facts.ts";
import type { PublishGrant } from "../channels/hooks.ts";
import type { ChannelOptions } from "../channels/options.ts";
import { mayPublish } from "../channels/permissions.ts";
import { checkPublicationData, payloadFor } from "../channels/publication-data.ts";
import type { PublishAnswer, PublishConditions } from "../hub-rpc/messages.ts";
import type { PublicationData, PublishCommand, Reply } from "../protocol/messages.ts";
import { mayWait } from "../sessions/pending.ts";
import { PendingPublishes } from "../sessions/pending-publishes.ts";
import { ERRORS, errorOf } from "../shared/codes.ts";
import { API_LIMITS } from "../shared/limits.ts";
import { failWith } from "../shared/refusal.ts";
import type { LocalChannels } from "../streams/local-channels.ts";
import { optionsForClient } from "./channel-options.ts";
import { askAbout, contextOf, type HubOfHooks, json, publicationPayloadOf } from "./hook.ts";
import { type HubOfNewHomes, mayCallHome } from "./new-homes.ts";
import { done, type OperationRequest, type Outcome } from "./operation.ts";
import type { Publishing } from "./publishing.ts";

/** What `publish` needs of the hub. */
export type HubOfPublish = HubOfHooks &
  HubOfNewHomes & {
    readonly locals: Pick<LocalChannels, "subscriberCount">;
    readonly publishing: Pick<Publishing, "submit">;
    factsOf(channel: string): ChannelFacts;
  };

type PublishRequest = OperationRequest<PublishCommand, Reply>;

const PUBLISHED: Outcome<Reply> = done({ kind: "publish" });

/** `publish`: what the client sent goes to its channel's home, and is answered when it is stored. */
export function publish(hub: HubOfPublish, request: PublishRequest): Promise<void> | undefined {
  const known = optionsForClient(hub.factsOf(request.command.channel));
  if (known.kind !== "known") request.answer(known);
  else if (hub.config.hooks.publish === undefined) publishAllowed(hub, request, known.options);
  else if (mayWait(request)) return askAndPublish(hub, request, known.options);
  return undefined;
}

function publishAllowed(hub: HubOfPublish, request: PublishRequest, options: ChannelOptions): void {
  const { session, command } = request;
  const refusal = mayPublish({
    user: session.state.user,
    isSubscribed: session.subscriptions.has(command.channel),
    options,
    insecure: hub.config.connection.insecure,
  });
  if (refusal) request.answer(failWith(refusal));
  else submit(hub, request, options, {});
}

async function askAndPublish(
  hub: HubOfPublish,
  request: PublishRequest,
  options: ChannelOptions,
): Promise<void> {
  const { session, command } = request;
  const { channel } = command;
  const data = payloadFor(options, command.data);
  if (command.data !== undefined && data === undefined) {
    request.answer(failWith(ERRORS.badRequest));
    return;
  }
  const asked = await askAbout<PublishGrant>(hub, session, {
    hook: "publish",
    ask: () => hub.config.hooks.publish?.({ ...contextOf(session), channel, ...publicationPayloadOf(data) }),
    isUsable: isPublishable,
  });
  if (asked.kind !== "granted") request.answer(asked);
  else if (session.isClosed) return;
  else if (asked.grant === undefined) publishAllowed(hub, request, options);
  else submit(hub, request, options, asked.grant);
}

/** What the hook wants to be published instead. */
function granted({ data }: PublishGrant): PublicationData | undefined {
  return data instanceof Uint8Array ? data.slice() : json(data);
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
  hub: HubOfPublish,
  request: PublishRequest,
  options: ChannelOptions,
  grant: PublishGrant,
): void {
  const { session, command } = request;
  const { channel } = command;
  const checked = checkPublicationData(granted(grant) ?? command.data, options);
  if (checked.kind === "error") {
    request.answer(failWith(checked.error));
    return;
  }
  if (!mayCallHome(hub, request, channel)) return;
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
  session.chargeFanOut(length, hub.locals.subscriberCount(channel));
  const answer = (answer: PublishAnswer) => {
    if ("errorCode" in answer) request.answer(failWith(errorOf(answer.errorCode)));
    else {
      request.answer(PUBLISHED);
      session.chargeFanOut(length, answer.subscribers ?? 0);
    }
    publishes.end(channel);
  };
  const conditions = conditionsOf(grant);
  hub.publishing.submit(
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
