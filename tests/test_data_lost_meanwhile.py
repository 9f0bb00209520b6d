"""A server that loses its data while a process is looking: a room that may come back is not taken for gone."""

import asyncio
import random
import time
from types import SimpleNamespace

import pytest
from followers import FAR_MS, ROOM, Heard, draft, post
from redis_faults import check, only_when_asked
from simulation.machine import Process
from simulation.server import Data, Server
from simulation.way import Way

from chatroom.core.events import Ended
from chatroom.core.formats import FORMAT
from chatroom.core.limits import EXPIRY_GRACE_SECONDS
from chatroom.log.base import LogUnavailable
from chatroom.log.redis import RedisLogs
from chatroom.log.redis_commands import Call, Script
from chatroom.log.redis_stored import READ

KEY = bytes(32)


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    only_when_asked(monkeypatch)


class Losing(Way):
    """When `armed`, the server loses everything just before the next time a log is read."""

    armed = False

    async def run(self, script: Script, call: Call) -> object:
        if self.armed and script is READ:
            self.armed = False
            self.server.restart(Data())
            for subscription in list(self.subscriptions):
                subscription.cut()
        return await super().run(script, call)


def a_server() -> Server:
    return Server(asyncio.get_running_loop())


def a_process(server: Server) -> tuple[Losing, RedisLogs]:
    way = Losing(server, Process(), random.Random(1))
    return way, RedisLogs(way)


async def opened(server: Server) -> None:
    _, logs = a_process(server)
    await logs.create(KEY, ROOM, logs.now() + FAR_MS)
    await logs.close()


async def test_a_process_without_rooms_knows_that_rooms_may_be_missing() -> None:
    server = a_server()
    await opened(server)
    _, logs = a_process(server)
    await logs.renew("a process", FORMAT)
    server.restart(Data())
    with pytest.raises(LogUnavailable):
        await logs.log(KEY).follow(Heard())
    await logs.close()


async def test_a_room_that_is_lost_while_it_is_looked_for_may_come_back() -> None:
    server = a_server()
    await opened(server)
    way, logs = a_process(server)
    await logs.renew("a process", FORMAT)
    way.armed = True
    with pytest.raises(LogUnavailable):
        await logs.log(KEY).follow(Heard())
    await logs.close()


async def test_a_room_that_is_lost_while_two_histories_are_brought_together_is_brought_back() -> None:
    server = a_server()
    await opened(server)
    way, logs = a_process(server)
    heard, log = Heard(), logs.log(KEY)
    await heard.follow(log)
    await log.append([post("one")], decided_at=1, expires_at=logs.now() + FAR_MS)
    (room,) = server.data.rooms.values()
    room.epoch = b"another0"
    way.armed = True
    await logs.check()
    await heard.until(lambda: heard.times_gone > 0 or (not way.armed and bool(server.data.rooms)))
    assert heard.times_gone == 0
    await logs.close()


async def test_a_room_that_is_found_ended_is_not_brought_back() -> None:
    """Who missed the end and a loss of data after it finds the end in what was saved."""
    server = a_server()
    await opened(server)
    way, logs = a_process(server)
    heard, log = Heard(), logs.log(KEY)
    await heard.follow(log)
    way.faults.deliveries = 1
    _, others = a_process(server)
    await others.log(KEY).append([draft(Ended("ada"))], decided_at=1, expires_at=logs.now() + FAR_MS)
    (room,) = server.data.rooms.values()
    ends_at = room.expires_at
    assert ends_at <= logs.now() + EXPIRY_GRACE_SECONDS * 1000
    way.faults.deliveries = 0
    server.restart(server.copy())
    for subscription in list(way.subscriptions):
        subscription.cut()
    await check(logs)
    await heard.until_gone()
    (room,) = server.data.rooms.values()
    assert room.expires_at == ends_at
    await logs.close()


async def test_a_server_that_does_not_answer_has_an_ended_room_erased_when_it_does() -> None:
    server = a_server()
    await opened(server)
    _, logs = a_process(server)
    log = logs.log(KEY)
    await log.append([draft(Ended("ada"))], decided_at=1, expires_at=logs.now() + FAR_MS)
    server.process.killed = True
    await log.erase(logs.now() + FAR_MS)
    assert server.data.rooms
    server.process.killed = False
    await logs.renew("a process", FORMAT)
    assert not server.data.rooms
    await logs.close()


async def test_a_room_is_erased_again_as_long_as_it_might_have_lasted(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the end left of its time is over long before that, when the server comes back with data of before the end."""
    server = a_server()
    await opened(server)
    _, logs = a_process(server)
    log, saved = logs.log(KEY), server.copy()
    await log.append([draft(Ended("ada"))], decided_at=1, expires_at=logs.now() + FAR_MS)
    await log.erase(logs.now() + FAR_MS)
    later = time.monotonic() + 2 * EXPIRY_GRACE_SECONDS
    monkeypatch.setattr("chatroom.log.redis_life.time", SimpleNamespace(monotonic=lambda: later))
    server.restart(saved)
    await logs.renew("a process", FORMAT)
    assert not server.data.rooms
    await logs.close()


async def test_a_room_that_was_erased_and_that_another_process_brings_back_is_erased_again() -> None:
    """That process slept through a loss of data and the end, and cannot tell one from the other."""
    server = a_server()
    await opened(server)
    _, logs = a_process(server)
    log = logs.log(KEY)
    await log.follow(Heard())
    asleep = server.copy()
    await log.erase(logs.now() + FAR_MS)
    server.data = asleep
    await logs.renew("a process", FORMAT)
    assert not server.data.rooms
    await logs.close()
