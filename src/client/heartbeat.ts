/** The button that sends the heartbeat of a room's kind, where it has one. */

import { byId } from "./dom.ts";
import { gatewayFacts } from "./gateway-facts.ts";
import { ownGateway } from "./own-gateway.ts";
import { readRoomUrl } from "./room-url.ts";

const button = byId("heartbeat", HTMLButtonElement);
let heartbeat: string | undefined;
let openUrl: string | undefined;

export function bindHeartbeat(send: (text: string) => void): void {
  button.addEventListener("click", () => {
    if (heartbeat !== undefined) send(heartbeat);
  });
}

/** Offers the heartbeat of the room at the URL of the open connection; undefined while there is none. */
export function offerHeartbeat(url: string | undefined): void {
  openUrl = url;
  show(undefined);
  const room = url === undefined ? undefined : readRoomUrl(ownGateway, url);
  if (room === undefined) return;
  void gatewayFacts.then((facts) => {
    if (openUrl === url) show(facts?.kinds.find(({ name }) => name === room.kind)?.heartbeat);
  });
}

function show(request: string | undefined): void {
  heartbeat = request;
  button.hidden = request === undefined;
  button.title =
    request === undefined ? "" : `Sends “${request}”, which the gateway answers without waking the room`;
}
