/** Drives a client that openapi-typescript has generated from the OpenAPI document: support/program.ts says how. */
import createClient from "openapi-fetch";
import { serve } from "../../support/serve.ts";
import type { components, paths } from "./openapi.d.ts";

interface Command {
  readonly id: number;
  readonly do: string;
  readonly url: string;
  readonly key: string;
  // Of each command only some of these.
  readonly channel: string;
  readonly channels: string[];
  readonly data: string;
  readonly limit: number;
  readonly user: string;
  readonly pattern: string;
}

type Refusal = components["schemas"]["Error"];

async function obey(command: Command): Promise<unknown> {
  const { url, key, channel, channels, limit, user, pattern } = command;
  const api = createClient<paths>({ baseUrl: url.replace("/api", ""), headers: { "X-API-Key": key } });
  switch (command.do) {
    case "publish": {
      const body = { channel, data: JSON.parse(command.data) as unknown };
      return resultOf((await api.POST("/api/publish", { body })).data);
    }
    case "broadcast": {
      const body = { channels, data: JSON.parse(command.data) as unknown };
      return resultOf((await api.POST("/api/broadcast", { body })).data).responses.map(resultOf);
    }
    case "history": {
      const { publications, ...position } = resultOf(
        (await api.POST("/api/history", { body: { channel, limit } })).data,
      );
      const texts = publications.map(({ offset, data }) => ({ offset, data: JSON.stringify(data) }));
      return { ...position, publications: texts };
    }
    case "historyRemove":
      return resultOf((await api.POST("/api/history_remove", { body: { channel } })).data);
    case "presence": {
      const { presence } = resultOf((await api.POST("/api/presence", { body: { channel } })).data);
      return Object.values(presence).map((info) => ({ id: info.client, user: info.user }));
    }
    case "presenceStats": {
      const stats = resultOf((await api.POST("/api/presence_stats", { body: { channel } })).data);
      return { clients: stats.num_clients, users: stats.num_users };
    }
    case "subscribe":
      return resultOf((await api.POST("/api/subscribe", { body: { channel, user } })).data);
    case "unsubscribe":
      return resultOf((await api.POST("/api/unsubscribe", { body: { channel, user } })).data);
    case "disconnect":
      return resultOf((await api.POST("/api/disconnect", { body: { user } })).data);
    case "channels":
      return Object.keys(resultOf((await api.POST("/api/channels", { body: { pattern } })).data).channels);
    case "info":
      return resultOf((await api.POST("/api/info", { body: {} })).data).nodes.length;
    default:
      throw new Error(`no command ${command.do}`);
  }
}

function resultOf<Result>(answer: { result: Result } | { error: Refusal } | undefined): Result {
  if (answer === undefined) throw new Error("the gateway has refused the request");
  if ("error" in answer) throw Object.assign(new Error(answer.error.message), { code: answer.error.code });
  return answer.result;
}

await serve(obey);
