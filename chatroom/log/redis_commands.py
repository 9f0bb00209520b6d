"""Commands to Redis: each is tried once, and every failure is `LogUnavailable`.

The client may not retry by itself: a command whose answer was lost may have been carried out, and only the caller knows how to
repeat it harmlessly (`Draft.origin`).
"""

import re
import time
from collections.abc import Callable, Sequence
from hashlib import sha1
from importlib.resources import files
from typing import Any

from hiredis import ReplyError
from redis.asyncio import ConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from chatroom.log.base import LogUnavailable
from chatroom.log.redis_line import Asking, Command, Line, Word

COMMAND_SECONDS = 3
RUN_ID = re.compile(rb"^run_id:(\w+)", re.MULTILINE)


class Declined(LogUnavailable):
    """The server answered that it will not."""


class ServerFull(Declined):
    """The server has no memory left for what was to be stored; what it holds can still be read."""


class Script:
    """A Lua file of this package, run by its hash."""

    __slots__ = ("hash", "text")

    def __init__(self, file: str) -> None:
        self.text = files("chatroom.log").joinpath(file).read_text(encoding="utf-8")
        self.hash = sha1(self.text.encode(), usedforsecurity=False).hexdigest()


class Call:
    """One run of a script."""

    __slots__ = ("arguments", "keys")

    def __init__(self, keys: Sequence[bytes], *arguments: bytes | str | int) -> None:
        self.keys, self.arguments = keys, arguments


class Commands:
    """What is asked of one Redis server, and its clock. All coroutines raise LogUnavailable."""

    def __init__(self, url: str) -> None:
        """For `redis://`, `rediss://` or `unix://`; connects when first used. Raises ValueError for another URL."""
        self._connections = _sound(
            ConnectionPool.from_url(
                url,
                protocol=2,
                retry=Retry(NoBackoff(), 0),
                socket_timeout=COMMAND_SECONDS,
                socket_connect_timeout=COMMAND_SECONDS,
            )
        )
        self._asking = Asking(self.line, COMMAND_SECONDS)
        self._ahead_ms = (time.time() - time.monotonic()) * 1000

    def now(self) -> int:
        """Milliseconds since 1970 by the server's clock as last measured, by the local clock before that."""
        return int(time.monotonic() * 1000 + self._ahead_ms)

    async def measure(self) -> None:
        """Read the server's clock."""
        asked = time.monotonic()
        seconds, microseconds = await self.ask("TIME")
        middle = (asked + time.monotonic()) / 2
        self._ahead_ms = int(seconds) * 1000 + int(microseconds) / 1000 - middle * 1000

    async def ask(self, *command: Word) -> Any:
        """The answer to any command."""
        return _accepted(await self._asking.ask(*command))

    async def ask_all(self, *commands: Command) -> list[Any]:
        """The answers to commands that are sent together: nothing this process asks comes between them."""
        return [_accepted(answer) for answer in await self._asking.ask_all(commands)]

    async def run(self, script: Script, call: Call) -> Any:
        """Run a script, loading it when the server does not know it: a run it refused so left no trace."""
        words = (len(call.keys), *call.keys, *call.arguments)
        answer = await self._asking.ask("EVALSHA", script.hash, *words)
        if isinstance(answer, ReplyError) and str(answer).startswith("NOSCRIPT"):
            answer = await self._asking.ask("EVAL", script.text, *words)
        return _accepted(answer)

    async def run_all(self, script: Script, calls: Sequence[Call]) -> list[Any]:
        """Run a script many times in one round trip."""
        runs = [("EVALSHA", script.hash, len(call.keys), *call.keys, *call.arguments) for call in calls]
        return (await self.ask_all(("SCRIPT", "LOAD", script.text), *runs))[1:]

    async def publish(self, channel: bytes, message: bytes) -> None:
        await self.ask("PUBLISH", channel, message)

    async def erase(self, keys: Sequence[bytes], channel: bytes) -> None:
        """Delete keys and publish an empty message, in one step."""
        await self.ask_all(("MULTI",), ("UNLINK", *keys), ("PUBLISH", channel, b""), ("EXEC",))

    async def keep(self, key: bytes, value: bytes, seconds: int) -> tuple[bytes, bytes]:
        """Keep a key for so long, with this value if it is new; the run of the server, and the key's value."""
        while True:
            found, kept, info = await self.ask_all(("EXPIRE", key, seconds), ("GET", key), ("INFO", "server"))
            if not found:
                await self.ask("SET", key, value, "EX", seconds, "NX")
            if kept is not None:
                return RUN_ID.findall(info)[0], kept

    async def set_for(self, seconds: int, key: bytes) -> None:
        """Keep a key for so long; one that is there even when the server is full."""
        if not await self.ask("EXPIRE", key, seconds):
            await self.ask("SET", key, b"", "EX", seconds)

    async def keep_field(self, seconds: int, key: bytes, field: bytes, value: bytes) -> dict[bytes, bytes]:
        """Keep a hash for so long, with this field in it, even when the server is full if it is there; the whole hash."""
        _, found = await self.ask_all(("EXPIRE", key, seconds), ("HGETALL", key))
        known = dict(zip(found[::2], found[1::2], strict=True))
        if field not in known:
            await self.ask_all(("MULTI",), ("HSET", key, field, value), ("EXPIRE", key, seconds), ("EXEC",))
        return {**known, field: value}

    async def drop_fields(self, key: bytes, fields: Sequence[bytes]) -> None:
        await self.ask("HDEL", key, *fields)

    async def store_briefly(self, key: bytes) -> None:
        """Store a key that is gone in a millisecond. Raises ServerFull, as storing anything would."""
        await self.ask("SET", key, b"", "PX", 1)

    async def existing(self, keys: Sequence[bytes]) -> list[bool]:
        return [bool(found) for found in await self.ask_all(*(("EXISTS", key) for key in keys))]

    async def line(self, take: Callable[[Any], None]) -> Line:
        """A connection of its own. Raises RedisError."""
        return await Line.open(self._connections.make_connection(), take)

    async def close(self) -> None:
        await self._asking.close()


def _sound(connections: Any) -> Any:
    """The pool, if it can make connections. Raises ValueError for an option that there is not."""
    try:
        connections.make_connection()
    except TypeError as error:
        raise ValueError(str(error)) from None
    return connections


def _accepted(answer: Any) -> Any:
    """The answer, unless it is a refusal. Raises Declined, ServerFull."""
    if isinstance(answer, ReplyError):
        word = str(answer).partition(" ")[0]
        raise ServerFull(word) if word == "OOM" else Declined(word)
    return answer
