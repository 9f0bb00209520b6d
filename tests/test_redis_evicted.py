"""A server that throws single keys of a room away: nothing said is lost or said twice, and nobody is sent home."""

from collections.abc import AsyncIterator, Iterator, Sequence
from typing import Any

import pytest
import pytest_asyncio
from followers import Heard, post
from redis.asyncio import Redis
from redis_faults import Room, check, only_when_asked
from servers import SERVER_NAMES

from chatroom.core.events import Entry
from chatroom.log.base import LogUnavailable
from chatroom.log.redis import RedisLogs

PARTS = ("meta", "entries", "origins", "snapshot")


@pytest.fixture(scope="module", autouse=True)
def at_once() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        only_when_asked(patch)
        yield


@pytest.fixture(scope="module", params=SERVER_NAMES)
def url(request: pytest.FixtureRequest, redis_servers: dict[str, str]) -> str:
    return redis_servers[request.param]


@pytest_asyncio.fixture
async def raw(url: str) -> AsyncIterator[Any]:
    client: Any = Redis.from_url(url)
    yield client
    await client.aclose()


@pytest_asyncio.fixture
async def logs(url: str) -> AsyncIterator[RedisLogs]:
    logs = RedisLogs.from_url(url)
    yield logs
    await logs.close()


@pytest_asyncio.fixture
async def others(url: str) -> AsyncIterator[RedisLogs]:
    logs = RedisLogs.from_url(url)
    yield logs
    await logs.close()


async def a_room(logs: RedisLogs, forgets: bool) -> Room:
    """With a snapshot, and with its oldest entries forgotten if so wanted."""
    room = await Room.open(logs)
    await room.append(post("one", "origin-1"), post("two", "origin-2"))
    with pytest.MonkeyPatch.context() as patch:
        if forgets:
            patch.setattr("chatroom.log.redis_room.HISTORY_ENTRIES", 2)
        await room.append(post("three", "origin-3"), snapshot=b"state at 3")
    return room


def _told_state(snapshot: bytes, entries: Sequence[Entry]) -> bytes:
    return b"%b and %d more" % (snapshot, len(entries))


async def fresh(logs: RedisLogs, room: Room) -> Heard:
    found = await Room.join(logs, room)
    await found.log.close()
    return found.heard


@pytest.mark.parametrize("forgets", [False, True], ids=["whole", "shortened"])
@pytest.mark.parametrize("part", PARTS)
async def test_what_was_said_before_a_key_was_lost_is_said_once(
    logs: RedisLogs, others: RedisLogs, raw: Any, part: str, forgets: bool
) -> None:
    room = await a_room(logs, forgets)
    await raw.delete(getattr(room.seal, part))
    assert await room.say(logs, post("three", "origin-3")) == [4]
    assert await room.say(logs, post("four", "origin-4")) == [5]
    assert room.heard.times_gone == room.heard.times_reopened == 0
    known = await fresh(others, room)
    assert known.texts[-3:] == ["two", "three", "four"]
    assert {await raw.pexpiretime(key) for key in room.seal.keys if await raw.exists(key)} == {room.expires_at}


@pytest.mark.parametrize("part", ["meta", "entries", "snapshot"])
async def test_a_check_brings_back_what_nobody_asks_for(logs: RedisLogs, others: RedisLogs, raw: Any, part: str) -> None:
    room = await a_room(logs, True)
    await raw.delete(getattr(room.seal, part))
    with pytest.raises(LogUnavailable):
        await fresh(others, room)
    await check(logs)
    await room.heard.until(lambda: len(room.heard.epochs) == 2)
    assert (await fresh(others, room)).texts[-1] == "three"
    assert room.heard.times_gone == room.heard.times_reopened == 0


async def test_who_missed_some_of_it_takes_the_state_from_what_it_has(logs: RedisLogs, others: RedisLogs, raw: Any) -> None:
    """The snapshot is lost, and the process that notices does not know the newest entries."""
    room = await a_room(logs, True)
    there = await Room.join(others, room)
    there.log.heard = lambda message: None  # type: ignore[method-assign]
    there.heard.fold = _told_state  # type: ignore[method-assign]
    await room.append(post("four"))
    await raw.delete(room.seal.snapshot)
    await check(others)
    await there.heard.until_offset(5)
    assert there.heard.texts[-1] == "four"
    log = logs.log(room.key)
    opened = await log.follow(Heard())
    await log.close()
    assert (opened.snapshot_offset, opened.snapshot) == (5, b"state at 4 and 1 more")


async def test_a_lost_lease_of_the_data_takes_no_room_for_lost(logs: RedisLogs, raw: Any) -> None:
    room = await a_room(logs, False)
    await raw.delete("chatroom:lease:data")
    await check(logs)
    assert await room.append(post("four")) == [5]
    assert (room.heard.times_gone, room.heard.times_reopened, len(room.heard.epochs)) == (0, 0, 1)
