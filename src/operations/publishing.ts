import type { ChannelFacts } from "../channels/channel-facts.ts";
import type { PublishAnswer, Submission } from "../hub-rpc/messages.ts";
import type { Counters } from "../metrics/counters.ts";
import type { Presence } from "../presence/presence.ts";
import { ERRORS } from "../shared/codes.ts";
import type { ConditionalPublisher } from "../streams/conditional-publisher.ts";
import type { Home } from "../streams/home.ts";
import type { LocalChannels } from "../streams/local-channels.ts";
import type { RemoteHomes } from "../streams/remote-homes.ts";

/** What publishing needs of the hub. */
export interface HubOfPublishing {
  readonly name: string;
  readonly home: Pick<Home, "channel" | "submit">;
  readonly homes: Pick<RemoteHomes, "submit">;
  readonly conditional: Pick<ConditionalPublisher, "publish">;
  readonly locals: Pick<LocalChannels, "subscriberCount">;
  readonly presence: Pick<Presence, "noteMember">;
  readonly counters: Pick<Counters, "submissions" | "notePublication">;
  factsOf(channel: string): ChannelFacts;
  /** Asks for a flush. */
  schedule(): void;
}

/** Takes publications, joins and leaves to the homes of their channels. */
export class Publishing {
  readonly #hub: HubOfPublishing;

  constructor(hub: HubOfPublishing) {
    this.#hub = hub;
  }

  /** Submits for a session of this hub, wherever the channel is homed. */
  submit(submission: Submission, answer: (answer: PublishAnswer) => void): void {
    const { name, homes } = this.#hub;
    const { home } = this.#hub.factsOf(submission.channel);
    if (home === name) {
      this.#submitHere(submission, answer);
      return;
    }
    homes.submit(home, submission, answer);
    this.#hub.schedule();
  }

  /** Submits for another hub, as the home of the channel. */
  submitFor(submission: Submission, hub: string): Promise<PublishAnswer> {
    if (submission.kind !== "publication") this.#hub.presence.noteMember(hub, submission);
    return new Promise((resolve) => {
      const subscribers = this.#hub.locals.subscriberCount(submission.channel);
      this.#submitHere(submission, (answer) =>
        resolve("errorCode" in answer || subscribers === 0 ? answer : { ...answer, subscribers }),
      );
      // Nobody waits for a join or a leave.
      if (submission.kind !== "publication") resolve({ offset: 0, epoch: "" });
    });
  }

  #submitHere(submission: Submission, answer: (answer: PublishAnswer) => void): void {
    const { home, counters } = this.#hub;
    const channel = home.channel(submission.channel);
    if (channel === undefined) {
      answer({ errorCode: ERRORS.unknownChannel.code });
      return;
    }
    if (submission.kind === "publication" && submission.conditions) {
      const { publication, skipHistory, conditions } = submission;
      void this.#hub.conditional.publish(channel, { publication, skipHistory, conditions }).then(answer);
      return;
    }
    if (submission.kind === "publication")
      counters.notePublication(this.#hub.factsOf(submission.channel).name.namespace, Date.now());
    else counters.submissions.add(submission.kind);
    home.submit(channel, submission.kind === "publication" ? { ...submission, answer } : submission);
  }
}
