"""A log that a process cannot read is not gone: it stays, for those who can, on every adapter."""

from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import pytest
import pytest_asyncio
from followers import FAR_MS, LOCK, ROOM, Heard, draft, post
from hypothesis import given
from hypothesis import strategies as st
from log_place import Place
from newer import NEXT_FORMAT, Hugged, SaidInAMood, reads_newer, stores_newer
from redis.asyncio import Redis
from redis_faults import Room, only_when_asked
from servers import SERVER_NAMES

from chatroom.core.events import ORDINARY, Draft, Entry, MessagePosted, RoomOpened
from chatroom.core.formats import FIELDS_SINCE, FORMAT, Unreadable, format_of
from chatroom.core.room import Room as State
from chatroom.core.room import apply
from chatroom.core.stored import decode_event, decode_room, encode_event, encode_room
from chatroom.live.history import fold
from chatroom.log.base import Logs, LogUnreadable
from chatroom.log.memory import MemoryLogs
from chatroom.log.redis import RedisLogs

NEWER = {
    "a kind of event": lambda: draft(Hugged("ada")),  # type: ignore[arg-type]
    "a field": lambda: draft(SaidInAMood("ada", "warm words", "o", mood="warm")),  # type: ignore[arg-type]
}


@pytest.fixture(autouse=True)
def next_version(monkeypatch: pytest.MonkeyPatch) -> None:
    only_when_asked(monkeypatch)
    stores_newer(monkeypatch)


@pytest.fixture(params=NEWER.values(), ids=list(NEWER))
def newer(request: pytest.FixtureRequest) -> Callable[[], Draft]:
    make: Callable[[], Draft] = request.param
    return make


@pytest_asyncio.fixture
async def older(place: Place, newer: Callable[[], Draft]) -> AsyncIterator[Logs]:
    """A process that comes now and cannot read what another one stored."""
    await place.append(post("before"), newer(), log=place.there)
    logs = place.processes[0]
    if isinstance(logs, MemoryLogs):
        before, logs = logs, MemoryLogs()
        sealed = MemoryLogs()
        sealed._rooms[place.key] = before._rooms[place.key]
        await sealed.close()
        logs.sealed.load(sealed.sealed.encode())
    yield logs


async def test_what_a_newer_version_stored_cannot_be_followed_changed_opened_anew_or_erased(older: Logs, place: Place) -> None:
    log, heard = older.log(place.key), Heard()
    for _ in range(2):
        with pytest.raises(LogUnreadable):
            await log.follow(heard)
    with pytest.raises(ValueError, match="exists"):
        await older.create(place.key, ROOM, older.now() + FAR_MS)
    assert (heard.times_gone, heard.offsets) == (0, [])
    if isinstance(older, MemoryLogs):
        for change in (log.append([post("x")], decided_at=10, expires_at=older.now() + FAR_MS), log.erase(0)):
            with pytest.raises(LogUnreadable):
                await change
        assert older.sealed
    await log.close()


# ---- in Redis, where two versions meet ---------------------------------------------------------------------------------


@pytest.fixture(scope="module", params=SERVER_NAMES)
def url(request: pytest.FixtureRequest, redis_servers: dict[str, str]) -> str:
    return redis_servers[request.param]


@pytest_asyncio.fixture
async def raw(url: str) -> AsyncIterator[Any]:
    client: Any = Redis.from_url(url)
    yield client
    await client.aclose()


@pytest_asyncio.fixture
async def both(url: str) -> AsyncIterator[tuple[RedisLogs, RedisLogs]]:
    """The processes of an older version and of a newer one."""
    logs = RedisLogs.from_url(url), RedisLogs.from_url(url)
    yield logs
    for one in logs:
        await one.close()


Both = tuple[RedisLogs, RedisLogs]


async def in_both(both: Both) -> tuple[Room, Room]:
    old = await Room.open(both[0])
    return old, await Room.join(both[1], old)


async def test_an_older_process_that_follows_is_told_once_and_the_newer_goes_on(
    both: Both, newer: Callable[[], Draft], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = await in_both(both)
    await new.append(newer())
    await old.heard.until_unreadable()
    for change in (old.append(post("over it")), old.log.erase(0), old.append(post("again"))):
        with pytest.raises(LogUnreadable):
            await change
    await both[0].check()
    assert await new.append(post("after")) == [3]
    assert (old.heard.times_unreadable, old.heard.times_gone, old.heard.offsets) == (1, 0, [1])
    assert (new.heard.times_unreadable, new.heard.times_gone, new.heard.offsets) == (0, 0, [1, 2, 3])
    reads_newer(monkeypatch)
    late = await Room.join(both[0], old)
    assert late.heard.offsets == [1, 2, 3]


async def test_what_an_older_process_says_after_what_it_cannot_read_is_kept_and_not_acknowledged_by_it(
    both: Both, newer: Callable[[], Draft], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = await in_both(both)
    old.log.heard = lambda message: None  # type: ignore[method-assign]
    ordinary = newer()
    monkeypatch.setattr("chatroom.log.redis_wire.ORDINARY", {*ORDINARY, *map(type, ordinary.events)})
    await new.append(ordinary)
    said = post("said to the older")
    with pytest.raises(LogUnreadable):
        await old.append(said)
    await new.heard.until_offset(3)
    assert await new.append(said) == [3]
    assert old.heard.times_unreadable == 1


async def test_an_older_process_brings_nothing_back_over_what_it_cannot_read(
    both: Both, raw: Any, newer: Callable[[], Draft], monkeypatch: pytest.MonkeyPatch
) -> None:
    old, new = await in_both(both)
    old.log.heard = lambda message: None  # type: ignore[method-assign]
    await new.append(newer())
    await raw.hset(old.seal.meta, "run", "0" * 40)
    before = await raw.lrange(old.seal.entries, 0, -1), await raw.hgetall(old.seal.meta)
    await both[0].check()
    await old.heard.until_unreadable()
    assert (await raw.lrange(old.seal.entries, 0, -1), await raw.hgetall(old.seal.meta)) == before
    assert old.heard.times_gone == 0
    reads_newer(monkeypatch)
    assert await new.say(both[1], post("brought back by who can")) == [3]


@pytest.mark.parametrize("place", ["entries", "snapshot"])
async def test_a_broken_seal_is_unreadable_and_nothing_is_erased(both: Both, raw: Any, place: str) -> None:
    old, new = await in_both(both)
    await new.append(post("one"), snapshot=b"state")
    await new.append(post("two"))
    [stored] = [await raw.get(old.seal.snapshot)] if place == "snapshot" else await raw.lrange(old.seal.entries, 1, 1)
    changed = stored[:-1] + bytes([stored[-1] ^ 1])
    await (raw.set(old.seal.snapshot, changed) if place == "snapshot" else raw.lset(old.seal.entries, 1, changed))
    with pytest.raises(LogUnreadable):
        await Room.join(both[0], old)
    assert await raw.exists(*old.seal.keys) == len(old.seal.keys)


# ---- formats -----------------------------------------------------------------------------------------------------------


def test_only_what_uses_something_newer_needs_a_newer_format(monkeypatch: pytest.MonkeyPatch) -> None:
    plain, moody = SaidInAMood("ada", "words", "o"), SaidInAMood("ada", "words", "o", mood="warm")
    assert (format_of(plain), format_of(moody), format_of(Hugged("ada"))) == (FORMAT, NEXT_FORMAT, NEXT_FORMAT)
    assert decode_event(encode_event(plain)) == MessagePosted("ada", "words", "o")
    for newer in (moody, Hugged("ada")):
        with pytest.raises(Unreadable):
            decode_event(encode_event(newer))
    reads_newer(monkeypatch)
    read: object = decode_event(encode_event(moody))
    assert read == moody


def test_a_state_needs_what_its_entries_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    state = State()
    apply(state, Entry(1, 1, "nonce", ROOM))
    assert decode_room(encode_room(state)) == state
    since: dict[Any, dict[str, int]] = FIELDS_SINCE
    monkeypatch.setitem(since, RoomOpened, {"welcome": NEXT_FORMAT})
    apply(state, Entry(2, 2, "nonce", ROOM))
    apply(state, Entry(3, 3, "nonce", LOCK))
    with pytest.raises(Unreadable):
        fold(encode_room(state), [])


@given(st.binary())
def test_bytes_that_nobody_stored_are_unreadable_or_something(data: bytes) -> None:
    for decode in (decode_event, decode_room):
        with suppress(Unreadable):
            decode(data)
