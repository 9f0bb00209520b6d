"""Hashes that are slow on purpose (Argon2id, scrypt), off the event loop, at most two at once, the sources in turn."""

import asyncio
import ctypes
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from chatroom.core.passphrase import prepare_passphrase
from chatroom.core.refusals import Refused
from chatroom.live.sources import Source
from chatroom.live.turns import Turns

AT_ONCE = 2
WAITING_AT_MOST = 100

hasher = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""Argon2id (RFC 9106) with the parameters OWASP recommends: 19 MiB, 2 passes, 1 lane."""

T = TypeVar("T")

M_MMAP_THRESHOLD = -3
LARGE_BYTES = 2**20


def return_large_blocks() -> None:
    """Have glibc give blocks of LARGE_BYTES or more back to the system when freed; a hash needs 8 or 19 MiB for 20 ms.

    Without a fixed threshold glibc keeps them after the second time. Elsewhere nothing happens.
    """
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt is not None:
        mallopt(M_MMAP_THRESHOLD, LARGE_BYTES)


class SlowHashes:
    def __init__(self) -> None:
        return_large_blocks()
        self._executor = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="slow-hash")
        self._turns = Turns(AT_ONCE, WAITING_AT_MOST)
        self._waiting = 0

    async def in_turn(self, source: Source, function: Callable[..., T], *arguments: object) -> T:
        """Run a slow hash when it is this source's turn. Raises Refused server_busy when too many wait."""
        async with self._turns.of(source):
            return await self.run(function, *arguments)

    async def run(self, function: Callable[..., T], *arguments: object) -> T:
        """Run a slow hash in a thread. Raises Refused server_busy when too many wait."""
        if self._waiting >= WAITING_AT_MOST:
            raise Refused("server_busy", 5)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, function, *arguments)
        finally:
            self._waiting -= 1

    async def hash(self, passphrase: str, source: Source) -> str:
        """The Argon2id hash of a passphrase. Raises Refused: passphrase_not_allowed, server_busy."""
        return await self.in_turn(source, hasher.hash, prepare_passphrase(passphrase))

    async def verify(self, passphrase_hash: str, passphrase: str, source: Source) -> bool:
        """Whether the passphrase is the one of this hash; one that nobody could set is not. Raises Refused server_busy."""
        try:
            prepared = prepare_passphrase(passphrase)
        except Refused:
            return False
        return await self.in_turn(source, _verify, passphrase_hash, prepared)

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)


def _verify(passphrase_hash: str, passphrase: str) -> bool:
    try:
        return hasher.verify(passphrase_hash, passphrase)
    except (VerificationError, InvalidHashError):
        return False
