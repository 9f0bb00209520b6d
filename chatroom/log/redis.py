"""The logs in Redis: any number of processes serve the same rooms.

A room is a list of sealed entries with a small hash beside it, not a stream: offsets are then without gaps by construction,
and an erasure really replaces the bytes of an entry, where a stream could only mark it deleted. Everything about content or
people is sealed under the room key (`seal.py`); appending, numbering, expiry and publishing are one script (`append.lua`).
"""

import asyncio
import logging
import os
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from typing import Self

from chatroom.core.events import AnyEvent
from chatroom.log.base import LogUnavailable
from chatroom.log.redis_commands import Call, Commands, Script, ServerFull
from chatroom.log.redis_leases import Leases
from chatroom.log.redis_life import Life
from chatroom.log.redis_line import stop
from chatroom.log.redis_room import RedisLog
from chatroom.log.redis_stored import READ
from chatroom.log.redis_subscription import Subscription
from chatroom.log.redis_wire import first_entry, token
from chatroom.log.seal import Seal

CHECK_SECONDS = 5
RETRY_SECONDS = 1
PROBE_SECONDS = 2
CREATE = Script("create.lua")

logger = logging.getLogger("chatroom.log")


class Probe:
    """A message sent to oneself."""

    def __init__(self, commands: Commands, subscription: Subscription) -> None:
        self._commands, self._subscription = commands, subscription
        self.channel = b"chatroom:probe:" + urlsafe_b64encode(os.urandom(18))
        self._arrived = False
        self._news = asyncio.Event()

    async def send(self) -> bool:
        """Whether a message came back within PROBE_SECONDS; one of an earlier probe proves as much."""
        self._arrived = False
        try:
            async with asyncio.timeout(PROBE_SECONDS):
                await self._subscription.add(self.channel, self)
                while not self._arrived:
                    self._news.clear()
                    await self._commands.publish(self.channel, b"")
                    await self._news.wait()
        except (LogUnavailable, TimeoutError):
            return False
        return True

    def heard(self, message: bytes) -> None:
        self._arrived = True
        self._news.set()

    def confirmed(self) -> None:
        """What was sent before may be lost: `send` sends again."""
        self._news.set()

    def lost(self) -> None:
        """`send` will find out."""


class RedisLogs:
    """`Logs` in Redis. `check` runs by itself every CHECK_SECONDS from the first `log` on."""

    shared = True

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._subscription = Subscription(commands)
        self._life = Life(commands)
        self._leases = Leases(commands, self._life)
        self._probe = Probe(commands, self._subscription)
        self._probing: asyncio.Task[bool] | None = None
        self._checking: asyncio.Task[None] | None = None
        self._followed: set[RedisLog] = set()

    @classmethod
    def from_url(cls, url: str) -> Self:
        """For `redis://`, `rediss://` or `unix://`; connects when first used. Raises ValueError for another URL."""
        return cls(Commands(url))

    async def create(self, room_key: bytes, first: AnyEvent, expires_at: int) -> None:
        seal = Seal(room_key)
        entry = first_entry(seal, first)
        if not await self._commands.run(CREATE, Call((seal.meta, seal.entries), expires_at, token(), entry)):
            raise ValueError("the log exists")
        self._subscription.away = False

    def log(self, room_key: bytes) -> RedisLog:
        self._checking = self._checking or asyncio.create_task(self._check_for_ever())
        return RedisLog(self._commands, self._subscription, self._life, Seal(room_key), self._followed)

    def now(self) -> int:
        return self._commands.now()

    async def probe(self) -> None:
        """Callers at the same time share one probe; who joined one that was lost before sends another."""
        joins = self._probing is not None and not self._probing.done()
        if not await self._probed() and not (joins and await self._probed()):
            raise LogUnavailable("a probe did not come back")
        await self._commands.store_briefly(self._probe.channel)

    async def _probed(self) -> bool:
        if not self._probing or self._probing.done():
            self._probing = asyncio.create_task(self._probe.send())
        probing = self._probing
        await asyncio.wait([probing])
        return not probing.cancelled() and probing.result()

    @property
    def lowest(self) -> int:
        return self._leases.lowest

    async def alive(self, processes: Sequence[str]) -> frozenset[str]:
        return await self._leases.alive(processes)

    async def renew(self, process: str, reads: int) -> None:
        await self._leases.renew(process, reads)
        await self._commands.measure()

    async def check(self) -> None:
        """See that messages arrive, measure the clock, compare every followed log with the server's, read what is missing.

        What is missing is read even when messages do not arrive. Raises LogUnavailable.
        """
        heard = await self._heard()
        self._subscription.silent = not heard
        if not heard:
            self._tell_stopped()
            self._subscription.renew()
        try:
            await self._compare()
        except LogUnavailable as error:
            # It is away, not silent: when it is back, its confirmations tell. A full one is there.
            self._subscription.silent, self._subscription.away = False, not isinstance(error, ServerFull)
            raise
        self._subscription.away = False
        if not heard:
            raise LogUnavailable("nothing arrives")

    async def _heard(self) -> bool:
        try:
            await self.probe()
        except ServerFull:
            return True
        except LogUnavailable:
            return False
        return True

    async def _compare(self) -> None:
        try:
            await self._commands.measure()
            life = await self._life.ask()
            asked = [(log, log.seen) for log in self._followed if log.seen.offset]
            answers = await self._commands.run_all(READ, [log.question(seen) for log, seen in asked])
        except LogUnavailable:
            self._tell_stopped()
            raise
        for (log, seen), answer in zip(asked, answers, strict=True):
            log.check(life, seen, answer)

    def _tell_stopped(self) -> None:
        for log in self._followed:
            log.stopped()

    async def _check_for_ever(self) -> None:
        while True:
            pause_seconds = RETRY_SECONDS
            try:
                await self.check()
                pause_seconds = CHECK_SECONDS
            except LogUnavailable:
                pass  # the followers were told
            except Exception:  # whatever it is: checks go on
                logger.exception("check_failed")
            await asyncio.sleep(pause_seconds)

    async def close(self) -> None:
        for task in (self._checking, self._probing):
            if task:
                await stop(task)
        await self._subscription.close()
        for log in tuple(self._followed):
            await log.close()
        await self._leases.close()
        await self._commands.close()
