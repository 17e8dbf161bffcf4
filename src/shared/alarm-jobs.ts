/**
 * What a hub has its one alarm for: `ping` pings, `expiry` ends what has run out or never connected, `settle` repeats
 * deliveries that no follower has acknowledged, `trim` deletes what is no longer kept, `vacancies` leaves homes that
 * nobody here listens to, `events` tells the backend, `report` tells the directory, `retry` follows an alarm that failed.
 */
export const HUB_JOBS = [
  "ping",
  "expiry",
  "settle",
  "trim",
  "vacancies",
  "events",
  "report",
  "retry",
] as const;

export type HubJob = (typeof HUB_JOBS)[number];

/**
 * What a room has its one alarm for: `tick` calls the kind's `tick`, `alarm` what `room.setAlarm` has set, and `idle` looks
 * for sockets that have been silent for too long.
 */
export const ROOM_JOBS = ["tick", "alarm", "idle"] as const;

export type RoomJob = (typeof ROOM_JOBS)[number];
