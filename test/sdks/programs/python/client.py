"""Drives centrifuge-python: support/program.ts says how."""

import asyncio
import json
from typing import Any, Dict, List, Optional

from centrifuge import Client, ClientEventHandler, StreamPosition, SubscriptionEventHandler

from lines import Command, serve, text_of, write

clients: Dict[str, "Driven"] = {}


class Payloads:
    """Payloads as the codec of a client has them."""

    def __init__(self, codec: str) -> None:
        self._is_json = codec == "json"

    def read(self, text: Optional[str]) -> Any:
        if text is None:
            return None
        return json.loads(text) if self._is_json else text.encode()

    def write(self, data: Any) -> Optional[str]:
        if data is None:
            return None
        return text_of(data) if self._is_json else data.decode()


class Driven:
    """A client, with what is said and told of it."""

    def __init__(self, command: Command) -> None:
        self._name = command["client"]
        self.payloads = Payloads(command["codec"])
        tokens = command.get("tokens")
        data = {"data": self.payloads.read(command["data"])} if "data" in command else {}
        self._client = Client(
            f"ws://{command['host']}/connection/websocket",
            events=ClientEvents(self),
            get_token=self._tokens(tokens) if tokens else None,
            use_protobuf=command["codec"] == "protobuf",
            timeout=command["timeout"] / 1000,
            max_server_ping_delay=command["maxPingDelay"] / 1000,
            min_reconnect_delay=0.05,
            max_reconnect_delay=0.5,
            proxy=None,
            **data,
        )

    def tell(self, event: str, **facts: Any) -> None:
        write({"client": self._name, "event": event, **facts})

    def tell_publication(self, channel: str, publication: Any) -> None:
        self.tell("publication", **self._publication(channel, publication))

    async def connect(self) -> None:
        await self._client.connect()

    async def carry_out(self, command: Command) -> Any:
        channel = command.get("channel", "")
        match command["do"]:
            case "disconnect":
                return await self._client.disconnect()
            case "subscribe":
                return await self._subscribe(channel, command)
            case "unsubscribe":
                subscription = self._client.get_subscription(channel)
                return subscription and await subscription.unsubscribe()
            case "publish":
                await self._client.publish(channel, self.payloads.read(command["data"]))
                return None
            case "presence":
                result = await self._client.presence(channel)
                return [member(info) for info in result.clients.values()]
            case "presenceStats":
                result = await self._client.presence_stats(channel)
                return {"clients": result.num_clients, "users": result.num_users}
            case "history":
                since = command.get("since")
                result = await self._client.history(
                    channel,
                    limit=command["limit"],
                    since=StreamPosition(**since) if since else None,
                    reverse=command.get("reverse", False),
                )
                publications = [self._publication(channel, each) for each in result.publications]
                return {"publications": publications, "offset": result.offset, "epoch": result.epoch}
            case "rpc":
                result = await self._client.rpc(command["method"], self.payloads.read(command["data"]))
                return {"data": self.payloads.write(result.data)}
        raise ValueError(f"no command {command['do']}")

    async def _subscribe(self, channel: str, command: Command) -> None:
        tokens = command.get("tokens")
        subscription = self._client.new_subscription(
            channel,
            events=SubscriptionEvents(self, channel),
            get_token=self._tokens(tokens, channel) if tokens else None,
            data=self.payloads.read(command.get("data")),
            join_leave=command.get("joinLeave", False),
        )
        await subscription.subscribe()

    def _tokens(self, tokens: List[str], channel: Optional[str] = None) -> Any:
        rest = iter(tokens[:-1])

        async def get_token(*_: Any) -> str:
            self.tell("token", channel=channel)
            return next(rest, tokens[-1])

        return get_token

    def _publication(self, channel: str, publication: Any) -> Dict[str, Any]:
        return {
            "channel": channel,
            "offset": publication.offset,
            "data": self.payloads.write(publication.data),
            "user": publication.info.user if publication.info else None,
            "tags": publication.tags,
        }


class ClientEvents(ClientEventHandler):
    def __init__(self, driven: Driven) -> None:
        self._driven = driven

    async def on_connecting(self, ctx: Any) -> None:
        self._driven.tell("connecting", code=ctx.code, reason=ctx.reason)

    async def on_connected(self, ctx: Any) -> None:
        self._driven.tell("connected", id=ctx.client, data=self._driven.payloads.write(ctx.data))

    async def on_disconnected(self, ctx: Any) -> None:
        self._driven.tell("disconnected", code=ctx.code, reason=ctx.reason)

    async def on_error(self, ctx: Any) -> None:
        self._driven.tell("error", message=repr(ctx.error))

    async def on_subscribed(self, ctx: Any) -> None:
        self._driven.tell(
            "subscribed", channel=ctx.channel, wasRecovering=ctx.was_recovering, recovered=ctx.recovered
        )

    async def on_unsubscribed(self, ctx: Any) -> None:
        self._driven.tell("unsubscribed", channel=ctx.channel)

    async def on_publication(self, ctx: Any) -> None:
        self._driven.tell_publication(ctx.channel, ctx.pub)


class SubscriptionEvents(SubscriptionEventHandler):
    def __init__(self, driven: Driven, channel: str) -> None:
        self._driven = driven
        self._channel = channel

    async def on_subscribing(self, ctx: Any) -> None:
        self._tell("subscribing", code=ctx.code, reason=ctx.reason)

    async def on_subscribed(self, ctx: Any) -> None:
        data = self._driven.payloads.write(ctx.data)
        self._tell("subscribed", wasRecovering=ctx.was_recovering, recovered=ctx.recovered, data=data)

    async def on_unsubscribed(self, ctx: Any) -> None:
        self._tell("unsubscribed", code=ctx.code, reason=ctx.reason)

    async def on_publication(self, ctx: Any) -> None:
        self._driven.tell_publication(self._channel, ctx.pub)

    async def on_join(self, ctx: Any) -> None:
        self._tell("join", **member(ctx.info))

    async def on_leave(self, ctx: Any) -> None:
        self._tell("leave", **member(ctx.info))

    async def on_error(self, ctx: Any) -> None:
        self._tell("error", message=repr(ctx.error))

    def _tell(self, event: str, **facts: Any) -> None:
        self._driven.tell(event, channel=self._channel, **facts)


def member(info: Any) -> Dict[str, str]:
    return {"id": info.client, "user": info.user}


async def obey(command: Command) -> Any:
    if command["do"] == "connect":
        driven = clients[command["client"]] = Driven(command)
        return await driven.connect()
    return await clients[command["client"]].carry_out(command)


asyncio.run(serve(obey))
