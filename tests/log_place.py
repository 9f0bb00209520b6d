"""One room's log in two processes, for every adapter: in memory, and in each Redis server there is."""

import secrets
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from followers import FAR_MS, ROOM, Heard
from redis_faults import only_when_asked
from servers import ACCESS, SERVER_NAMES, with_user

from chatroom.core.events import AnyEvent, Draft, MessagePosted, Redacted
from chatroom.core.formats import FORMAT
from chatroom.log.base import Logs, RoomLog
from chatroom.log.memory import MemoryLogs
from chatroom.log.redis import RedisLogs
from chatroom.log.seal import Seal

Processes = tuple[Logs, Logs]


@pytest_asyncio.fixture(scope="module", params=["memory", *SERVER_NAMES])
async def processes(request: pytest.FixtureRequest) -> AsyncIterator[Processes]:
    """Two processes on the same logs."""
    if request.param == "memory":
        memory = MemoryLogs()
        yield memory, memory
        await memory.close()
        return
    url = await with_user(
        request.getfixturevalue("redis_servers")[request.param], "chatroom", *ACCESS, "+pttl"
    )  # which the tests ask
    with pytest.MonkeyPatch.context() as patch:
        only_when_asked(patch)
        one, two = RedisLogs.from_url(url), RedisLogs.from_url(url)
        yield one, two
        await one.close()
        await two.close()


async def notice(logs: Logs) -> None:
    """Let the process see what time did to its logs."""
    await (logs.check() if isinstance(logs, RedisLogs) else logs.renew("a process", FORMAT))


class Place:
    """One room, followed in both processes."""

    def __init__(self, processes: Processes) -> None:
        self.processes = processes
        self.key = secrets.token_bytes(32)
        self.expires_at = processes[0].now() + FAR_MS
        self.here, self.there = (logs.log(self.key) for logs in processes)
        self.hears, self.hears_there = Heard(), Heard()

    async def open(self) -> "Place":
        await self.processes[0].create(self.key, ROOM, self.expires_at)
        await self.hears.follow(self.here)
        await self.hears_there.follow(self.there)
        return self

    async def append(self, *drafts: Draft, decided_at: int = 1, log: RoomLog | None = None, snapshot: bytes = b"") -> list[int]:
        """The offsets of the receipts."""
        receipts = await (log or self.here).append(drafts, decided_at=decided_at, expires_at=self.expires_at, snapshot=snapshot)
        return [receipt.offset for receipt in receipts]

    async def fresh(self) -> Heard:
        """What a process reads that comes now."""
        heard, log = Heard(), self.processes[1].log(self.key)
        await heard.follow(log)
        await log.close()
        return heard

    async def left_ms(self) -> list[int]:
        """How long what is stored of the log has to live."""
        logs = self.processes[0]
        if isinstance(logs, RedisLogs):
            return [await logs._commands.ask("PTTL", key) for key in Seal(self.key).keys]
        assert isinstance(logs, MemoryLogs)
        return [logs.room(self.key).expires_at - logs.now()]

    async def close(self) -> None:
        await self.here.close()
        await self.there.close()


@pytest_asyncio.fixture
async def place(processes: Processes) -> AsyncIterator[Place]:
    place = await Place(processes).open()
    yield place
    await place.close()


def redact(offset: int, event: AnyEvent | None = None) -> Draft:
    """The erasing of a message, which another event may bring about."""
    erased = MessagePosted("ada", "", "o")
    return Draft((event or Redacted(offset, "mod"),), secrets.token_hex(8), erases=((offset, erased),))
