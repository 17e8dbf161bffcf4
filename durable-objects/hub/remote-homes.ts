import { ERRORS } from "../../src/codes.ts";
import { logFailure } from "../../src/log.ts";
import {
  CALL_VERSION,
  type FollowAnswer,
  type FollowRequest,
  type PublishAnswer,
  type Submission,
} from "./calls.ts";
import type { HubStub } from "./hub-stub.ts";
import { withTimeout } from "./timeout.ts";

/** Something to publish at another hub, and who waits for the answer. */
interface Waiting {
  readonly submission: Submission;
  readonly answer: (answer: PublishAnswer) => void;
}

interface Follow {
  readonly request: FollowRequest;
  readonly resolve: (answer: FollowAnswer) => void;
  readonly reject: (failure: unknown) => void;
}

class RemoteHome {
  follows: Follow[] = [];
  waiting: Waiting[] = [];
  isPublishing = false;
}

/** The homes of channels that live elsewhere: calls are collected, so that one call serves many commands. */
export class RemoteHomes {
  readonly #hub: string;
  readonly #stubOf: (hub: string) => HubStub;
  readonly #homes = new Map<string, RemoteHome>();
  #calls = 0;

  constructor(hub: string, stubOf: (hub: string) => HubStub) {
    this.#hub = hub;
    this.#stubOf = stubOf;
  }

  /** Calls made since the object woke. */
  get calls(): number {
    return this.#calls;
  }

  /** Registers with a home. The requests of one turn to one home travel together. */
  follow(home: string, request: FollowRequest): Promise<FollowAnswer> {
    return new Promise((resolve, reject) => {
      const remote = this.#home(home);
      remote.follows.push({ request, resolve, reject });
      if (remote.follows.length === 1) queueMicrotask(() => void this.#sendFollows(home, remote));
    });
  }

  /** Queues a submission. It leaves with `flush`, or with the next call when one is under way. */
  submit(home: string, submission: Submission, answer: (answer: PublishAnswer) => void): void {
    this.#home(home).waiting.push({ submission, answer });
  }

  /** Sends what is queued to every home that has no call under way. */
  flush(): void {
    for (const [home, remote] of this.#homes) {
      if (remote.waiting.length > 0 && !remote.isPublishing) void this.#publish(home, remote);
      else if (remote.waiting.length === 0 && remote.follows.length === 0 && !remote.isPublishing)
        this.#homes.delete(home);
    }
  }

  #home(home: string): RemoteHome {
    const remote = this.#homes.get(home) ?? new RemoteHome();
    this.#homes.set(home, remote);
    return remote;
  }

  async #sendFollows(home: string, remote: RemoteHome): Promise<void> {
    const follows = remote.follows;
    remote.follows = [];
    this.#calls += 1;
    try {
      const call = { version: CALL_VERSION, hub: this.#hub, requests: follows.map(({ request }) => request) };
      const answers = await withTimeout(this.#stubOf(home).follow(call));
      follows.forEach(({ resolve, reject }, index) => {
        const answer = answers[index];
        if (answer) resolve(answer);
        else reject(new Error("the home does not know the channel"));
      });
    } catch (failure) {
      for (const { reject } of follows) reject(failure);
    }
  }

  /** A call without an answer is not repeated: it may have been carried out. */
  async #publish(home: string, remote: RemoteHome): Promise<void> {
    remote.isPublishing = true;
    while (remote.waiting.length > 0) {
      const waiting = remote.waiting;
      remote.waiting = [];
      this.#calls += 1;
      let answers: readonly PublishAnswer[] = [];
      try {
        const call = { version: CALL_VERSION, submissions: waiting.map(({ submission }) => submission) };
        answers = await withTimeout(this.#stubOf(home).publish(call));
      } catch (failure) {
        logFailure("hub.publish_failed", failure, { home });
      }
      waiting.forEach(({ answer }, index) => {
        answer(answers[index] ?? { errorCode: ERRORS.internal.code });
      });
    }
    remote.isPublishing = false;
  }
}
