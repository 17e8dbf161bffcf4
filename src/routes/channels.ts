import { asHandshake } from "../websocket/preflight.ts";
import type { Asked } from "./asked.ts";
import { refuseAddress } from "./connection-rate.ts";
import { place } from "./placement.ts";
import { refuseUpgrade } from "./upgrade.ts";

/** `GET /connection/websocket`: a session of the channel protocol. */
export async function connectToChannels(asked: Asked): Promise<Response> {
  const request = asHandshake(asked.request);
  const handshake = { ...asked, request };
  const refusal = refuseUpgrade(handshake) ?? (await refuseAddress(handshake));
  return refusal ?? place(handshake, () => new Request(request));
}
