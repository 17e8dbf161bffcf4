/** The backend of a chat: it says who is who, writes messages through the gateway, and hears who is there. */
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { SignJWT } from "jose";
import { type EventBatch, verify } from "poorwill/backend";

const { GATEWAY_URL, API_KEY = "", TOKEN_HMAC_SECRET = "", EVENT_SECRET = "", PORT = "3000" } = process.env;

/** Who is where: by connection and channel, with the number of the last event of both. */
const members = new Map<string, { channel: string; user: string; sequence: number; isThere: boolean }>();

const routes: Record<string, (body: string, signature: string) => Promise<unknown>> = {
  /** A real backend looks at its own session here, instead of believing what it is told. */
  async "/login"(body) {
    const token = new SignJWT({ sub: JSON.parse(body).user }).setProtectedHeader({ alg: "HS256" });
    return { token: await token.setExpirationTime("1h").sign(new TextEncoder().encode(TOKEN_HMAC_SECRET)) };
  },
  async "/messages"(body) {
    const { room, ...data } = JSON.parse(body);
    const headers = { "Content-Type": "application/json", "X-API-Key": API_KEY };
    const message = { channel: `chat:${room}`, data, idempotency_key: crypto.randomUUID() };
    const request = { method: "POST", headers, body: JSON.stringify(message) };
    return (await fetch(`${GATEWAY_URL}/api/publish`, request)).json();
  },
  async "/events"(body, signature) {
    if (!(await verify(signature, body, EVENT_SECRET))) return undefined;
    const { events } = JSON.parse(body) as EventBatch;
    for (const { kind, channel = "", client = "", user = "", sequence } of events) {
      const key = `${client} ${channel}`;
      // Events may come late and more than once: the number says what holds.
      if (sequence <= (members.get(key)?.sequence ?? 0)) continue;
      members.set(key, { channel, user, sequence, isThere: kind === "member.joined" });
    }
    return {};
  },
  async "/online"(body) {
    const channel = `chat:${JSON.parse(body).room}`;
    const there = [...members.values()].filter((member) => member.isThere && member.channel === channel);
    return { users: [...new Set(there.map(({ user }) => user))].sort() };
  },
};

const server = createServer(async (request, response) => {
  response.setHeader("Content-Type", "application/json");
  // Pages of every origin may ask here; a real backend names its own.
  response
    .setHeader("Access-Control-Allow-Origin", "*")
    .setHeader("Access-Control-Allow-Headers", "Content-Type");
  if (request.method === "OPTIONS") return response.writeHead(204).end();
  const signature = String(request.headers["x-poorwill-signature"]);
  const answer = await routes[request.url ?? ""]?.(await text(request), signature).catch(() => undefined);
  return response.writeHead(answer === undefined ? 400 : 200).end(JSON.stringify(answer ?? {}));
});
server.listen(Number(PORT), "127.0.0.1", () => console.log(`the chat backend listens on ${PORT}`));
