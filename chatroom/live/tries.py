"""Guesses at a secret: whoever fails pays, and a source that has failed often waits for its turn in place of being refused."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from chatroom.core.limits import Rate
from chatroom.core.refusals import Refused
from chatroom.live.sources import Gate, Source

MAX_WAITING = 64
"""Of one source, at once: a whole clinic that comes in as its meeting starts."""


class WrongGuess(Refused):
    """The guess was wrong."""


class Tries(Gate):
    """Every guess is charged before it is made, and only a wrong one stays so."""

    def __init__(self, rate: Rate, monotonic: Callable[[], float]) -> None:
        super().__init__(rate, monotonic)
        self._waiting: dict[bytes, list[asyncio.Future[None]]] = {}

    @asynccontextmanager
    async def guess(self, source: Source) -> AsyncIterator[None]:
        """Make a guess when it is time: raise WrongGuess if it is wrong. Raises Refused slow_down when too many wait."""
        await self._turn(source)
        try:
            yield
        except WrongGuess:
            raise
        except BaseException:
            self._give_back(source)
            raise
        else:
            self._give_back(source)

    async def _turn(self, source: Source) -> None:
        """Wait until this source may guess, and charge it.

        The newest goes first: behind an address from which someone guesses without end, whoever knows the secret gets in.
        When too many wait there, the one that has waited longest is refused.
        """
        if source[0] not in self._waiting and not self.wait(source):
            self.take(source)
            return
        future = asyncio.get_running_loop().create_future()
        waiting = self._waiting.setdefault(source[0], [])
        waiting.append(future)
        if len(waiting) == 1:
            self._look_later(source)
        if len(waiting) > MAX_WAITING:
            waiting.pop(0).set_exception(Refused("slow_down", self.wait(source)))
        await future

    def _give_back(self, source: Source) -> None:
        """The guess was right, or never made."""
        self.give_back(source)
        self._let_go_on(source)

    def _look_later(self, source: Source) -> None:
        asyncio.get_running_loop().call_later(self.wait(source), self._look, source)

    def _look(self, source: Source) -> None:
        self._let_go_on(source)
        if source[0] in self._waiting:
            self._look_later(source)

    def _let_go_on(self, source: Source) -> None:
        waiting = self._waiting.get(source[0], [])
        while waiting and not self.wait(source):
            newest = waiting.pop()
            if not newest.done():
                self.take(source)
                newest.set_result(None)
        if not waiting:
            self._waiting.pop(source[0], None)
