/** A mistake that somebody might make: a text of a file, and what stands in its place then. */
export interface Fault {
  readonly name: string;
  readonly file: string;
  /** Stands in the file exactly once. */
  readonly find: string;
  readonly replace: string;
  /** Why the simulation does not find it, where it does not. */
  readonly unfound?: string;
}

/** The file with the fault in it. */
export function planted({ name, find, replace }: Fault, text: string): string {
  const parts = text.split(find);
  if (parts.length !== 2) throw new Error(`${name}: its text stands there ${parts.length - 1} times`);
  return parts.join(replace);
}

/** Each of them is found by the simulation: `npm run simulate -- --faults`. */
export const FAULTS: readonly Fault[] = [
  {
    name: "a follower counts as up to date whatever it answers",
    file: "src/streams/deliveries.ts",
    find: "follower.acknowledged = Math.min(answer.offset, channel.top);",
    replace: "follower.acknowledged = channel.top;",
  },
  {
    name: "what is delivered again is handed out again",
    file: "src/streams/follower.ts",
    find: "publications: runAfter(run, channel.offset) };",
    replace: "publications: run.publications };",
  },
  {
    name: "a position that the home does not know is believed",
    file: "src/streams/follower.ts",
    find: 'if (!isVouched) return channel.opening > 0 ? "unknown" : "lost";',
    replace: "",
  },
  {
    name: "a session is let in that is not where all others are",
    file: "src/streams/follower.ts",
    find: "if (!isLevel) throw new OpeningOverflow(channel.name);",
    replace: "",
  },
  {
    name: "publications that are gone are passed over",
    file: "src/streams/follower.ts",
    find: "(delivery.lost && channel.offset < previous)",
    replace: "false",
  },
  {
    name: "what was held for a subscription is not applied",
    file: "src/streams/follower.ts",
    find: "for (const run of held) this.#apply(channel, run);",
    replace: "",
  },
  {
    name: "sessions that slept are taken to be where the stream is",
    file: "src/streams/follower.ts",
    find: "channel.offset = this.#hub.locals.has(channel.name) ? answer.vouched : answer.offset;",
    replace: "channel.offset = answer.offset;",
  },
  {
    name: "the home is believed in a call that it has given up",
    file: "src/streams/follower.ts",
    find: "delivery.vouched && !isGivenUp",
    replace: "delivery.vouched",
  },
  {
    name: "a call that comes again is not told from a new one",
    file: "src/streams/follower.ts",
    find: "const isRepeat = isOld ||",
    replace: "const isRepeat =",
  },
  {
    name: "a late call that was slept over is taken for a new one",
    file: "src/streams/follower.ts",
    find: " || sentAt < call.since",
    replace: "",
    unfound:
      "Rarer than once in a thousand seeds: two late calls come one after the other to a hub that has slept over both. A unit test of the follower has it.",
  },
  {
    name: "a call of a home that was reset since is taken for a new one",
    file: "src/streams/follower.ts",
    find: "return sentAt < last.sentAt && takenAt - last.takenAt <= this.#hub.callTimeout;",
    replace: "return false;",
  },
  {
    name: "what was sent is not noted",
    file: "src/streams/deliveries.ts",
    find: "follower.sent = Math.max(follower.sent, run ? acknowledged + publications.length : channel.top);",
    replace: "",
  },
  {
    name: "what a registration brings is not noted as sent",
    file: "src/streams/registry.ts",
    find: "follower.sent = channel.top;",
    replace: "",
    unfound: "The next delivery notes it, and comes before a hub may sleep: a call is given up before.",
  },
  {
    name: "nobody ends whatever registration there is",
    file: "src/streams/deliveries.ts",
    find: "if (answer.nobody && follower.generation === answer.generation)",
    replace: "if (answer.nobody)",
  },
  {
    name: "a home that wakes takes followers to be up to date",
    file: "src/streams/stored-channel.ts",
    find: "newFollower(generation, unsettled - 1, top)",
    replace: "newFollower(generation, top, top)",
  },
  {
    name: "a channel is never unsettled",
    file: "src/streams/home.ts",
    find: "unsettled: before.unsettled ?? (followers.size > 0 ? firstUnsettled(channel, run.first) : undefined),",
    replace: "unsettled: before.unsettled,",
  },
  {
    name: "a channel is settled before all have everything",
    file: "src/streams/unsettled-channels.ts",
    find: "if (channel.isAcknowledged) this.#noteAcknowledged(channel);",
    replace: "if (channel.top >= 0) this.#noteAcknowledged(channel);",
  },
  {
    name: "a follower that is still behind is not called again",
    file: "src/streams/deliveries.ts",
    find: "if (isMoving && follower.acknowledged < channel.top) link.channels.add(channel);",
    replace: "",
  },
  {
    name: "what a registration answers is not applied",
    file: "src/streams/follower.ts",
    find: "if (answer.missed) this.#apply(channel, answer.missed);",
    replace: "",
    unfound:
      "The session is refused with a temporary error and comes again; the next delivery brings what is missing.",
  },
  {
    name: "what came meanwhile is not told to who subscribes",
    file: "src/streams/followed-channel.ts",
    find: "for (const publication of runAfter(run, offset + publications.length)) publications.push(publication);",
    replace: "",
  },
  {
    name: "a channel that was left is remembered",
    file: "src/streams/follower.ts",
    find: "    this.#channels.delete(name);\n    return { channel: name, generation: channel?.generation };",
    replace: "    return { channel: name, generation: channel?.generation };",
  },
  {
    name: "a subscription that is being set up counts for nobody when leaving",
    file: "src/streams/follower.ts",
    find: "if (this.#hub.locals.has(name) || (channel && channel.opening > 0)) return undefined;",
    replace: "if (this.#hub.locals.has(name)) return undefined;",
  },
  {
    name: "sessions count for nobody when leaving",
    file: "src/streams/follower.ts",
    find: "if (this.#hub.locals.has(name) || (channel && channel.opening > 0)) return undefined;",
    replace: "if (channel && channel.opening > 0) return undefined;",
  },
  {
    name: "an unfollow ends any registration",
    file: "src/streams/registry.ts",
    find: "if (follower.generation === generation) this.#deliveries.forget(channel, hub);",
    replace: "if (follower.generation >= 0) this.#deliveries.forget(channel, hub);",
  },
  {
    name: "an unfollow without a generation is believed",
    file: "src/streams/registry.ts",
    find: "if (follower.generation === generation) this.#deliveries.forget(channel, hub);",
    replace:
      "if (generation === undefined || follower.generation === generation) this.#deliveries.forget(channel, hub);",
  },
  {
    name: "the epoch of an empty stream is not read from its followers",
    file: "src/streams/stored-channel.ts",
    find: 'followers.find(({ epoch }) => epoch !== "")?.epoch ?? ""',
    replace: '""',
  },
  {
    name: "streams with publications are released",
    file: "src/streams/retention.ts",
    find: "const isEmpty = top === 0 && store.oldestTime(name) === undefined;",
    replace: "const isEmpty = true;",
  },
  {
    name: "sessions at the home hold no empty stream",
    file: "src/streams/home.ts",
    find: "if (channel.hasHistory && !channel.isStored) this.#use(channel, channel.epoch, now);",
    replace: "",
  },
  {
    name: "an empty stream with sessions at the home is for nobody",
    file: "src/streams/retention.ts",
    find: " && !this.#hub.locals.has(channel);",
    replace: ";",
    unfound:
      "Whether anybody is there is looked up again before anything is deleted: here it costs a look too many.",
  },
  {
    name: "an empty stream with followers is for nobody",
    file: "src/streams/retention.ts",
    find: "!isFollowed && ",
    replace: "",
    unfound:
      "Whether anybody is there is looked up again before anything is deleted: here it costs a look too many.",
  },
  {
    name: "a released stream counts as stored",
    file: "src/streams/retention.ts",
    find: "    channel.isStored = false;\n",
    replace: "",
  },
  {
    name: "an alarm does not deliver again",
    file: "src/streams/unsettled-channels.ts",
    find: "else this.#hub.deliveries.catchUp(channel);",
    replace: "",
  },
  {
    name: "a failed delivery is forgotten",
    file: "src/streams/deliveries.ts",
    find: "for (const channel of failed) link.channels.add(channel);",
    replace: "",
    unfound: "The alarm delivers again; only a publication before it would have done so sooner.",
  },
  {
    name: "publications overtake what has no offset and does not fit",
    file: "src/streams/deliveries.ts",
    find: "firstOfRun(run ?? GONE, fitting.publications)",
    replace: "(run ?? GONE)",
  },
  {
    name: "what has no offset is sent after what was published later",
    file: "src/streams/publication-run.ts",
    find: "next && next.after < first + index;",
    replace: "next && next.after + 1 < first + index;",
  },
  {
    name: "what did not fit is not sent in another call",
    file: "src/streams/deliveries.ts",
    find: "if (!isAll) link.channels.add(channel);",
    replace: "",
  },
  {
    name: "only the first part of join and leave events is sent",
    file: "src/streams/deliveries.ts",
    find: "waiting.splice(0, countWithin(waiting, room, joinLeaveLength))",
    replace: "waiting.splice(0).slice(0, countWithin(waiting, room, joinLeaveLength))",
  },
  {
    name: "a stream expires while somebody is subscribed",
    file: "src/streams/retention.ts",
    find: "if (!locals.has(channel.name) && channel.followers.size === 0) {",
    replace: "if (channel.followers.size >= 0) {",
  },
  {
    name: "the top of a stream goes with its last publications",
    file: "src/streams/retention.ts",
    find: "      store.saveStream(name, channel);\n      store.trim",
    replace: "      store.trim",
  },
  {
    name: "what is published in a failed transaction is believed",
    file: "src/streams/home.ts",
    find: "for (const tick of ticks) refuse(tick);",
    replace: "for (const tick of ticks) acknowledge(tick);",
  },
  {
    name: "publishers are answered with the wrong offsets",
    file: "src/streams/home-channel.ts",
    find: "if (isNumbered(channel, entry)) offset += 1;",
    replace: "",
  },
  {
    name: "registrations are not stored",
    file: "src/streams/home.ts",
    find: "this.#hub.store.saveFollower(name, { hub, generation, epoch, used: now });",
    replace: "",
  },
  {
    name: "a follower that vanished is never asked",
    file: "src/streams/retention.ts",
    find: "deliveries.ask(channel);",
    replace: "",
  },
  {
    name: "homes are not told when nobody is there any more",
    file: "src/streams/vacancies.ts",
    find: "if (registration) ended.push(registration);",
    replace: "",
  },
  {
    name: "publishers are answered in another order",
    file: "src/streams/remote-homes.ts",
    find: "answer(answers[index] ?? { errorCode: ERRORS.internal.code });",
    replace: "answer(answers[answers.length - 1 - index] ?? { errorCode: ERRORS.internal.code });",
  },
  {
    name: "publications of another hub are published again",
    file: "src/streams/remote-homes.ts",
    find: "return remote.waiting.splice(0, count);",
    replace: "return remote.waiting.slice(0, count);",
  },
  {
    name: "a recovery is answered without the first publication",
    file: "src/streams/home-reads.ts",
    find: "{ after: read.offset, limit: read.limit, length }",
    replace: "{ after: read.offset + 1, limit: read.limit, length }",
  },
  {
    name: "a trimmed history is not told from a whole one",
    file: "src/streams/publication-run.ts",
    find: "if (start < 0 || start >= publications.length) return [];",
    replace: "if (start >= publications.length) return [];",
  },
  {
    name: "rows are cut in the wrong place",
    file: "durable-objects/hub/storage/history-rows.ts",
    find: "rows.push({ start, publications: publications.slice(start, index) });",
    replace: "rows.push({ start, publications: publications.slice(start, index + 1) });",
  },
  {
    name: "too much is trimmed",
    file: "durable-objects/hub/storage/stream-store.ts",
    find: '"DELETE FROM history WHERE channel = ? AND (last <= ? OR time <= ?)"',
    replace: '"DELETE FROM history WHERE channel = ? AND (first <= ? OR time <= ?)"',
  },
];
