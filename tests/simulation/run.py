"""One seed, one schedule, one verdict."""

import asyncio
import gc
import inspect
import logging
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from unittest.mock import patch

import msgspec
from history import check
from meeting import plain
from recording import Frame, History
from screen import Screen

from chatroom.core.limits import SNAPSHOT_MESSAGES
from chatroom.core.room import Room
from chatroom.core.snapshot import room_view
from simulation.machine import START_SECONDS, Loop, seeded
from simulation.steps import STEPS
from simulation.town import KEY, Host, Town

SNAPSHOT_EVERY_ENTRIES = 40
RESUMED_ENTRIES_AT_MOST = 60
"""Smaller than in the product, so that a schedule gets past them."""
STEPS_OF_A_SCHEDULE = (20, 40, 80, 160, 300)
"""Many short ones meet more faults in a minute; the long ones get past the limits above."""
PAUSES_SECONDS = (0.0, 0.02, 0.1, 0.1, 0.4, 2.0)
NO_SUCH_ROOM, ENDED, REMOVED, LEFT = 4500, 4501, 4502, 4504
GONE = (NO_SUCH_ROOM, ENDED, REMOVED, LEFT)


class Verdict(msgspec.Struct):
    """What is wrong, and how much was done to find it."""

    wrong: list[str]
    entries: int
    messages: int
    resumes: int
    happened: list[str]
    """The steps, with the seconds since the beginning."""
    history: History


class _Errors(logging.Handler):
    """The product logs an error only where something is broken in itself."""

    def __init__(self, failures: list[str]) -> None:
        super().__init__(logging.ERROR)
        self.failures = failures

    def emit(self, record: logging.LogRecord) -> None:
        self.failures.append(f"{record.getMessage()} {record.exc_info[1]!r}" if record.exc_info else record.getMessage())


@contextmanager
def _noting_errors(loop: Loop) -> Iterator[None]:
    logger, handler = logging.getLogger("chatroom"), _Errors(loop.failures)
    logger.addHandler(handler)
    try:
        yield
    finally:
        logger.removeHandler(handler)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Almost nothing becomes garbage before a schedule is over, and looking for it takes a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def run(seed: int) -> Verdict:
    """Play the schedule of this seed."""
    loop = Loop()
    with _uncollected(), seeded(seed, loop) as world, ExitStack() as stack:
        stack.enter_context(patch("chatroom.live.writer.SNAPSHOT_EVERY_ENTRIES", SNAPSHOT_EVERY_ENTRIES))
        stack.enter_context(patch("chatroom.live.history.RESUMED_ENTRIES_AT_MOST", RESUMED_ENTRIES_AT_MOST))
        stack.enter_context(_noting_errors(loop))
        town = Town(loop, world)
        try:
            return loop.run_until_complete(_play(town))
        finally:
            loop.bury(town.processes)


async def _play(town: Town) -> Verdict:
    await town.open()
    await asyncio.sleep(1)
    count = town.world.choice(STEPS_OF_A_SCHEDULE)
    happened = []
    for step in town.world.choices(list(STEPS), list(STEPS.values()), k=count):
        happened.append(f"{town.loop.time() - START_SECONDS:7.2f} {step.__qualname__}")
        happening = step(town)
        if inspect.isawaitable(happening):
            await happening
        await asyncio.sleep(town.world.choice(PAUSES_SECONDS))
    may_end = _may_end(town)
    await town.heal()
    wrong = (
        [] if await town.settle() else [f"{p.name} is not back: {p.state}, {p.unsent}" for p in town.people if not p.settled]
    )
    return await _judge(town, wrong, happened, may_end)


def _may_end(town: Town) -> bool:
    """Some meetings end before all faults are healed, although perhaps nobody is connected who could be told."""
    if town.world.random() < 0.15:
        town.people[0].ask("end")
        return True
    return False


async def _judge(town: Town, wrong: list[str], happened: list[str], may_end: bool) -> Verdict:
    wrong += [str(violation) for violation in check(town.history)]
    ended = any(person.code == ENDED for person in town.people) or (may_end and not town.server.data.rooms)
    if ended:
        wrong += _is_over(town)
        room = Room()
    else:
        room = await _log_as_it_is(town)
        wrong += [text for host in town.hosts for text in _differs(host, room)]
        wrong += _screens(town, room)
    wrong += town.loop.failures
    stretches = [stretch for client in town.history.clients for stretch in client.stretches]
    return Verdict(
        wrong=wrong,
        happened=happened,
        entries=room.offset,
        messages=len(room.messages),
        resumes=sum(stretch.recovered for stretch in stretches),
        history=town.history,
    )


async def _log_as_it_is(town: Town) -> Room:
    """The room as a process finds it that has just started. Raises LogGone, LogUnavailable."""
    fresh = await town.new_host()
    live = await town.loop.create_task(fresh.hub._load(KEY), context=fresh.process.context)
    return live.room


def _is_over(town: Town) -> Iterator[str]:
    """What is still there after the end."""
    yield from (f"the server keeps {len(town.server.data.rooms)} rooms" for _ in town.server.data.rooms)
    yield from ("a process keeps the room" for host in town.hosts if host.room)
    yield from (f"{p.name} is still there: {p.state}, {p.code}" for p in town.people if p.code not in GONE)


def _differs(host: Host, room: Room) -> Iterator[str]:
    """How the room of a process is not the one that the log holds."""
    if host.room and host.room.room != room:
        here = host.room.room
        names = [name for name in Room.__struct_fields__ if getattr(here, name) != getattr(room, name)]
        yield f"a process differs from the log in {names}"


def _screens(town: Town, room: Room) -> Iterator[str]:
    """How the page of someone is not what the room is for this person."""
    for person in town.people:
        if person.state == "in" and person.screen:
            view = plain(room_view(room, room.people[person.recorder.participant]))
            shown = _shortened(person.screen)
            different = [name for name in view if name != "more" and view[name] != shown.get(name)]
            yield from (f"{person.name} sees {name} {shown.get(name)}, not {view[name]}" for name in different)
        elif person.state == "out" and person.code not in (REMOVED, LEFT):
            yield f"{person.name} was sent away with {person.code}"


def _shortened(screen: Screen) -> Frame:
    """The page with no more messages than a snapshot has."""
    messages = screen.room["messages"][-SNAPSHOT_MESSAGES:]
    offsets = {str(message["id"]) for message in messages}
    mine = {offset: own for offset, own in screen.room["me"]["reactions"].items() if offset in offsets}
    return screen.room | {"messages": messages, "me": screen.room["me"] | {"reactions": mine}}
