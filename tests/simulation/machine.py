"""The simulated machine: one event loop with a clock of its own, processes that freeze and die, and seeded randomness."""

import asyncio
import heapq
import os
import random
import secrets
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from contextlib import ExitStack, contextmanager
from contextvars import Context, ContextVar
from functools import lru_cache
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
        self.held: list[asyncio.Handle] = []


_process: ContextVar[Process] = ContextVar("process")


class Stuck(Exception):
    """Nothing is left that could happen, or it never ends."""


class Loop(asyncio.BaseEventLoop):
    """Time jumps to the next timer whenever nothing else is left to do. There are no sockets and no threads."""

    _ready: "deque[asyncio.Handle]"
    _scheduled: "list[asyncio.TimerHandle]"

    def __init__(self) -> None:
        super().__init__()
        self._now = START_SECONDS
        self._callbacks = 0
        self.failures: list[str] = []
        self.set_exception_handler(lambda loop, context: self.failures.append(str(context)))

    def time(self) -> float:
        return self._now

    def run_in_executor(
        self, executor: Executor | None, func: Callable[[Unpack[Arguments]], Result], *args: *Arguments
    ) -> asyncio.Future[Result]:
        """At once, and only once for the same arguments: what is run so is slow on purpose."""
        future: asyncio.Future[Result] = self.create_future()
        future.set_result(_remembered(func, *args))
        return future

    def _run_once(self) -> None:
        if not self._ready:
            if not self._scheduled:
                raise Stuck
            self._now = max(self._now, self._scheduled[0].when())
        while self._scheduled and self._scheduled[0].when() <= self._now:
            timer = heapq.heappop(self._scheduled)
            timer._scheduled = False  # type: ignore[attr-defined]
            self._ready.append(timer)
        self._callbacks += len(self._ready)
        if self._callbacks > CALLBACKS_AT_MOST:
            raise Stuck
        for _ in range(len(self._ready)):
            self._run(self._ready.popleft())

    def _run(self, handle: asyncio.Handle) -> None:
        context: Context = handle._context  # type: ignore[attr-defined]
        process = context.get(_process)
        if process and process.frozen:
            process.held.append(handle)
        elif not handle.cancelled():
            handle._run()

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
        self._ready.extend(process.held)
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
