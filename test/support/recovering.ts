import { expect } from "vitest";
import type { HistoryBody, HubClient, Line, SubscribeBody } from "./hub-client.ts";

/** Publishes the numbers from 1 in one frame. */
export async function publishMany(client: HubClient, channel: string, count: number): Promise<void> {
  const ids = client.send(
    ...Array.from({ length: count }, (_, index) => ({ publish: { channel, data: index + 1 } })),
  );
  for (const id of ids) expect((await client.reply(id)).publish).toEqual({});
}

/** Subscribes as a client that was there up to an offset. */
export function recover(
  client: HubClient,
  channel: string,
  offset: number,
  epoch: string,
  more: object = {},
): Promise<Line> {
  return client.request("subscribe", { channel, recover: true, offset, epoch, ...more });
}

export async function epochOf(client: HubClient, channel: string): Promise<string> {
  return (await client.ask<HistoryBody>("history", { channel })).epoch;
}

/** The offsets of what a subscribe has recovered. */
export function offsets({ publications = [] }: SubscribeBody): (number | undefined)[] {
  return publications.map(({ offset }) => offset);
}
