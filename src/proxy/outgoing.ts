import { WorkerEntrypoint } from "cloudflare:workers";

/**
 * Sends the requests of objects. The runtime lets one object wait for six responses at a time, all its sessions
 * together, and queues the seventh: six slow answers would hold up everybody. A Worker has six for each request.
 */
export class Outgoing extends WorkerEntrypoint {
  override fetch(request: Request): Promise<Response> {
    return fetch(request);
  }
}
