"""A room in Redis followed by one process, and checks that come only when they are asked for."""

import asyncio
import secrets
from contextlib import suppress

import pytest
from followers import FAR_MS, GUARD_SECONDS, ROOM, Heard

from chatroom.core.events import Draft
from chatroom.log.base import Conflict, LogUnavailable
from chatroom.log.redis import RedisLogs
from chatroom.log.redis_room import RedisLog
from chatroom.log.seal import Seal

CHECK_FOR_EVER = RedisLogs._check_for_ever


async def _never(logs: RedisLogs) -> None:
    await asyncio.Event().wait()


def only_when_asked(patch: pytest.MonkeyPatch) -> None:
    """Logs in Redis are checked when a test asks for it, nobody waits for others, and no slow machine is taken for a fault."""
    patch.setattr(RedisLogs, "_check_for_ever", _never)
    patch.setattr("chatroom.log.redis.PROBE_SECONDS", GUARD_SECONDS)
    patch.setattr("chatroom.log.redis_commands.COMMAND_SECONDS", GUARD_SECONDS)
    patch.setattr("chatroom.log.redis_subscription.COMMAND_SECONDS", GUARD_SECONDS)
    patch.setattr("chatroom.log.redis_recovery.SETTLE_MS", 0)


async def check(*processes: RedisLogs) -> None:
    """A check in each, whatever it finds."""
    for logs in processes:
        with suppress(LogUnavailable):
            await logs.check()


async def until_reached(logs: RedisLogs) -> None:
    """Until a check finds nothing wrong: the first ones use up what is left of old connections."""
    async with asyncio.timeout(GUARD_SECONDS):
        while True:
            with suppress(LogUnavailable):
                return await logs.check()


class Room:
    """A room, and how a process that follows it says something."""

    def __init__(self, logs: RedisLogs, key: bytes) -> None:
        self.key, self.expires_at = key, logs.now() + FAR_MS
        self.seal = Seal(key)
        self.log: RedisLog = logs.log(key)
        self.heard = Heard()

    @classmethod
    async def open(cls, logs: RedisLogs) -> "Room":
        room = cls(logs, secrets.token_bytes(32))
        await logs.create(room.key, ROOM, room.expires_at)
        await room.heard.follow(room.log)
        return room

    @classmethod
    async def join(cls, logs: RedisLogs, other: "Room") -> "Room":
        room = cls(logs, other.key)
        room.expires_at = other.expires_at
        await room.heard.follow(room.log)
        return room

    @classmethod
    async def join_again(cls, logs: RedisLogs, other: "Room") -> "Room":
        """Join after a restart of the server: the first tries use up what is left of old connections."""
        async with asyncio.timeout(GUARD_SECONDS):
            while True:
                with suppress(LogUnavailable):
                    return await cls.join(logs, other)
                await check(logs)

    async def say(self, logs: RedisLogs, *drafts: Draft) -> list[int]:
        """Append, again and again, as a writer does."""
        async with asyncio.timeout(GUARD_SECONDS):
            while True:
                try:
                    return await self.append(*drafts)
                except (Conflict, LogUnavailable):
                    await check(logs)

    async def append(self, *drafts: Draft, snapshot: bytes = b"") -> list[int]:
        receipts = await self.log.append(drafts, decided_at=self.heard.head, expires_at=self.expires_at, snapshot=snapshot)
        return [receipt.offset for receipt in receipts]
