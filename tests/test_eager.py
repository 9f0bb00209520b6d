"""A coroutine that does not wait is done when its start returns; one that waits goes on as a task."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

import pytest

from chatroom.live.eager import eagerly


class Spawned:
    def __init__(self) -> None:
        self.tasks: list[asyncio.Task[None]] = []
        self.run = eagerly(self._spawn)

    def _spawn(self, work: Coroutine[Any, Any, None]) -> None:
        self.tasks.append(asyncio.get_running_loop().create_task(work))


async def test_what_does_not_wait_is_done_at_once() -> None:
    spawned, said = Spawned(), []

    async def work() -> None:
        said.append("done")

    spawned.run(work())
    assert (said, spawned.tasks) == (["done"], [])


async def test_what_waits_goes_on_as_a_task() -> None:
    spawned, said, answer = Spawned(), [], asyncio.get_running_loop().create_future()

    async def work() -> None:
        said.append("begun")
        said.append(await answer)
        async with asyncio.timeout(10):
            await asyncio.sleep(0)
            said.append("in a task")

    spawned.run(work())
    assert said == ["begun"]
    answer.set_result("answered")
    await asyncio.gather(*spawned.tasks)
    assert said == ["begun", "answered", "in a task"]


async def test_what_it_waits_for_may_fail_and_be_caught() -> None:
    spawned, said, answer = Spawned(), [], asyncio.get_running_loop().create_future()

    async def work() -> None:
        try:
            await answer
        except OSError:
            said.append("caught")
            await asyncio.sleep(0)
        raise ZeroDivisionError

    spawned.run(work())
    answer.set_exception(OSError())
    with pytest.raises(ZeroDivisionError):
        await asyncio.gather(*spawned.tasks)
    assert said == ["caught"]


async def test_it_can_be_cancelled_while_it_waits() -> None:
    spawned, said = Spawned(), []

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            said.append("tidied up")

    spawned.run(work())
    await asyncio.sleep(0)
    spawned.tasks[0].cancel()
    with pytest.raises(asyncio.CancelledError):
        await spawned.tasks[0]
    assert said == ["tidied up"]


async def test_a_failure_before_it_waits_reaches_the_log_and_not_the_caller(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        raise ZeroDivisionError

    with caplog.at_level(logging.ERROR, "chatroom.live"):
        Spawned().run(work())
    assert [record.message for record in caplog.records] == ["task_failed"]
