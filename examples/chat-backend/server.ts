/** The backend of a chat: it says who is who, writes messages through the gateway, and hears who is there. */
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { SignJWT } from "jose";
import type { EventBatch } from "../../src/events/event.ts";
import { verify } from "../../src/proxy/signature.ts";

const { GATEWAY_URL, API_KEY = "", TOKEN_SECRET = "", EVENT_SECRET = "", PORT = "3000" } = process.env;

/** Who is in which room: user by connection, and the number of the last event of that connection. */
const members = new Map<string, { room: string; user: string; sequence: number; isThere: boolean }>();

const routes: Record<string, (body: string, signature: string) => Promise<unknown>> = {
  /** A real backend looks at its own session here, instead of believing what it is told. */
  async "/login"(body) {
    const { user } = JSON.parse(body);
    const token = new SignJWT({})
      .setProtectedHeader({ alg: "HS256" })
      .setSubject(user)
      .setExpirationTime("1h");
    return { token: await token.sign(new TextEncoder().encode(TOKEN_SECRET)) };
  },
  async "/messages"(body) {
    const { room, user, text: said } = JSON.parse(body);
    const headers = { "Content-Type": "application/json", "X-API-Key": API_KEY };
    const request = {
      channel: `chat:${room}`,
      data: { user, text: said },
      idempotency_key: crypto.randomUUID(),
    };
    const publish = { method: "POST", headers, body: JSON.stringify(request) };
    return (await fetch(`${GATEWAY_URL}/api/publish`, publish)).json();
  },
  async "/events"(body, signature) {
    if (!(await verify(signature, body, EVENT_SECRET))) return undefined;
    for (const { kind, channel = "", client = "", user = "", sequence } of (JSON.parse(body) as EventBatch)
      .events) {
      const key = `${client} ${channel}`;
      // Events may come late and more than once: the number says what holds.
      if (sequence <= (members.get(key)?.sequence ?? 0)) continue;
      members.set(key, {
        room: channel.slice("chat:".length),
        user,
        sequence,
        isThere: kind === "member.joined",
      });
    }
    return {};
  },
  async "/online"(body) {
    const { room } = JSON.parse(body);
    const there = [...members.values()].filter((member) => member.isThere && member.room === room);
    return { users: [...new Set(there.map(({ user }) => user))].sort() };
  },
};

/** Pages of every origin may ask here; a real backend names its own. */
const answerHeaders = {
  "Content-Type": "application/json",
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Allow-Headers": "Content-Type",
};

const server = createServer(async (request, response) => {
  // What a browser asks before it sends JSON to another origin.
  if (request.method === "OPTIONS") return response.writeHead(204, answerHeaders).end();
  const signature = String(request.headers["x-poorwill-signature"]);
  const answer = await routes[request.url ?? ""]?.(await text(request), signature).catch(() => undefined);
  return response
    .writeHead(answer === undefined ? 400 : 200, answerHeaders)
    .end(JSON.stringify(answer ?? {}));
});
server.listen(Number(PORT), "127.0.0.1", () => console.log(`the chat backend listens on ${PORT}`));
