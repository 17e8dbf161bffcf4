import { PREFLIGHT_HEADER, PREFLIGHT_PROTOCOLS_HEADER } from "../websocket/preflight.ts";
import type { Target } from "./connection.ts";
import { isOnGateway } from "./gateway-base.ts";
import { ownGateway } from "./own-gateway.ts";
import { describeRefusal, type Refusal } from "./refusal-words.ts";
import { readRoomUrl } from "./room-url.ts";

/** Stands for any redirect: no handshake follows one, and pages are not told which it was. */
const REDIRECTED = 302;

/**
 * Why the gateway refused a connection. Browsers hide the answer to a failed handshake, so the gateway is asked whether it
 * would accept one. Undefined when the address is not on this page's own gateway, or nothing answers.
 */
export async function askWhyRefused({ url, protocols }: Target): Promise<Refusal | undefined> {
  if (!isOnGateway(ownGateway, url)) return undefined;
  const headers = { [PREFLIGHT_HEADER]: "1", [PREFLIGHT_PROTOCOLS_HEADER]: protocols.join(", ") };
  try {
    const response = await fetch(url.replace(/^ws/, "http"), {
      headers,
      cache: "no-store",
      redirect: "manual",
    });
    const protocol = response.headers.get("Sec-WebSocket-Protocol") ?? "";
    return describeRefusal(readRoomUrl(ownGateway, url)?.kind ?? "", protocols, {
      status: response.type === "opaqueredirect" ? REDIRECTED : response.status,
      protocol,
      body: await response.text(),
    });
  } catch {
    return undefined;
  }
}
