"""An event loop whose clock stands still until a test lets time pass."""

import asyncio
import functools
from collections import deque
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor
from typing import Any, ParamSpec, TypeVar, TypeVarTuple, Unpack

START_SECONDS = 1_000_000.0
SHORT_SECONDS = 0.3
"""A pause up to this long, such as between two writes of a fan-out, counts as now."""

Parameters = ParamSpec("Parameters")
Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class FakeTimeLoop(asyncio.SelectorEventLoop):
    """`time()` moves only in `settle` and `advance`. Threads run as ever, and are waited for."""

    _ready: "deque[asyncio.Handle]"
    _scheduled: "list[asyncio.TimerHandle]"

    def __init__(self) -> None:
        super().__init__()
        self._now = START_SECONDS
        self._in_threads: set[asyncio.Future[Any]] = set()

    def time(self) -> float:
        return self._now

    def milliseconds(self) -> int:
        """The same clock in milliseconds, for a log."""
        return round(self._now * 1000)

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Arguments]], Result], *args: *Arguments
    ) -> asyncio.Future[Result]:
        future = super().run_in_executor(executor, func, *args)
        self._in_threads.add(future)
        future.add_done_callback(self._in_threads.discard)
        return future

    async def now(self) -> None:
        """Return when everything has happened that happens without time passing."""
        await asyncio.sleep(0)
        while self._ready or self._in_threads:
            if self._ready:
                await asyncio.sleep(0)
            else:
                await asyncio.wait(self._in_threads)

    async def settle(self) -> None:
        """The same, with short pauses skipped."""
        await self.now()
        while (due := self._next_due()) <= self._now + SHORT_SECONDS:
            await self._jump(due)

    async def advance(self, seconds: float) -> None:
        """Let time pass, timer by timer."""
        await self.now()
        end = self._now + seconds
        while (due := self._next_due()) <= end:
            await self._jump(due)
        await self._jump(end)

    async def _jump(self, to: float) -> None:
        self._now = max(self._now, to)
        await self.now()

    def _next_due(self) -> float:
        return min((timer.when() for timer in self._scheduled if not timer.cancelled()), default=float("inf"))


def fake_time_loop() -> FakeTimeLoop:
    """The loop that the test runs in."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, FakeTimeLoop)
    return loop


def in_fake_time(test: Callable[Parameters, Coroutine[Any, Any, Result]]) -> Callable[Parameters, Result]:
    """Run an async test in a loop of its own, in which time stands still."""

    @functools.wraps(test)
    def run(*args: Parameters.args, **kwargs: Parameters.kwargs) -> Result:
        with asyncio.Runner(loop_factory=FakeTimeLoop) as runner:
            return runner.run(test(*args, **kwargs))

    return run
