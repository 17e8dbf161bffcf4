/** What a hub has done since it woke, as `peers/workers/channels.ts` counts it. */
export interface HubCounts {
  readonly rows: number;
  readonly transactions: number;
  readonly calls: number;
}

export async function readCounts(port: number, hub: string): Promise<HubCounts> {
  const response = await fetch(`http://127.0.0.1:${port}/counts/${encodeURIComponent(hub)}`);
  return (await response.json()) as HubCounts;
}
