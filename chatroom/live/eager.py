"""Running a coroutine at once, as the eager tasks of Python 3.12 do, for coroutines that hardly ever wait."""

import asyncio
import logging
from collections.abc import Callable, Coroutine, Generator
from types import coroutine
from typing import Any

logger = logging.getLogger("chatroom.live")

Spawn = Callable[[Coroutine[Any, Any, None]], asyncio.Task[None] | None]
"""Starts a coroutine; gives its task, if it became one."""


def eagerly(spawn: Spawn) -> Spawn:
    """A `spawn` that runs a coroutine before it returns; only one that waits becomes a task, from there on.

    What runs before the first wait must not ask for its task, as `asyncio.timeout` does.
    """

    def run(work: Coroutine[Any, Any, None]) -> asyncio.Task[None] | None:
        try:
            waits_for = work.send(None)
        except StopIteration:
            return None
        except Exception:
            logger.exception("task_failed")
            return None
        return spawn(_go_on(work, waits_for))

    return run


async def _go_on(work: Coroutine[Any, Any, None], waits_for: object) -> None:
    await _rest(work, waits_for)


@coroutine
def _rest(work: Coroutine[Any, Any, None], waits_for: object) -> Generator[object, Any, None]:
    """Wait in the coroutine's place, then step it again."""
    while True:
        try:
            given, step = (yield waits_for), work.send
        except BaseException as error:
            given, step = error, work.throw
        try:
            waits_for = step(given)
        except StopIteration:
            return
