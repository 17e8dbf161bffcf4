import type { HubCore } from "../../durable-objects/hub/core.ts";
import type { PublishAnswer, Submission } from "../hub-rpc/messages.ts";
import { ERRORS } from "../shared/codes.ts";

/** Brings publications, and word of members, to the homes of their channels. */
export class Publishing {
  readonly #core: HubCore;

  constructor(core: HubCore) {
    this.#core = core;
  }

  /** Submits for a session of this hub, wherever the channel is homed. */
  submit(submission: Submission, answer: (answer: PublishAnswer) => void): void {
    const { name, homes } = this.#core;
    const { home } = this.#core.factsOf(submission.channel);
    if (home === name) {
      this.#submitHere(submission, answer);
      return;
    }
    homes.submit(home, submission, answer);
    this.#core.schedule();
  }

  /** Submits for another hub, as the home of the channel. */
  submitFor(submission: Submission, hub: string | undefined): Promise<PublishAnswer> {
    if (hub !== undefined && submission.kind !== "publication")
      this.#core.presence.noteMember(hub, submission);
    return new Promise((resolve) => {
      const subscribers = this.#core.locals.subscriberCount(submission.channel);
      this.#submitHere(submission, (answer) =>
        resolve("errorCode" in answer || subscribers === 0 ? answer : { ...answer, subscribers }),
      );
      // Nobody waits for word of a member.
      if (submission.kind !== "publication") resolve({ offset: 0, epoch: "" });
    });
  }

  #submitHere(submission: Submission, answer: (answer: PublishAnswer) => void): void {
    const { home, counters } = this.#core;
    const channel = home.channel(submission.channel);
    if (channel === undefined) {
      answer({ errorCode: ERRORS.unknownChannel.code });
      return;
    }
    if (submission.kind === "publication" && submission.conditions) {
      const { publication, skipHistory, conditions } = submission;
      void this.#core.conditional.publish(channel, { publication, skipHistory, conditions }).then(answer);
      return;
    }
    counters.submissions.add(submission.kind);
    home.submit(channel, submission.kind === "publication" ? { ...submission, answer } : submission);
  }
}
