import { MiB } from "./units.ts";

/** Limits of HTTP streams, which the Worker holds for its clients. */
export const HTTP_STREAM_LIMITS = {
  /** Milliseconds that more than `queueSize` may wait for a client that takes nothing of it. */
  slowTime: 5_000,
  /**
   * Bytes that may wait for all streams of one isolate of the Worker together; past that, a client for whom more than its
   * share waits is closed with 3008.
   */
  backpressure: 32 * MiB,
  /** Frames of one stream: an invocation of a Worker has 30 s of CPU by default, and a frame takes about 0.08 ms. */
  frames: 200_000,
  /** Milliseconds of silence after which something is written: what stands between may end a stream that is silent for longer. */
  silence: 45_000,
  /** Characters of the id of an event, which holds the position in each channel; a stream with more of them has no ids. */
  eventId: 4_096,
  /** Milliseconds after which an `EventSource` comes back. */
  retry: 1_000,
} as const;
