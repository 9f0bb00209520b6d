"""Waiting for what others bring about, without asking again and again."""

import asyncio
from collections.abc import Callable


class Bell:
    """Rung whenever anything changed."""

    def __init__(self) -> None:
        self._rung = asyncio.Event()

    def ring(self) -> None:
        self._rung.set()
        self._rung = asyncio.Event()

    async def until(self, ready: Callable[[], object], at_most_seconds: float) -> bool:
        """Whether it came about in time."""
        try:
            async with asyncio.timeout(at_most_seconds):
                while not ready():
                    await self._rung.wait()
        except TimeoutError:
            return False
        return True
