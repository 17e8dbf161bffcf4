import { controlHome } from "../../channels/control.ts";
import { encodePush } from "../../protocol/json/encode-pushes.ts";
import type { Json } from "../../protocol/messages.ts";
import { publicationAsJson, wirePublication } from "../../protocol/wire-publication.ts";
import type { MethodForms } from "../call-forms.ts";
import type { UserCommand } from "../management.ts";
import type { DeliverCall, Delivery, DeliveryAnswer, JoinLeave, Unnumbered } from "../messages.ts";
import { readInfo } from "./infos.ts";

interface WrittenDelivery extends Omit<Delivery, "unnumbered" | "joinLeave"> {
  /** What has no offset, as complete pushes. */
  readonly pushes: readonly { readonly after: number; readonly push: Json }[];
  /** Complete join and leave pushes. */
  readonly events: readonly Json[];
}

interface WrittenCall extends Omit<DeliverCall, "deliveries"> {
  readonly deliveries: readonly WrittenDelivery[];
}

export const deliver: MethodForms<"deliver", WrittenCall, readonly DeliveryAnswer[]> = {
  writeCall: (call) => ({ ...call, deliveries: call.deliveries.map(writeDelivery) }),
  readCall: (call) => ({ ...call, deliveries: call.deliveries.map(readDelivery) }),
  writeAnswer: (answer) => answer,
  readAnswer: (answer) => answer,
};

function writeDelivery({ unnumbered, joinLeave, ...delivery }: Delivery): WrittenDelivery {
  const { channel } = delivery;
  return {
    ...delivery,
    publications: delivery.publications.map(publicationAsJson),
    pushes: unnumbered.map((entry) => ({ after: entry.after, push: writeUnnumbered(channel, entry) })),
    events: joinLeave.map(({ kind, info }) => encodePush({ kind, channel, info })),
  };
}

function readDelivery({ pushes, events, ...delivery }: WrittenDelivery): Delivery {
  const { channel } = delivery;
  return {
    ...delivery,
    unnumbered: pushes.map(({ after, push }) => readUnnumbered(channel, after, push)),
    joinLeave: events.map((push) => readJoinLeave(channel, push)),
  };
}

/** A command travelled as the data of a publication. */
function writeUnnumbered(channel: string, entry: Unnumbered): Json {
  const publication =
    "publication" in entry
      ? entry.publication
      : wirePublication({ data: JSON.stringify(entry.command), info: undefined, tags: undefined }, 0);
  return encodePush({ kind: "publication", channel, publication });
}

function readUnnumbered(channel: string, after: number, push: Json): Unnumbered {
  const publication = inside(push, `${start(channel)}"pub":`, "}}");
  if (controlHome(channel) === undefined) return { after, publication };
  return { after, command: (JSON.parse(publication) as { data: UserCommand }).data };
}

function readJoinLeave(channel: string, push: Json): JoinLeave {
  const kind = push.startsWith(`${start(channel)}"join":`) ? "join" : "leave";
  return { kind, info: readInfo(inside(push, `${start(channel)}"${kind}":{"info":`, "}}}")) };
}

/** Pushes are always written in the same way, so what is in them need not be parsed. */
function inside(push: Json, before: string, after: string): Json {
  if (!push.startsWith(before)) throw new Error("a push is not of the channel that it came with");
  return push.slice(before.length, -after.length);
}

function start(channel: string): string {
  return `{"push":{"channel":${JSON.stringify(channel)},`;
}
