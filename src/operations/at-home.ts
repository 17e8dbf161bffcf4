import type { ChannelFacts } from "../channels/channel-facts.ts";
import { controlChannel } from "../channels/control.ts";
import { hasHistory } from "../channels/namespaces.ts";
import { checkPublicationData } from "../channels/publication-data.ts";
import type { ConnectionConfig } from "../config/connection.ts";
import type { HubRpc } from "../hub-rpc/hub-rpc.ts";
import { resultLength } from "../hub-rpc/lengths.ts";
import type {
  HistoryHomeCommand,
  HomeAnswer,
  HomeResult,
  PublishHomeCommand,
  UserCommand,
} from "../hub-rpc/management.ts";
import type { PublishAnswer } from "../hub-rpc/messages.ts";
import type { Presence, PresenceKind } from "../presence/presence.ts";
import { ERRORS, type ProtocolError } from "../shared/codes.ts";
import { withTimeout } from "../shared/timeout.ts";
import type { Allotment } from "../streams/allotment.ts";
import type { ConditionalPublisher } from "../streams/conditional-publisher.ts";
import type { Home } from "../streams/home.ts";
import { type HomeOfReads, historyOf } from "../streams/home-reads.ts";
import { Receipts } from "../streams/receipts.ts";
import type { StreamStore } from "../streams/stream-store.ts";
import { optionsOf } from "./channel-options.ts";

/** What the server API asks of channels needs of their home. Nobody is asked for permission: the key was. */
export interface HubOfHomeOperations {
  readonly name: string;
  readonly config: { readonly connection: ConnectionConfig };
  /** Milliseconds after which a call to another hub is given up. */
  readonly callTimeout: number;
  readonly home: HomeOfReads & Pick<Home, "submit">;
  readonly conditional: Pick<ConditionalPublisher, "publish">;
  readonly presence: Pick<Presence, "ask" | "turn">;
  readonly store: Pick<StreamStore, "transaction" | "saveStream" | "trim">;
  factsOf(channel: string): ChannelFacts;
  /** The hubs that follow a channel that is homed here. */
  followersOf(channel: string): Iterable<string>;
  stubOf(hub: string): Pick<HubRpc, "userConnections">;
}

/** What the commands of one call may still publish and answer together. */
export interface Budget {
  readonly published: Allotment;
  readonly answered: Allotment;
}

/** Publishes to one of the channels of a command. What can be queued is queued before this returns. */
export async function publishAtHome(
  hub: HubOfHomeOperations,
  name: string,
  command: PublishHomeCommand,
  { published }: Budget,
): Promise<HomeAnswer> {
  const facts = hub.factsOf(name);
  const known = optionsOf(facts);
  if (known.kind === "error") return failed(known.error);
  const channel = hub.home.channel(name);
  if (channel === undefined) return failed(ERRORS.unknownChannel);
  if (facts.home !== hub.name) throw new Error("the channel is not homed here");
  const checked = checkPublicationData(command.data, known.options);
  if (checked.kind === "error") return failed(checked.error);
  if (published.isUsedUp) return failed(ERRORS.tooManyRequests);
  published.use(checked.data.length);
  const publication = { data: checked.data, info: undefined, tags: command.tags };
  const { skipHistory } = command;
  const answer = await hub.conditional.publish(channel, { publication, skipHistory, conditions: command });
  if ("errorCode" in answer) return answer;
  return { kind: "published", offset: answer.offset, epoch: answer.epoch };
}

export async function presenceAtHome(
  hub: HubOfHomeOperations,
  kind: PresenceKind,
  channel: string,
  { answered }: Budget,
): Promise<HomeAnswer> {
  const refusal = refusalOf(hub, channel, "presence");
  if (refusal) return refusal;
  const answer = await hub.presence.ask(kind, channel, hub.name, hub.presence.turn);
  if (answered.isUsedUp) return failed(ERRORS.tooManyRequests);
  return "errorCode" in answer ? answer : charged(answered, answer);
}

export function historyAtHome(
  hub: HubOfHomeOperations,
  command: HistoryHomeCommand,
  { answered }: Budget,
): HomeAnswer {
  const refusal = refusalOf(hub, command.channel, "history");
  if (refusal) return refusal;
  if (answered.isUsedUp) return failed(ERRORS.tooManyRequests);
  const answer = historyOf(hub.home, command, hub.config.connection);
  if ("errorCode" in answer) return answer;
  const { publications, offset, epoch } = answer;
  return charged(answered, { kind: "history", publications, offset, epoch });
}

/** The position of the stream stays: it must be written, because the top is known from the newest row alone. */
export function removeHistory(hub: HubOfHomeOperations, name: string): HomeAnswer {
  const refusal = refusalOf(hub, name, "history");
  if (refusal) return refusal;
  const channel = hub.home.channel(name);
  if (channel && channel.top > 0) {
    hub.store.transaction(() => {
      hub.store.saveStream(name, channel);
      hub.store.trim(name, channel.top, 0);
    });
  }
  return { kind: "done" };
}

/** Why nothing can be done to a user here. */
export function whyNoUser(hub: HubOfHomeOperations, user: string): HomeAnswer | undefined {
  if (!hub.config.connection.userCommands) return failed(ERRORS.notAvailable);
  if (hub.factsOf(controlChannel(user)).home !== hub.name) throw new Error("the user is not homed here");
  return undefined;
}

/** Tells every hub that holds connections of the user's shard, and answers when all of them have carried it out. */
export async function tellUser(hub: HubOfHomeOperations, command: UserCommand): Promise<HomeAnswer> {
  const refusal = whyNoUser(hub, command.user);
  if (refusal) return refusal;
  const channel = hub.home.channel(controlChannel(command.user));
  if (channel === undefined) throw new Error("the control home has no control channel");
  if ("channel" in command && command.channel !== "") {
    const known = optionsOf(hub.factsOf(command.channel));
    if (known.kind === "error") return failed(known.error);
  }
  const receipts = new Receipts();
  const answer = await new Promise<PublishAnswer>((answer) => {
    hub.home.submit(channel, { kind: "command", command, receipts, answer });
  });
  if ("errorCode" in answer) return answer;
  const isCarriedOut = await withTimeout(receipts.areComplete(), hub.callTimeout);
  return isCarriedOut ? { kind: "done" } : failed(ERRORS.internal);
}

/** Why what needs presence or a history cannot be had of a channel. */
function refusalOf(
  hub: HubOfHomeOperations,
  channel: string,
  needed: "presence" | "history",
): HomeAnswer | undefined {
  const facts = hub.factsOf(channel);
  const known = optionsOf(facts);
  if (known.kind === "error") return failed(known.error);
  const isOn = needed === "presence" ? known.options.presence : hasHistory(known.options);
  if (!isOn) return failed(ERRORS.notAvailable);
  if (facts.home !== hub.name) throw new Error("the channel is not homed here");
  return undefined;
}

/** The result, charged to what the commands of one call may answer. */
export function charged(answered: Allotment, result: HomeResult): HomeAnswer {
  answered.use(resultLength(result));
  return result;
}

function failed({ code }: ProtocolError): HomeAnswer {
  return { errorCode: code };
}
