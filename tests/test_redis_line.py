"""The line to Redis: every question gets its own answer, or none."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from followers import GUARD_SECONDS
from relay import Relay

from chatroom.log.base import LogUnavailable
from chatroom.log.redis_commands import Commands
from chatroom.log.redis_line import Asking

SOON_SECONDS = 0.05
"""A patience that ends in a test."""


@pytest_asyncio.fixture
async def relay(valkey_url: str) -> AsyncIterator[Relay]:
    async with Relay(int(valkey_url.rpartition(":")[2])) as relay:
        yield relay


@pytest_asyncio.fixture
async def commands(relay: Relay) -> AsyncIterator[Commands]:
    commands = Commands(relay.url)
    yield commands
    await commands.close()


@pytest_asyncio.fixture
async def asking(commands: Commands) -> AsyncIterator[Asking]:
    asking = Asking(commands.line, GUARD_SECONDS)
    yield asking
    await asking.close()


async def held(relay: Relay, asking: Asking, *words: str) -> list[asyncio.Task[object]]:
    """Questions that were asked, on a line that is connected, while their answers are on the way."""
    assert await asking.ask("ECHO", "before") == b"before"
    relay.hold_answers()
    tasks: list[asyncio.Task[object]] = [asyncio.create_task(asking.ask("ECHO", word)) for word in words]
    await relay.held.wait()
    return tasks


async def test_many_questions_at_once_get_their_own_answers(asking: Asking) -> None:
    words = [str(number) for number in range(300)]
    assert await asyncio.gather(*[asking.ask("ECHO", word) for word in words]) == [word.encode() for word in words]


async def test_a_question_given_up_takes_no_answer_from_another(relay: Relay, asking: Asking) -> None:
    first, given_up, last = await held(relay, asking, "first", "given up", "last")
    given_up.cancel()
    await asyncio.wait([given_up])
    relay.release_answers()
    assert [await first, await last] == [b"first", b"last"]


@pytest.mark.parametrize("together", [False, True])
async def test_a_question_that_cannot_be_sent_takes_no_answer_from_another(asking: Asking, together: bool) -> None:
    words = ("ECHO", "\ud800")
    with pytest.raises(UnicodeEncodeError):
        await (asking.ask_all([("ECHO", "whole"), words]) if together else asking.ask(*words))
    assert await asking.ask_all([("ECHO", "one"), ("ECHO", "two")]) == [b"one", b"two"]


async def test_a_lost_connection_leaves_nobody_waiting_and_the_next_question_connects(relay: Relay, asking: Asking) -> None:
    tasks = await held(relay, asking, "one", "two")
    relay.reset()
    for task in tasks:
        with pytest.raises(LogUnavailable):
            await task
    relay.release_answers()
    assert await asking.ask("ECHO", "three") == b"three"


async def test_an_overdue_answer_is_nobodys(relay: Relay, commands: Commands) -> None:
    asking = Asking(commands.line, SOON_SECONDS)
    await asking._connect()
    relay.hold_answers()
    answers = await asyncio.gather(asking.ask("ECHO", "one"), asking.ask("ECHO", "two"), return_exceptions=True)
    assert [type(answer) for answer in answers] == [LogUnavailable] * 2
    relay.release_answers()
    patient = Asking(commands.line, GUARD_SECONDS)
    assert await patient.ask("ECHO", "three") == b"three"
    await patient.close()
    await asking.close()


async def test_without_a_server_a_question_is_refused(relay: Relay, asking: Asking) -> None:
    await relay.cut()
    with pytest.raises(LogUnavailable):
        await asyncio.gather(asking.ask("ECHO", "one"), asking.ask("ECHO", "two"))


async def test_a_fault_in_who_takes_the_answers_ends_the_line(commands: Commands) -> None:
    def take(answer: object) -> None:
        raise ZeroDivisionError

    line = await commands.line(take)
    line.send(("ECHO", "x"))
    assert type(await line.ended) is ZeroDivisionError
