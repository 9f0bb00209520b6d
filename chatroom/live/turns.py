"""Few at once, and in turn: one of each source, so that a source with many delays the others by one each."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chatroom.core.refusals import Refused
from chatroom.live.sources import Source


class Turns:
    """`at_once` go at a time; with those who wait they are `most`."""

    def __init__(self, at_once: int, most: int) -> None:
        self._free, self._may_wait = at_once, most - at_once
        self._waiting: dict[bytes, deque[asyncio.Future[None]]] = {}
        """By their widest networks, whose turn is next first."""

    @asynccontextmanager
    async def of(self, source: Source) -> AsyncIterator[None]:
        """Wait for a turn, and have it. Raises Refused server_busy when too many wait, first of all for those with many."""
        if self._free:
            self._free -= 1
        else:
            await self._wait(source[-1])
        try:
            yield
        finally:
            self._pass_on()

    async def _wait(self, network: bytes) -> None:
        future = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(network, deque()).append(future)
        if sum(map(len, self._waiting.values())) > self._may_wait:
            self._refuse_one_of(network)
        try:
            await future
        except asyncio.CancelledError:
            if future.cancelled():
                self._forget(future)
            else:
                self._pass_on()
            raise

    def _refuse_one_of(self, network: bytes) -> None:
        """The newest of this one, or of one that has more."""
        mine, longest = self._waiting[network], max(self._waiting.values(), key=len)
        newest = longest[-1] if len(longest) > len(mine) else mine[-1]
        self._forget(newest)
        newest.set_exception(Refused("server_busy", 5))

    def _pass_on(self) -> None:
        while self._waiting:
            network, waiting = next(iter(self._waiting.items()))
            next_one = waiting[0]
            self._forget(next_one)
            if network in self._waiting:
                self._waiting[network] = self._waiting.pop(network)
            if not next_one.done():
                next_one.set_result(None)
                return
        self._free += 1

    def _forget(self, future: asyncio.Future[None]) -> None:
        for network, waiting in list(self._waiting.items()):
            if future in waiting:
                waiting.remove(future)
                if not waiting:
                    del self._waiting[network]
