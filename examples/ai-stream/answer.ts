import { exports } from "cloudflare:workers";
import type { RoomHandler } from "poorwill/rooms";
import { askModel } from "./model.ts";

/**
 * One room for each answer, which the model writes into the channel of the same name. The room stays awake until the
 * answer is whole, so it goes on when whoever asked has left.
 */
export const answer: RoomHandler = {
  maxRequestBody: 4000,

  async request(request, room) {
    if (request.method !== "POST") return new Response(null, { status: 405, headers: { Allow: "POST" } });
    const question = await request.text();
    if (room.storage.kv.get("asked")) return new Response("it was asked already", { status: 409 });
    room.storage.kv.put("asked", true);
    room.waitUntil(write(`answer:${room.name}`, question));
    return new Response(null, { status: 202 });
  },

  upgrade: () => new Response("subscribe to the channel instead", { status: 400 }),
  message() {},
};

async function write(channel: string, question: string): Promise<void> {
  try {
    await publish(channel, { question });
    for await (const token of askModel(question)) await publish(channel, { token });
    await publish(channel, { end: "done" });
  } catch (failure) {
    console.error(failure);
    await publish(channel, { end: "failed" });
  }
}

async function publish(channel: string, data: object): Promise<void> {
  const reply = await exports.Api.publish({ channel, data });
  if ("error" in reply) throw new Error(reply.error.message);
}
