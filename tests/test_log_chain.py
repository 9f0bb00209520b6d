"""Whoever can write to Redis cannot reorder, drop, double, swap or date entries anew unseen by a process that reads afresh."""

import secrets
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
import pytest_asyncio
from followers import draft, post
from hypothesis import given
from hypothesis import strategies as st
from redis.asyncio import Redis
from redis_faults import Room, only_when_asked
from servers import SERVER_NAMES

from chatroom.core.events import Draft, MessagePosted, Redacted, Removed, Role, RoleChanged
from chatroom.core.formats import Unreadable
from chatroom.log.base import Conflict, LogUnreadable
from chatroom.log.chain import AT_END, BY_END, HEADER_BYTES, NO_ORIGIN, NONCE_BYTES, Chain, link_after
from chatroom.log.redis import RedisLogs

KEY = bytes(32)
LAST = 9
"""Index of the newest entry of the room that is tampered with."""


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    only_when_asked(monkeypatch)


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
async def room(logs: RedisLogs) -> Room:
    """Ten entries: words, a removal, two changes of a role, and a draft of two events."""
    room = await Room.open(logs)
    await room.append(post("one"), post("two"))
    await room.append(draft(Removed("ada", "mod", "unkind")))
    await room.append(draft(RoleChanged("bea", Role.MODERATOR, "host")))
    await room.append(draft(RoleChanged("bea", Role.PARTICIPANT, "host")))
    await room.append(draft(*post("three").events, *post("four").events))
    await room.append(post("five"))
    await room.append(post("six"))
    return room


Entries = list[bytes]


def swapped(one: int, other: int) -> Callable[[Entries], Entries]:
    def change(entries: Entries) -> Entries:
        entries[one], entries[other] = entries[other], entries[one]
        return entries

    return change


def dated(index: int) -> Callable[[Entries], Entries]:
    def change(entries: Entries) -> Entries:
        at = int(entries[index][NONCE_BYTES:AT_END]) + 1
        entries[index] = entries[index][:NONCE_BYTES] + b"%013d" % at + entries[index][AT_END:]
        return entries

    return change


def with_byte_changed(index: int, place: int) -> Callable[[Entries], Entries]:
    def change(entries: Entries) -> Entries:
        entry = entries[index]
        entries[index] = entry[:place] + bytes([entry[place] ^ 1]) + entry[place + 1 :]
        return entries

    return change


TAMPERED: dict[str, Callable[[Entries], Entries]] = {
    **{f"{i} and {i + 1} swapped": swapped(i, i + 1) for i in range(LAST)},
    "two roles swapped": swapped(4, 5),
    **{f"{i} dropped": lambda entries, i=i: entries[:i] + entries[i + 1 :] for i in range(LAST)},  # type: ignore[misc]
    **{f"{i} said again": lambda entries, i=i: [*entries, entries[i]] for i in range(LAST + 1)},  # type: ignore[misc]
    **{f"{i} doubled": lambda entries, i=i: entries[: i + 1] + entries[i:] for i in range(LAST + 1)},  # type: ignore[misc]
    **{f"{i} dated anew": dated(i) for i in range(LAST)},
    **{
        f"byte {place} of 3 changed": with_byte_changed(3, place) for place in (0, AT_END, BY_END - 1, BY_END, HEADER_BYTES - 1)
    },
    "all in another order": lambda entries: entries[::-1],
    "the oldest cut off": lambda entries: entries[2:],
}


async def store(raw: Any, room: Room, entries: Entries) -> None:
    left = await raw.pttl(room.seal.entries)
    await raw.delete(room.seal.entries)
    await raw.rpush(room.seal.entries, *entries)
    await raw.pexpire(room.seal.entries, left)


@pytest.mark.parametrize("change", TAMPERED.values(), ids=TAMPERED)
async def test_what_was_tampered_with_is_unreadable_and_stays(
    logs: RedisLogs, raw: Any, room: Room, change: Callable[[Entries], Entries]
) -> None:
    before = await raw.lrange(room.seal.entries, 0, -1)
    assert len(before) == LAST + 1
    await store(raw, room, change(list(before)))
    with pytest.raises(LogUnreadable):
        await Room.join(logs, room)
    await store(raw, room, before)
    again = await Room.join(logs, room)
    assert again.heard.entries_known == room.heard.entries_known


@pytest.mark.parametrize("base", [1, 2, 5])
async def test_entries_that_are_given_other_offsets_are_unreadable(logs: RedisLogs, raw: Any, room: Room, base: int) -> None:
    await raw.hset(room.seal.meta, "base", base)
    with pytest.raises(LogUnreadable):
        await Room.join(logs, room)
    await raw.ltrim(room.seal.entries, base, -1)
    with pytest.raises(LogUnreadable):
        await Room.join(logs, room)


async def test_a_snapshot_is_bound_to_its_place(logs: RedisLogs, raw: Any, room: Room) -> None:
    await room.append(post("seven"), snapshot=b"state")
    assert (await Room.join(logs, room)).heard.offsets == list(range(1, LAST + 3))
    at = LAST + 1
    for offset in (at - 1, at + 1, at + 2, 2**40):
        await raw.hset(room.seal.meta, "snapshot_offset", offset)
        with pytest.raises(LogUnreadable):
            await Room.join(logs, room)
    await raw.hset(room.seal.meta, "snapshot_offset", at)
    await raw.ltrim(room.seal.entries, 4, -1)
    await raw.hset(room.seal.meta, "base", 4)
    assert (await Room.join(logs, room)).heard.offsets == list(range(5, LAST + 3))


async def test_what_was_erased_keeps_its_place_in_the_chain(logs: RedisLogs, raw: Any, room: Room) -> None:
    erased = MessagePosted("ada", "", "o")
    await room.append(Draft((Redacted(2, "mod"),), "redact", erases=((2, erased), (8, erased))))
    await room.append(post("more"))
    assert (await Room.join(logs, room)).heard.texts == ["", "two", "three", "", "five", "six", "more"]
    await store(raw, room, swapped(1, 2)(await raw.lrange(room.seal.entries, 0, -1)))
    with pytest.raises(LogUnreadable):
        await Room.join(logs, room)


async def test_what_is_published_again_is_not_taken(logs: RedisLogs, raw: Any, room: Room) -> None:
    epoch, next_offset = room.log.seen.epoch, room.log.seen.offset + 1
    for entry in await raw.lrange(room.seal.entries, 0, -1):
        message = epoch + next_offset.to_bytes(4) + len(entry).to_bytes(4) + entry
        await raw.publish(room.seal.channel, message)
    await logs.probe()
    assert await room.append(post("goes on")) == [next_offset]
    assert room.heard.offsets == list(range(1, next_offset + 1))
    assert (room.heard.times_unreadable, room.heard.times_gone) == (0, 0)


async def test_the_end_can_be_cut_off_as_the_documents_say(logs: RedisLogs, raw: Any, room: Room) -> None:
    await raw.ltrim(room.seal.entries, 0, LAST - 1)
    assert (await Room.join(logs, room)).heard.offsets == list(range(1, LAST + 1))


async def test_a_chain_goes_on_when_the_log_was_brought_back(logs: RedisLogs, raw: Any, room: Room, url: str) -> None:
    other_logs = RedisLogs.from_url(url)
    other = await Room.join(other_logs, room)
    await raw.hset(room.seal.meta, "run", "0" * 40)
    assert await room.say(logs, post("again")) == [LAST + 2]
    assert await other.say(other_logs, post("and again")) == [LAST + 3]
    redact = Draft((Redacted(2, "mod"),), "redact", erases=((2, MessagePosted("ada", "", "o")),))
    await room.append(redact, snapshot=b"state")
    assert (await Room.join(logs, room)).heard.offsets == list(range(1, LAST + 5))
    await store(raw, room, swapped(3, 4)(await raw.lrange(room.seal.entries, 0, -1)))
    with pytest.raises(LogUnreadable):
        await Room.join(logs, room)
    await other_logs.close()


async def test_who_is_too_far_behind_catches_up_first(
    logs: RedisLogs, room: Room, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for place in ("chain", "redis_room"):
        monkeypatch.setattr(f"chatroom.log.{place}.MAX_LAG", 5)
    deaf_logs = RedisLogs.from_url(url)
    deaf = await Room.join(deaf_logs, room)
    deaf.log.heard = lambda message: None  # type: ignore[method-assign]
    for i in range(6):
        await room.append(post(str(i)))
    with pytest.raises(Conflict):
        await deaf.append(post("late"))
    assert await deaf.append(post("late")) == [LAST + 8]
    assert (await Room.join(logs, room)).heard.texts[-1] == "late"
    await deaf_logs.close()


# ---- the chain alone ---------------------------------------------------------------------------------------------------

Appended = list[tuple[int, int]]


def log_of(appended: Appended) -> Entries:
    """Headers of a log to which drafts of so many events were appended, by writers who had not seen so many of the newest."""
    chain, headers = Chain(KEY), list[bytes]()
    for events, lag in appended:
        link = chain.back_to(max(chain.offset - lag, 0)).link()
        for number in range(events):
            nonce, at = secrets.token_urlsafe(6).encode(), b"%013d" % len(headers)
            by = NO_ORIGIN if number else b"\1" * len(NO_ORIGIN)
            headers.append(nonce + at + by + (link_after(headers[-1][:NONCE_BYTES]) if number else link))
            chain.take(headers[-1:])
    return headers


drafts = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 4)), min_size=1, max_size=30)


@given(appended=drafts, data=st.data())
def test_whatever_was_appended_can_be_read_from_anywhere(appended: Appended, data: st.DataObject) -> None:
    headers = log_of(appended)
    whole = Chain(KEY)
    whole.take(headers)
    base = data.draw(st.integers(0, len(headers)))
    pinned = data.draw(st.integers(base, len(headers)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chatroom.log.chain.MAX_LAG", 20)
        part = Chain(KEY, base, (pinned, whole.digest_at(pinned)))
        for header in headers[base:]:
            part.take([header])
            part.forget()
    assert part.link() == whole.link()
    assert part.offset == len(headers)


@given(appended=drafts, data=st.data())
def test_whatever_changed_before_what_someone_had_seen_is_found(appended: Appended, data: st.DataObject) -> None:
    headers = log_of([*appended, (1, 0)])
    index = data.draw(st.integers(0, len(headers) - 2))
    changed = data.draw(st.sampled_from(["drop", "double", "swap", "date"]))
    tampered = list(headers)
    if changed == "drop":
        del tampered[index]
    elif changed == "double":
        tampered.insert(index, tampered[index])
    elif changed == "swap":
        other = data.draw(st.integers(0, len(headers) - 1).filter(lambda other: other != index))
        tampered[index], tampered[other] = tampered[other], tampered[index]
    else:
        tampered = dated(index)(tampered)
    chain = Chain(KEY)
    with pytest.raises(Unreadable):
        chain.take(tampered)
    assert chain.offset == 0
    chain.take(headers)
