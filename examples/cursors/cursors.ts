import type { Message, RoomHandler } from "poorwill/rooms";

/** Where a pointer is, as parts of the page's width and height: 0 to 1. */
interface Position {
  readonly x: number;
  readonly y: number;
}

/** A room in which everybody sees everybody's pointer. It stores nothing: a position is as old as its last move. */
export const cursors: RoomHandler<{ at?: Position }> = {
  maxPayloadLength: 100,
  rateLimit: { perSecond: 60, burst: 120 },

  upgrade: () => ({}),

  open(ws, room) {
    ws.subscribe("moves");
    for (const { id, data } of room.sockets) if (data.at) ws.send(JSON.stringify({ id, ...data.at }));
  },

  message(ws, message) {
    const at = positionIn(message);
    if (at === undefined) return;
    ws.data.at = at;
    ws.publish("moves", JSON.stringify({ id: ws.id, ...at }));
  },

  close(ws, _code, _reason, room) {
    room.publish("moves", JSON.stringify({ id: ws.id, left: true }));
  },
};

/** What a stranger sends is passed on only if it is a position. */
function positionIn(message: Message): Position | undefined {
  try {
    const { x, y } = JSON.parse(String(message)) as Partial<Position>;
    return isPart(x) && isPart(y) ? { x, y } : undefined;
  } catch {
    return undefined;
  }
}

function isPart(value: unknown): value is number {
  return typeof value === "number" && value >= 0 && value <= 1;
}
