"""Reads commands and writes what is told, one JSON object in each line: support/program.ts says how."""

import asyncio
import json
import sys
from typing import Any, Awaitable, Callable, Dict

Command = Dict[str, Any]


def text_of(data: Any) -> str:
    """JSON text as other SDKs write it, which the wire is full of."""
    return json.dumps(data, separators=(",", ":"), ensure_ascii=False)


def write(line: Dict[str, Any]) -> None:
    sys.stdout.write(text_of(line) + "\n")
    sys.stdout.flush()


async def serve(obey: Callable[[Command], Awaitable[Any]]) -> None:
    """Has each command of the input carried out. None waits for another."""
    reader = asyncio.StreamReader(limit=2**24)
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    tasks = set()
    while line := await reader.readline():
        task = asyncio.create_task(_answer(obey, json.loads(line)))
        tasks.add(task)
        task.add_done_callback(tasks.discard)


async def _answer(obey: Callable[[Command], Awaitable[Any]], command: Command) -> None:
    try:
        write({"id": command["id"], "result": await obey(command)})
    except Exception as error:
        code, message = getattr(error, "code", 0), getattr(error, "message", repr(error))
        write({"id": command["id"], "error": {"code": code, "message": message}})
