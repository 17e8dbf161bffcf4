import { WorkerEntrypoint } from "cloudflare:workers";
import { FULL_ACCESS } from "./api/access.ts";
import type { ApiMethod, ApiReply, ApiRequest, ApiResult } from "./api/method-types.ts";
import { ApiCommands } from "./api/methods.ts";
import type { ServerApi } from "./api/server-api.ts";
import { createTools } from "./api/tools.ts";
import { GATEWAY, type Gateway } from "./deployment/gateway.ts";

/** The server API as the entrypoint of a service binding. What its methods do stands at `ServerApi`. */
export abstract class Api extends WorkerEntrypoint<object> implements ServerApi {
  protected abstract get [GATEWAY](): Gateway;

  publish(request: ApiRequest<"publish">): Promise<ApiReply<"publish">> {
    return this.#run("publish", request);
  }

  broadcast(request: ApiRequest<"broadcast">): Promise<ApiReply<"broadcast">> {
    return this.#run("broadcast", request);
  }

  subscribe(request: ApiRequest<"subscribe">): Promise<ApiReply<"subscribe">> {
    return this.#run("subscribe", request);
  }

  unsubscribe(request: ApiRequest<"unsubscribe">): Promise<ApiReply<"unsubscribe">> {
    return this.#run("unsubscribe", request);
  }

  disconnect(request: ApiRequest<"disconnect">): Promise<ApiReply<"disconnect">> {
    return this.#run("disconnect", request);
  }

  refresh(request: ApiRequest<"refresh">): Promise<ApiReply<"refresh">> {
    return this.#run("refresh", request);
  }

  blockUser(request: ApiRequest<"block_user">): Promise<ApiReply<"block_user">> {
    return this.#run("block_user", request);
  }

  unblockUser(request: ApiRequest<"unblock_user">): Promise<ApiReply<"unblock_user">> {
    return this.#run("unblock_user", request);
  }

  presence(request: ApiRequest<"presence">): Promise<ApiReply<"presence">> {
    return this.#run("presence", request);
  }

  presenceStats(request: ApiRequest<"presence_stats">): Promise<ApiReply<"presence_stats">> {
    return this.#run("presence_stats", request);
  }

  history(request: ApiRequest<"history">): Promise<ApiReply<"history">> {
    return this.#run("history", request);
  }

  historyRemove(request: ApiRequest<"history_remove">): Promise<ApiReply<"history_remove">> {
    return this.#run("history_remove", request);
  }

  channels(request: ApiRequest<"channels"> = {}): Promise<ApiReply<"channels">> {
    return this.#run("channels", request);
  }

  info(request: ApiRequest<"info"> = {}): Promise<ApiReply<"info">> {
    return this.#run("info", request);
  }

  overview(request: ApiRequest<"overview"> = {}): Promise<ApiReply<"overview">> {
    return this.#run("overview", request);
  }

  overviewChannels(request: ApiRequest<"overview_channels"> = {}): Promise<ApiReply<"overview_channels">> {
    return this.#run("overview_channels", request);
  }

  userConnections(request: ApiRequest<"user_connections">): Promise<ApiReply<"user_connections">> {
    return this.#run("user_connections", request);
  }

  roomPublish(request: ApiRequest<"room_publish">): Promise<ApiReply<"room_publish">> {
    return this.#run("room_publish", request);
  }

  roomSockets(request: ApiRequest<"room_sockets">): Promise<ApiReply<"room_sockets">> {
    return this.#run("room_sockets", request);
  }

  roomClose(request: ApiRequest<"room_close">): Promise<ApiReply<"room_close">> {
    return this.#run("room_close", request);
  }

  roomCall(request: ApiRequest<"room_call">): Promise<ApiReply<"room_call">> {
    return this.#run("room_call", request);
  }

  batch(request: ApiRequest<"batch">): Promise<ApiReply<"batch">> {
    return this.#run("batch", request);
  }

  async #run<Method extends ApiMethod>(
    method: Method,
    request: ApiRequest<Method>,
  ): Promise<ApiReply<Method>> {
    const gateway = this[GATEWAY];
    const tools = createTools(gateway.readEnv(this.env), FULL_ACCESS, gateway);
    const answer = await new ApiCommands(tools).run(method, request);
    return "error" in answer ? answer : { result: JSON.parse(answer.result) as ApiResult<Method> };
  }
}
