import type { RoomHandler } from "poorwill/rooms";

const MINUTE = 60_000;

/** A poll: everybody has one vote, and a minute after the first voter came everybody gets the result. */
export const poll: RoomHandler<{ name: string }> = {
  upgrade(request) {
    const name = new URL(request.url).searchParams.get("name");
    return name ? { name } : new Response("who are you?", { status: 401 });
  },

  open(ws, room) {
    ws.subscribe("result");
    if (room.getAlarm() === undefined) room.setAlarm(Date.now() + MINUTE);
  },

  message(ws, vote, room) {
    room.storage.kv.put(`vote:${ws.data.name}`, String(vote));
    ws.send("counted");
  },

  async alarm(room) {
    const counts: Record<string, number> = {};
    for (const [, vote] of room.storage.kv.list<string>({ prefix: "vote:" }))
      counts[vote] = (counts[vote] ?? 0) + 1;
    room.publish("result", JSON.stringify(counts));
    await room.storage.deleteAll();
  },
};
