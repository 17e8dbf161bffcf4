"""Drives pycent: support/program.ts says how."""

import asyncio
import json
from typing import Any, Dict

from cent import (
    BroadcastRequest,
    ChannelsRequest,
    Client,
    DisconnectRequest,
    HistoryRemoveRequest,
    HistoryRequest,
    InfoRequest,
    PresenceRequest,
    PresenceStatsRequest,
    PublishRequest,
    SubscribeRequest,
    UnsubscribeRequest,
)

from lines import Command, serve, text_of


async def obey(command: Command) -> Any:
    with Client(command["url"], command["key"], timeout=None) as client:
        return await asyncio.to_thread(carry_out, client, command)


def carry_out(client: Client, command: Command) -> Any:
    channel, user = command.get("channel", ""), command.get("user", "")
    match command["do"]:
        case "publish":
            return position(client.publish(PublishRequest(channel=channel, data=json.loads(command["data"]))))
        case "broadcast":
            request = BroadcastRequest(channels=command["channels"], data=json.loads(command["data"]))
            return [position(response.result) for response in client.broadcast(request).responses]
        case "history":
            result = client.history(HistoryRequest(channel=channel, limit=command["limit"]))
            publications = [{"offset": each.offset, "data": text_of(each.data)} for each in result.publications]
            return {"publications": publications, **position(result)}
        case "historyRemove":
            client.history_remove(HistoryRemoveRequest(channel=channel))
        case "presence":
            members = client.presence(PresenceRequest(channel=channel)).presence.values()
            return [{"id": info.client, "user": info.user} for info in members]
        case "presenceStats":
            result = client.presence_stats(PresenceStatsRequest(channel=channel))
            return {"clients": result.num_clients, "users": result.num_users}
        case "subscribe":
            client.subscribe(SubscribeRequest(channel=channel, user=user))
        case "unsubscribe":
            client.unsubscribe(UnsubscribeRequest(channel=channel, user=user))
        case "disconnect":
            client.disconnect(DisconnectRequest(user=user))
        case "channels":
            return list(client.channels(ChannelsRequest(pattern=command["pattern"])).channels)
        case "info":
            return len(client.info(InfoRequest()).nodes)
        case unknown:
            raise ValueError(f"no command {unknown}")
    return None


def position(result: Any) -> Dict[str, Any]:
    return {"offset": result.offset, "epoch": result.epoch}


asyncio.run(serve(obey))
