"""Whatever befalls Redis, people in two processes are told, and lose, double and disorder nothing."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from signal import SIGCONT, SIGSTOP
from typing import Any, cast

import pytest
from clients import get
from followers import is_over
from redis.asyncio import Redis
from relay import Relay
from scene_drivers import WAIT_SECONDS
from servers import BINARIES, MISSING, RedisServer
from serving import ServerHere, serving_here
from talking import SETTINGS, Street, Talker

from chatroom.core.refusals import Refused
from chatroom.live.opening import OpenedRoom, OpenRoom
from chatroom.web.settings import Settings

ANSWER_BYTES = 100
FIRST, SECOND, ADAS, BEAS, LAST = (
    {"origin_id": f"origin-{text}", "text": text} for text in ("first", "second", "adas", "beas", "last")
)


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What takes seconds takes moments here."""
    for name in ("redis_commands.COMMAND_SECONDS", "redis_subscription.COMMAND_SECONDS", "redis.PROBE_SECONDS"):
        monkeypatch.setattr(f"chatroom.log.{name}", 1)
    for name in ("CHECK_SECONDS", "RETRY_SECONDS"):
        monkeypatch.setattr(f"chatroom.log.redis.{name}", 0.1)
    monkeypatch.setattr("chatroom.log.redis_recovery.SETTLE_MS", 300)


class Place:
    """A Redis, a replica of it, and the wire to them."""

    def __init__(self, redis: RedisServer, replica: RedisServer, wire: Relay, operator: Any) -> None:
        self.redis, self.replica, self.wire, self.operator = redis, replica, wire, operator

    async def says(self, *words: object) -> None:
        await self.operator.execute_command(*words)

    async def replicate(self) -> None:
        """The replica has what there is now, and will have no more."""
        replica: Any = Redis.from_url(self.replica.url)
        await self.says("CONFIG", "SET", "repl-diskless-sync-delay", "0")
        await replica.replicaof("127.0.0.1", self.redis.port)
        async with asyncio.timeout(WAIT_SECONDS):
            while await replica.dbsize() < await self.operator.dbsize():
                pass
            while not await self.operator.wait(1, 1000):
                pass
        await replica.replicaof("NO", "ONE")
        await replica.aclose()


Act = Callable[[Place], Awaitable[None]]


async def nothing(place: Place) -> None:
    pass


async def save(place: Place) -> None:
    await place.says("SAVE")


async def kill(place: Place) -> None:
    place.redis.kill()


async def start(place: Place) -> None:
    await asyncio.to_thread(place.redis.start)


async def stop(place: Place) -> None:
    place.redis.signal(SIGSTOP)


async def go_on(place: Place) -> None:
    place.redis.signal(SIGCONT)


async def fill(place: Place) -> None:
    await place.says("CONFIG", "SET", "maxmemory", "1")


async def make_room(place: Place) -> None:
    await place.says("CONFIG", "SET", "maxmemory", "0")


async def deliver_nothing(place: Place) -> None:
    place.wire.deliver_nothing()


async def reset_in_answers(place: Place) -> None:
    place.wire.cut_after(ANSWER_BYTES)


async def mend(place: Place) -> None:
    await place.wire.mend()


async def promote(place: Place) -> None:
    place.wire.lead_to([place.replica.port])


@dataclass
class Fault:
    """`prepare` comes after the first words, `inject` after the second."""

    inject: Act
    heal: Act
    prepare: Act = nothing
    is_ready: bool = False
    """A process may say that it is ready: messages come through at times."""


FAULTS = {
    "killed, back empty": Fault(kill, start),
    "killed, back with older data": Fault(kill, start, save),
    "killed, a replica that lags takes over": Fault(kill, promote, Place.replicate),
    "stopped and continued": Fault(stop, go_on),
    "full": Fault(fill, make_room),
    "delivers nothing": Fault(deliver_nothing, mend),
    "resets connections in mid-reply": Fault(reset_in_answers, mend, is_ready=True),
}


@asynccontextmanager
async def two_processes() -> AsyncIterator[tuple[Place, list[ServerHere]]]:
    if not BINARIES:
        pytest.fail(MISSING)
    async with AsyncExitStack() as stack:
        redis, replica = [stack.enter_context(RedisServer(next(iter(BINARIES.values())))) for _ in range(2)]
        wire = await stack.enter_async_context(Relay(redis.port))
        operator: Any = Redis.from_url(redis.url)
        stack.push_async_callback(operator.aclose)
        settings = Settings.from_environment({**SETTINGS, "REDIS_URL": wire.url})
        servers = [await stack.enter_async_context(serving_here(settings)) for _ in range(2)]
        yield Place(redis, replica, wire, operator), servers


def told(talker: Talker) -> list[bool]:
    return [frame["reaching"] for frame in talker.frames if frame["is"] == "trouble"]


def texts(talker: Talker) -> list[str]:
    return [frame["text"] for frame in talker.frames if frame.get("event") == "message_posted"]


async def opened(server: ServerHere) -> OpenedRoom:
    """A slow machine is taken for a fault here: try again."""
    async with asyncio.timeout(WAIT_SECONDS):
        while True:
            with suppress(Refused):
                return await server.hub.open_room(OpenRoom(title="Tuesday"), "")


async def come_in(street: Street, keys: OpenedRoom, name: str, token: str = "") -> Talker:
    async with asyncio.timeout(WAIT_SECONDS):
        while (talker := await street.hello(keys.secret, token)).frames[0]["is"] != "door":
            pass
    assert (await talker.ask("join", nickname=name, accept_rules=True))["is"] == "welcome"
    return talker


async def until_ready(server: ServerHere) -> None:
    async with asyncio.timeout(WAIT_SECONDS):
        while (await get(f"{server.url}/readyz")).status_code != 200:
            pass


@pytest.mark.parametrize("name", FAULTS)
async def test_everyone_is_told_and_everything_is_there_once(name: str) -> None:
    fault = FAULTS[name]
    async with two_processes() as (place, servers):
        streets = [Street(cast(Any, server), cast(Any, None)) for server in servers]
        keys = await opened(servers[0])
        ada, bea = await come_in(streets[0], keys, "Ada", keys.host_token), await come_in(streets[1], keys, "Bea")
        first = await ada.ask("post", **FIRST)
        await bea.hears(first["id"])
        await fault.prepare(place)
        await bea.ask("post", **SECOND)
        await ada.until(lambda: len(texts(ada)) == 2)
        await fault.inject(place)
        asked = [asyncio.create_task(talker.ask("post", **words)) for talker, words in ((ada, ADAS), (bea, BEAS))]
        for talker in (ada, bea):
            await talker.until(partial(lambda talker: False in told(talker), talker))
        if not fault.is_ready:
            assert [(await get(f"{server.url}/readyz")).status_code for server in servers] == [503, 503]
        await fault.heal(place)
        assert [(await answer)["is"] for answer in asked] == ["done", "done"]
        again = await ada.ask("post", **FIRST)
        assert again["id"] == first["id"]
        last = await bea.ask("post", **LAST)
        for talker in (ada, bea):
            await talker.until(partial(lambda talker: is_over(told(talker)), talker))
            await talker.hears(last["id"])
        for server in servers:
            await until_ready(server)
        assert texts(ada) == texts(bea)
        assert texts(ada)[:2] == ["first", "second"]
        assert (sorted(texts(ada)[2:4]), texts(ada)[4:]) == (["adas", "beas"], ["last"])
        for street in streets:
            await street.go_home()
