import { RECORDER_LIMITS, REPORT_LIMITS } from "../shared/limits.ts";
import { type LogFields, logEvent } from "../shared/log.ts";
import { payloadBytes } from "../shared/payload-size.ts";
import { TokenBucket } from "../shared/token-bucket.ts";
import type { Recorder, Story, Trail } from "./recorder.ts";

/** A few at once, for hubs that lose several clients in one moment, and then one now and then. */
const RATE = { perSecond: 1000 / REPORT_LIMITS.refusalInterval, burst: RECORDER_LIMITS.stories };

/** Logs the stories of clients that ended badly, each as one line; not all of them where they come in crowds. */
export class StoryLog {
  readonly #event: string;
  readonly #codes: ReadonlySet<number>;
  readonly #bucket: TokenBucket;
  #untold = 0;

  /** `codes` are the close codes after which a story is told, `now` is in milliseconds. */
  constructor(event: string, codes: ReadonlySet<number>, now: number) {
    this.#event = event;
    this.#codes = codes;
    this.#bucket = new TokenBucket(RATE, now);
  }

  /** Tells the story of a client whose connection has ended with `code`. */
  note<Client>(recorder: Recorder<Client>, trail: Trail<Client>, code: number, fields: LogFields): void {
    if (!this.#codes.has(code)) return;
    if (!this.#bucket.take(Date.now())) {
      this.#untold += 1;
      return;
    }
    logEvent(this.#event, { ...fields, code, untold: this.#untold, ...tell(recorder, trail) });
    this.#untold = 0;
  }
}

/** As many of the newest events as fit into a log line. */
function tell<Client>(recorder: Recorder<Client>, trail: Trail<Client>): Story {
  let size = 0;
  return recorder.story(trail, (event) => {
    size += payloadBytes(JSON.stringify(event)) + 1;
    return size <= RECORDER_LIMITS.storySize;
  });
}
