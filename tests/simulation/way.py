"""The way from one process to the simulated server: requests and answers take time and may be lost, and so may deliveries."""

import asyncio
import random
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from redis.exceptions import ConnectionError as RedisConnectionError

from chatroom.log.base import LogUnavailable
from chatroom.log.redis_commands import COMMAND_SECONDS, Call, Commands, Script, ServerFull
from chatroom.log.redis_stored import READ
from simulation.machine import Process
from simulation.server import Server

CLOSELY_SECONDS = 1e-6
SOONEST_SECONDS = 0.0001
Delivery = tuple[bytes, bytes, bytes]


class Faults(msgspec.Struct):
    """How likely each is lost, or comes twice, from 0 to 1; `silent`: new deliveries vanish until the connection is renewed."""

    requests: float = 0
    answers: float = 0
    deliveries: float = 0
    repeats: float = 0
    slowest_seconds: float = 0.01


def _arrive(answer: asyncio.Future[Any], found: object) -> None:
    if not answer.done():
        answer.set_result(found)


def _fail(answer: asyncio.Future[Any], error: Exception) -> None:
    if not answer.done():
        answer.set_exception(error)


class Way(Commands):
    """`Commands` of one process over the simulated network."""

    def __init__(self, server: Server, process: Process, world: random.Random) -> None:
        self.server, self.process, self.world = server, process, world
        self.faults = Faults()
        self.subscriptions: list[Subscription] = []
        """Every connection for deliveries that is open."""

    @property
    def loop(self) -> asyncio.AbstractEventLoop:
        return self.server.loop

    def delay_seconds(self) -> float:
        return SOONEST_SECONDS + (self.faults.slowest_seconds - SOONEST_SECONDS) * self.world.random()

    def happens(self, likelihood: float) -> bool:
        return likelihood > 0 and self.world.random() < likelihood

    async def _ask(self, act: Callable[[], Any], *, writes: bool = False) -> Any:
        """Have the server do something. Raises LogUnavailable when no answer comes in time."""
        if self.server.down:
            await asyncio.sleep(self.delay_seconds())
            raise LogUnavailable("refused")
        answer, loop = self.loop.create_future(), self.loop
        if not self.happens(self.faults.requests):
            loop.call_later(self.delay_seconds(), self._at_server, act, writes, answer, context=self.server.process.context)
        late = loop.call_later(COMMAND_SECONDS, _fail, answer, LogUnavailable("no answer"), context=self.process.context)
        try:
            return await answer
        finally:
            late.cancel()

    def _at_server(self, act: Callable[[], Any], writes: bool, answer: asyncio.Future[Any]) -> None:
        arrive, found = (_fail, ServerFull()) if writes and self.server.full else (_arrive, act())
        if not self.happens(self.faults.answers):
            self.loop.call_later(self.delay_seconds(), arrive, answer, found, context=self.process.context)

    def now(self) -> int:
        return self.server.now()

    async def measure(self) -> None:
        await self._ask(self.server.now)

    async def run(self, script: Script, call: Call) -> Any:
        return await self._ask(lambda: self.server.run(script, call), writes=script is not READ)

    async def run_all(self, script: Script, calls: Sequence[Call]) -> list[Any]:
        found: list[Any] = await self._ask(lambda: [self.server.run(script, call) for call in calls])
        return found

    async def publish(self, channel: bytes, message: bytes) -> None:
        await self._ask(lambda: self.server.publish(channel, message))

    async def erase(self, keys: Sequence[bytes], channel: bytes) -> None:
        await self._ask(lambda: self.server.erase(keys[0], channel))

    async def keep(self, key: bytes, value: bytes, seconds: int) -> tuple[bytes, bytes]:
        found: tuple[bytes, bytes] = await self._ask(lambda: (self.server.run_id, self.server.keep(key, value, seconds)))
        return found

    async def set_for(self, seconds: int, key: bytes) -> None:
        await self._ask(lambda: self.server.keep(key, b"", seconds))

    async def keep_field(self, seconds: int, key: bytes, field: bytes, value: bytes) -> dict[bytes, bytes]:
        found: dict[bytes, bytes] = await self._ask(lambda: self.server.keep_field(key, field, value, seconds))
        return found

    async def drop_fields(self, key: bytes, fields: Sequence[bytes]) -> None:
        await self._ask(lambda: self.server.drop_fields(key, fields))

    async def store_briefly(self, key: bytes) -> None:
        await self._ask(lambda: self.server.keep(key, b"", 1), writes=True)

    async def existing(self, keys: Sequence[bytes]) -> list[bool]:
        found: list[bool] = await self._ask(lambda: [self.server.exists(key) for key in keys])
        return found

    async def line(self, take: Callable[[Any], None]) -> Any:
        subscription = Subscription(self, take)
        await subscription.connect()
        return subscription

    async def close(self) -> None:
        """There is nothing to close."""


class Subscription:
    """A `Line` for deliveries. What is sent comes in order, and so does what is published, or not at all."""

    def __init__(self, way: Way, take: Callable[[Any], None]) -> None:
        self._way, self._take = way, take
        self.ended: asyncio.Future[Exception] = way.loop.create_future()
        self._last_sent_at = self._last_at = 0.0
        self._server = way.server.process
        self.is_connected = False
        self.silent = False
        """Nothing arrives any more, and nobody is told."""

    async def connect(self) -> None:
        await asyncio.sleep(self._way.delay_seconds())
        if self._way.server.down:
            raise RedisConnectionError
        self._server = self._way.server.process
        self.is_connected = True
        self._way.subscriptions.append(self)

    def send(self, command: tuple[str | bytes, ...]) -> None:
        name, *channels = command
        loop, server = self._way.loop, self._way.server
        for channel in channels:
            assert isinstance(channel, bytes)
            act = self._subscribe if name == "SUBSCRIBE" else self._unsubscribe
            self._last_sent_at = self._in_order(self._last_sent_at)
            loop.call_at(self._last_sent_at, act, channel, context=server.process.context)

    def _in_order(self, last_at: float) -> float:
        """When something arrives that is under way from now on, after what came last."""
        return max(last_at + CLOSELY_SECONDS, self._way.loop.time() + self._way.delay_seconds())

    def _subscribe(self, channel: bytes) -> None:
        listeners = self._way.server.subscribers[channel]
        if self.is_connected and self not in listeners:
            listeners.append(self)
        self._send((b"subscribe", channel, b""))

    def _unsubscribe(self, channel: bytes) -> None:
        if self in self._way.server.subscribers[channel]:
            self._way.server.subscribers[channel].remove(self)
        self._send((b"unsubscribe", channel, b""))

    def push(self, kind: bytes, channel: bytes, message: bytes) -> None:
        faults = self._way.faults
        if not self._way.happens(faults.deliveries):
            for _ in range(1 + self._way.happens(faults.repeats)):
                self._send((kind, channel, message))

    def _send(self, delivery: Delivery) -> None:
        if not self.silent:
            self._last_at = self._in_order(self._last_at)
            self._way.loop.call_at(self._last_at, self._arrive, delivery, context=self._way.process.context)

    def _arrive(self, delivery: Delivery) -> None:
        if self.is_connected:
            self._take(delivery)

    def close(self) -> None:
        self.cut()

    def cut(self) -> None:
        """The connection is gone, and its reader is told."""
        if self.is_connected:
            self.is_connected = False
            self._way.subscriptions.remove(self)
            for listeners in self._way.server.subscribers.values():
                if self in listeners:
                    listeners.remove(self)
            if not self.ended.done():
                self.ended.set_result(RedisConnectionError())
