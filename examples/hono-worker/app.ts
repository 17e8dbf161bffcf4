import { exports } from "cloudflare:workers";
import { Hono } from "hono";

interface Bindings {
  readonly ASSETS: Fetcher;
  readonly ORDERS: KVNamespace;
}

const STEPS = ["ordered", "in the oven", "on its way", "delivered"];

/** The application as it was, of a pizzeria. Only the publish is new. */
export const app = new Hono<{ Bindings: Bindings }>();

app.get("/orders/:id", async ({ req, env, json }) => {
  const status = (await env.ORDERS.get(req.param("id"))) ?? STEPS[0];
  return json({ status, steps: STEPS });
});

app.put("/orders/:id", async ({ req, env, json }) => {
  const id = req.param("id");
  const status = await req.text();
  if (!/^\d{1,9}$/.test(id) || !STEPS.includes(status))
    return json({ error: "no such order or status" }, 400);
  await env.ORDERS.put(id, status);
  const reply = await exports.Api.publish({ channel: `order:${id}`, data: { status } });
  return "error" in reply ? json({ error: "stored, but nobody was told" }, 502) : json({ status });
});

app.notFound(({ req, env }) => env.ASSETS.fetch(req.raw));
