"""Which processes live, and which formats they read.

Each process keeps a key from expiring. What it reads stands beside it in one hash, where all find each other: only what the
oldest of them reads may be stored.
"""

from collections.abc import Sequence
from contextlib import suppress

from chatroom.core.formats import OLDEST
from chatroom.core.limits import LEASE_SECONDS
from chatroom.log.base import LogUnavailable
from chatroom.log.redis_commands import Commands
from chatroom.log.redis_life import Life

FORMATS = b"chatroom:lease:formats"
"""The format that each process reads, by process."""


class Leases:
    """`lowest` is the lowest format that a living process reads, as of the last `renew`."""

    def __init__(self, commands: Commands, life: Life) -> None:
        self._commands, self._life = commands, life
        self.lowest = OLDEST
        self._own = set[bytes]()

    async def renew(self, process: str, reads: int) -> None:
        """Also takes note of the server's life: who has no room yet must know when rooms may be missing."""
        self._own.add(process.encode())
        await self._commands.set_for(LEASE_SECONDS, lease(process))
        known = await self._commands.keep_field(LEASE_SECONDS, FORMATS, process.encode(), b"%d" % reads)
        await self._life.ask()
        gone = await self._gone(list(known))
        if gone:
            await self._commands.drop_fields(FORMATS, gone)
        lowest = min([reads, *(int(known[name]) for name in known.keys() - set(gone))])
        self.lowest = min(lowest, self.lowest) if self._life.young else lowest

    async def close(self) -> None:
        """Nothing is read here any more. The leases run out by themselves: until then people come back elsewhere."""
        if self._own:
            with suppress(LogUnavailable):
                await self._commands.drop_fields(FORMATS, list(self._own))

    async def _gone(self, processes: list[bytes]) -> list[bytes]:
        living = await self._commands.existing([lease(process.decode()) for process in processes])
        return [process for process, lives in zip(processes, living, strict=True) if not lives]

    async def alive(self, processes: Sequence[str]) -> frozenset[str]:
        """After a loss of data all are taken to live until they had time to renew their leases."""
        await self._life.ask()
        if self._life.young:
            return frozenset(processes)
        found = await self._commands.existing([lease(process) for process in processes])
        return frozenset(process for process, exists in zip(processes, found, strict=True) if exists)


def lease(process: str) -> bytes:
    """The key that lives as long as the process renews it; its name is random and tells nothing."""
    return b"chatroom:lease:" + process.encode()
