import type { Heartbeat } from "../../src/rooms/handler.ts";

/** Has the runtime answer the heartbeats of a kind, also while the object sleeps. It remembers what it was told last. */
export function setHeartbeat(ctx: DurableObjectState, heartbeat: Heartbeat | undefined): void {
  const set = ctx.getWebSocketAutoResponse();
  if (heartbeat?.request === set?.request && heartbeat?.response === set?.response) return;
  ctx.setWebSocketAutoResponse(
    heartbeat && new WebSocketRequestResponsePair(heartbeat.request, heartbeat.response),
  );
}
