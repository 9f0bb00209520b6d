"""Commands to Redis: each is tried once, and every failure is `LogUnavailable`.

The client may not retry by itself: a command whose answer was lost may have been carried out, and only the caller knows how to
repeat it harmlessly (`Draft.origin`).
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from hashlib import sha1
from importlib.resources import files
from typing import Any

from hiredis import ReplyError
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import OutOfMemoryError, RedisError

from chatroom.log.base import LogUnavailable
from chatroom.log.redis_line import Asking, Line

COMMAND_SECONDS = 3
CONNECTIONS = 32


def connect(url: str) -> Redis:
    """A client for `redis://`, `rediss://` or `unix://`; it connects when first used. Raises ValueError for another URL."""
    pool = BlockingConnectionPool.from_url(
        url,
        protocol=2,
        retry=Retry(NoBackoff(), 0),
        socket_timeout=COMMAND_SECONDS,
        socket_connect_timeout=COMMAND_SECONDS,
        max_connections=CONNECTIONS,
        timeout=COMMAND_SECONDS,
    )
    return Redis.from_pool(pool)


class ServerFull(LogUnavailable):
    """The server has no memory left for what was to be stored; what it holds can still be read."""


@contextmanager
def answering() -> Iterator[None]:
    """Turns whatever Redis, or the way to it, refuses into LogUnavailable."""
    try:
        yield
    except OutOfMemoryError as error:
        raise ServerFull from error
    except RedisError as error:
        raise LogUnavailable(type(error).__name__) from error


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

    def __init__(self, client: Redis) -> None:
        self._client = client
        self._asking = Asking(self.line, COMMAND_SECONDS)
        self._ahead_ms = (time.time() - time.monotonic()) * 1000

    def now(self) -> int:
        """Milliseconds since 1970 by the server's clock as last measured, by the local clock before that."""
        return int(time.monotonic() * 1000 + self._ahead_ms)

    async def measure(self) -> None:
        """Read the server's clock."""
        asked = time.monotonic()
        with answering():
            seconds, microseconds = await self._client.time()
        middle = (asked + time.monotonic()) / 2
        self._ahead_ms = seconds * 1000 + microseconds / 1000 - middle * 1000

    async def run(self, script: Script, call: Call) -> Any:
        """Run a script, loading it when the server does not know it: a run it refused so left no trace."""
        words = (len(call.keys), *call.keys, *call.arguments)
        answer = await self._asking.ask("EVALSHA", script.hash, *words)
        if isinstance(answer, ReplyError) and str(answer).startswith("NOSCRIPT"):
            answer = await self._asking.ask("EVAL", script.text, *words)
        if isinstance(answer, ReplyError):
            raise (ServerFull if str(answer).startswith("OOM") else LogUnavailable)(str(answer).partition(" ")[0])
        return answer

    async def run_all(self, script: Script, calls: Sequence[Call]) -> list[Any]:
        """Run a script many times in one round trip."""
        with answering():
            pipeline = self._client.pipeline(transaction=False)
            pipeline.script_load(script.text)
            for call in calls:
                pipeline.evalsha(script.hash, len(call.keys), *call.keys, *call.arguments)
            return (await pipeline.execute())[1:]

    async def publish(self, channel: bytes, message: bytes) -> None:
        with answering():
            await self._client.publish(channel, message)

    async def erase(self, keys: Sequence[bytes], channel: bytes) -> int:
        """Delete keys and publish an empty message, in one step; the milliseconds the first had left, if it was there."""
        with answering():
            pipeline = self._client.pipeline(transaction=True)
            pipeline.pttl(keys[0])
            pipeline.unlink(*keys)
            pipeline.publish(channel, b"")
            left_ms: int = (await pipeline.execute())[0]
            return max(left_ms, 0)

    async def keep(self, key: bytes, value: bytes, seconds: int) -> tuple[bytes, bytes]:
        """Keep a key for so long, with this value if it is new; the run of the server, and the key's value."""
        with answering():
            kept = None
            while kept is None:
                pipeline = self._client.pipeline(transaction=False)
                pipeline.expire(key, seconds)
                pipeline.get(key)
                pipeline.info("server")
                found, kept, info = await pipeline.execute()
                if not found:
                    await self._client.set(key, value, ex=seconds, nx=True)
            return str(info["run_id"]).encode(), kept

    async def set_for(self, seconds: int, key: bytes) -> None:
        """Keep a key for so long; one that is there even when the server is full."""
        with answering():
            if not await self._client.expire(key, seconds):
                await self._client.set(key, b"", ex=seconds)

    async def store_briefly(self, key: bytes) -> None:
        """Store a key that is gone in a millisecond. Raises ServerFull, as storing anything would."""
        with answering():
            await self._client.set(key, b"", px=1)

    async def existing(self, keys: Sequence[bytes]) -> list[bool]:
        with answering():
            pipeline = self._client.pipeline(transaction=False)
            for key in keys:
                pipeline.exists(key)
            return [bool(found) for found in await pipeline.execute()]

    async def line(self, take: Callable[[Any], None]) -> Line:
        """A connection of its own, that the pool knows nothing of. Raises RedisError."""
        pool: Any = self._client.connection_pool
        return await Line.open(pool.make_connection(), take)

    async def close(self) -> None:
        await self._asking.close()
        await self._client.aclose()
