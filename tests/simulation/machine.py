"""The simulated machine: one event loop with a clock of its own, processes that freeze and die, and seeded randomness."""

import asyncio
import os
import random
import secrets
import time
from asyncio.events import _set_running_loop as set_running_loop
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from contextvars import Context, ContextVar, copy_context
from functools import lru_cache
from heapq import heappop, heappush
from itertools import count
from typing import Any, TypeVar, TypeVarTuple, Unpack
from unittest.mock import patch

from chatroom.live.session import Session

START_SECONDS = 1_700_000_000.0
CALLBACKS_AT_MOST = 1_000_000
"""About a hundred times what a schedule needs."""

Arguments = TypeVarTuple("Arguments")
Result = TypeVar("Result")


class Process:
    """What runs in its `context` belongs to it: while it is frozen nothing of it happens, once killed nothing ever does."""

    def __init__(self) -> None:
        self.frozen = self.killed = False
        self.context = Context()
        self.context.run(_process.set, self)
        self.held: list[Timer] = []


_process: ContextVar[Process] = ContextVar("process")


class Stuck(Exception):
    """Nothing is left that could happen, or it never ends."""


class Timer(asyncio.TimerHandle):
    """What is to be called, at once or later. It is made often: there is nothing in it but what is needed."""

    __slots__ = ()

    def __init__(self, when: float, callback: Callable[..., object], arguments: tuple[Any, ...], context: Context) -> None:
        self._when, self._callback, self._args, self._context, self._cancelled = when, callback, arguments, context, False

    def cancel(self) -> None:
        self._cancelled = True


class Loop(asyncio.BaseEventLoop):
    """Time jumps to the next timer whenever nothing else is left to do. There are no sockets and no threads."""

    def __init__(self) -> None:
        super().__init__()
        self._now = START_SECONDS
        self._callbacks = 0
        self._next = deque[Timer]()
        self._later: list[tuple[float, int, Timer]] = []
        """A heap; of those at the same time the one that was made first comes first."""
        self._made = count()
        self.failures: list[str] = []
        self.set_exception_handler(lambda loop, context: self.failures.append(str(context)))

    def time(self) -> float:
        return self._now

    def call_soon(
        self, callback: Callable[[Unpack[Arguments]], object], *args: *Arguments, context: Context | None = None
    ) -> asyncio.Handle:
        timer = Timer(0, callback, args, context or copy_context())
        self._next.append(timer)
        return timer

    def call_later(
        self,
        delay: float,
        callback: Callable[[Unpack[Arguments]], object],
        *args: *Arguments,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        when = self._now + delay
        timer = Timer(when, callback, args, context or copy_context())
        heappush(self._later, (when, next(self._made), timer))
        return timer

    def call_at(
        self,
        when: float,
        callback: Callable[[Unpack[Arguments]], object],
        *args: *Arguments,
        context: Context | None = None,
    ) -> asyncio.TimerHandle:
        timer = Timer(when, callback, args, context or copy_context())
        heappush(self._later, (when, next(self._made), timer))
        return timer

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Arguments]], Result], *args: *Arguments
    ) -> asyncio.Future[Result]:
        """At once, and only once for the same arguments: what is run so is slow on purpose."""
        future: asyncio.Future[Result] = self.create_future()
        future.set_result(_remembered(func, *args))
        return future

    def run_until_complete(self, future: Awaitable[Result]) -> Result:  # type: ignore[override]
        task: asyncio.Future[Result] = asyncio.ensure_future(future, loop=self)
        set_running_loop(self)
        try:
            while not task.done():
                self._turn()
        finally:
            set_running_loop(None)
        return task.result()

    def _turn(self) -> None:
        """What is due, but not what comes of it."""
        following, later = self._next, self._later
        if not following:
            self._pass_time()
        while later and later[0][0] <= self._now:
            following.append(heappop(later)[2])
        self._callbacks += len(following)
        if self._callbacks > CALLBACKS_AT_MOST:
            raise Stuck
        for _ in range(len(following)):
            timer = following.popleft()
            if timer._cancelled:
                continue
            context = timer._context
            process = context.get(_process)
            if process is not None and process.frozen:
                process.held.append(timer)
                continue
            try:
                context.run(timer._callback, *timer._args)
            except Exception as error:
                self.failures.append(repr(error))

    def _pass_time(self) -> None:
        later = self._later
        while later and later[0][2]._cancelled:
            heappop(later)
        if not later:
            raise Stuck
        self._now = max(self._now, later[0][0])

    def freeze(self, process: Process) -> None:
        process.frozen = True

    def kill(self, process: Process) -> None:
        process.frozen = process.killed = True

    def thaw(self, process: Process) -> None:
        """What should have happened meanwhile happens now."""
        if not process.killed:
            self._release(process)

    def _release(self, process: Process) -> None:
        process.frozen = False
        self._next.extend(process.held)
        process.held.clear()

    def bury(self, processes: list[Process]) -> None:
        """Cancel every task there is, those of the dead too, and close."""
        self._callbacks = 0
        tasks = asyncio.all_tasks(self)
        for task in tasks:
            task.cancel()
        for process in processes:
            self._release(process)
        if tasks:
            self.run_until_complete(asyncio.wait(tasks))
        self.close()


@lru_cache(100)
def _remembered(func: Callable[..., Result], *args: Any) -> Result:
    return func(*args)


@contextmanager
def seeded(seed: int, loop: Loop) -> Iterator[random.Random]:
    """All randomness comes from the seed, all time from the loop. What is given is for the simulation itself."""
    source = random.Random(f"the program {seed}")
    state = random.getstate()
    random.seed(f"its jitter {seed}")
    with ExitStack() as stack:
        stack.callback(random.setstate, state)
        stack.enter_context(patch.object(time, "monotonic", loop.time))
        stack.enter_context(patch.object(os, "urandom", source.randbytes))
        stack.enter_context(patch.object(secrets, "token_bytes", source.randbytes))
        stack.enter_context(patch.object(secrets, "token_hex", lambda count: source.randbytes(count).hex()))
        # The order of a set of sessions is that of their hashes, which are addresses in memory.
        stack.enter_context(patch.object(Session, "__hash__", lambda session: int(session.id, 36)))
        yield random.Random(f"the world {seed}")
