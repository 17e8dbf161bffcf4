import type { HubRpc } from "../hub-rpc/hub-rpc.ts";
import { submissionLength } from "../hub-rpc/lengths.ts";
import type {
  FollowAnswer,
  FollowRequest,
  HistoryAnswer,
  HistoryCall,
  PublishAnswer,
  Submission,
} from "../hub-rpc/messages.ts";
import { ERRORS } from "../shared/codes.ts";
import { HUB_LIMITS } from "../shared/limits.ts";
import { logFailure } from "../shared/log.ts";
import { SharedCalls } from "../shared/shared-calls.ts";

/** What is needed of the hub that calls. */
export interface HubOfRemoteHomes {
  readonly name: string;
  stubOf(hub: string): HubRpc;
  /** Asks for a flush. */
  schedule(): void;
}

/** Something to publish at another hub, and who waits for the answer. */
interface Waiting {
  readonly submission: Submission;
  /** In characters. */
  readonly length: number;
  readonly answer: (answer: PublishAnswer) => void;
}

interface Follow {
  readonly request: FollowRequest;
  readonly resolve: (answer: FollowAnswer) => void;
  readonly reject: (failure: unknown) => void;
}

class RemoteHome {
  readonly follows: Follow[] = [];
  waiting: Waiting[] = [];
  /** Characters of what waits. */
  waitingLength = 0;
  isPublishing = false;
  isFollowing = false;

  get isIdle(): boolean {
    return this.waiting.length === 0 && !this.isPublishing && !this.isFollowing;
  }
}

/** The homes of channels that live elsewhere: calls are collected, so that one call serves many commands. */
export class RemoteHomes {
  readonly #hub: HubOfRemoteHomes;
  readonly #homes = new Map<string, RemoteHome>();
  readonly #following = new Map<string, Promise<FollowAnswer>>();
  readonly #histories = new SharedCalls<HistoryAnswer>();
  #calls = 0;
  /** Characters of what waits or is under way, to all homes. */
  #length = 0;

  constructor(hub: HubOfRemoteHomes) {
    this.#hub = hub;
  }

  /** Calls made since the object woke. */
  get calls(): number {
    return this.#calls;
  }

  /** Registers with a home. The requests of one turn to one home travel together, and the same one only once. */
  follow(home: string, request: FollowRequest): Promise<FollowAnswer> {
    const question = JSON.stringify([home, request]);
    const asked = this.#following.get(question);
    if (asked) return asked;
    const answer = this.#ask(home, request).finally(() => this.#following.delete(question));
    this.#following.set(question, answer);
    return answer;
  }

  /** Reads stored publications. The same question is asked once at a time. */
  history(home: string, call: HistoryCall): Promise<HistoryAnswer> {
    return this.#histories.ask(JSON.stringify([home, call]), () => {
      this.#calls += 1;
      return this.#hub.stubOf(home).history(call);
    });
  }

  /** Queues a submission. It leaves with `flush`, once no other call to its home is under way. */
  submit(home: string, submission: Submission, answer: (answer: PublishAnswer) => void): void {
    const remote = this.#home(home);
    const length = submissionLength(submission);
    // Word of members is never refused: it is short, and there is one of each subscription.
    if (submission.kind === "publication" && !this.#hasSpace(remote, length)) {
      answer({ errorCode: ERRORS.tooManyRequests.code });
      return;
    }
    this.#length += length;
    remote.waitingLength += length;
    remote.waiting.push({ submission, length, answer });
  }

  /** Sends what is queued to every home that has no call under way. */
  flush(): void {
    for (const [home, remote] of this.#homes) {
      if (remote.waiting.length > 0 && !remote.isPublishing) void this.#publish(home, remote);
      else if (remote.isIdle) this.#homes.delete(home);
    }
  }

  #hasSpace(remote: RemoteHome, length: number): boolean {
    const { submissionsLength, allSubmissionsLength } = HUB_LIMITS;
    return (
      remote.waitingLength + length <= submissionsLength && this.#length + length <= allSubmissionsLength
    );
  }

  #home(home: string): RemoteHome {
    const remote = this.#homes.get(home) ?? new RemoteHome();
    this.#homes.set(home, remote);
    return remote;
  }

  #ask(home: string, request: FollowRequest): Promise<FollowAnswer> {
    return new Promise((resolve, reject) => {
      const remote = this.#home(home);
      remote.follows.push({ request, resolve, reject });
      if (remote.isFollowing) return;
      remote.isFollowing = true;
      queueMicrotask(() => void this.#sendFollows(home, remote));
    });
  }

  /** One call at a time: what comes meanwhile rides in the next, or each frame of a client would be a call and a commit. */
  async #sendFollows(home: string, remote: RemoteHome): Promise<void> {
    while (remote.follows.length > 0) await this.#followAll(home, remote.follows.splice(0));
    remote.isFollowing = false;
  }

  async #followAll(home: string, wanted: readonly Follow[]): Promise<void> {
    let follows = wanted;
    try {
      // What the home had no room to answer is asked again.
      while (follows.length > 0) follows = follows.slice(await this.#callFollow(home, follows));
    } catch (failure) {
      for (const { reject } of follows) reject(failure);
    }
  }

  /** Makes one call. Returns how many requests were answered. */
  async #callFollow(home: string, follows: readonly Follow[]): Promise<number> {
    this.#calls += 1;
    const call = { hub: this.#hub.name, requests: follows.map(({ request }) => request) };
    const answers = await this.#hub.stubOf(home).follow(call);
    if (answers.length === 0) throw new Error("the home has answered nothing");
    answers.forEach((answer, index) => {
      if (answer) follows[index]?.resolve(answer);
      else follows[index]?.reject(new Error("the home does not know the channel"));
    });
    return answers.length;
  }

  /** Takes from the queue what fits into one call. */
  #takeFitting(remote: RemoteHome): Waiting[] {
    let room = HUB_LIMITS.callLength;
    let count = 0;
    for (const { length } of remote.waiting) {
      if (count > 0 && length > room) break;
      room -= length;
      count += 1;
    }
    remote.waitingLength -= HUB_LIMITS.callLength - room;
    return remote.waiting.splice(0, count);
  }

  /**
   * Makes one call. What comes meanwhile leaves with a flush: a call for whatever is there when the answer comes would be
   * one for each few publications of a burst. A call without an answer is not repeated: it may have been carried out.
   */
  async #publish(home: string, remote: RemoteHome): Promise<void> {
    remote.isPublishing = true;
    const waiting = this.#takeFitting(remote);
    this.#calls += 1;
    let answers: readonly PublishAnswer[] = [];
    try {
      const call = { hub: this.#hub.name, submissions: waiting.map(({ submission }) => submission) };
      answers = await this.#hub.stubOf(home).publish(call);
    } catch (failure) {
      logFailure("hub.publish_failed", failure, { home });
    }
    waiting.forEach(({ length, answer }, index) => {
      this.#length -= length;
      answer(answers[index] ?? { errorCode: ERRORS.internal.code });
    });
    remote.isPublishing = false;
    if (remote.waiting.length > 0) this.#hub.schedule();
  }
}
