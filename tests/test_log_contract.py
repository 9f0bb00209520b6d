"""What `chatroom/log/base.py` promises of the order, for every adapter: in memory, and on each Redis server there is."""

import asyncio
import secrets
from contextlib import suppress

import msgspec
import pytest
from followers import LOCK, ROOM, Heard, draft, post
from hypothesis import given, settings
from hypothesis import strategies as st
from log_place import Place, Processes, redact

from chatroom.core.events import Draft
from chatroom.core.formats import FORMAT
from chatroom.log.base import Conflict, OriginReused, RoomLog


async def test_offsets_count_from_1_without_gaps_and_everyone_has_the_same(place: Place) -> None:
    assert await place.append(post("one")) == [2]
    assert await place.append(post("two"), post("three"), log=place.there) == [3, 4]
    assert await place.append(draft(*post("four").events, *post("five").events), post("six")) == [5, 7]
    await place.hears_there.until_offset(7)
    fresh = await place.fresh()
    assert fresh.offsets == [1, 2, 3, 4, 5, 6, 7]
    assert fresh.texts == ["one", "two", "three", "four", "five", "six"]
    assert place.hears.entries_known == place.hears_there.entries_known == fresh.entries_known


async def test_time_in_the_log_never_goes_back_and_nonces_differ(place: Place) -> None:
    for i in range(20):
        await place.append(post(str(i)), log=place.here if i % 2 else place.there)
    entries = (await place.fresh()).entries_known
    assert [entry.at for entry in entries] == sorted(entry.at for entry in entries)
    assert len({entry.nonce for entry in entries}) == len(entries)
    assert {len(entry.nonce) for entry in entries} == {8}


async def test_a_log_is_created_once(place: Place) -> None:
    with pytest.raises(ValueError, match="exists"):
        await place.processes[1].create(place.key, ROOM, place.expires_at)
    assert (await place.fresh()).offsets == [1]


async def test_the_follower_has_its_own_entries_when_append_returns(place: Place) -> None:
    for i in range(5):
        offsets = await place.append(post(str(i)))
        assert place.hears.head == offsets[0]


async def test_the_follower_has_what_others_appended_before_its_own(place: Place) -> None:
    await place.append(post("there"), log=place.there)
    assert await place.append(post("here")) == [3]
    assert place.hears.texts == ["there", "here"]


async def test_a_draft_appended_again_keeps_its_offset(place: Place) -> None:
    again = post("once")
    await place.append(again)
    await place.append(post("between"))
    receipts = await place.there.append([again, post("new")], decided_at=1, expires_at=place.expires_at)
    assert [(receipt.offset, receipt.duplicate, receipt.error) for receipt in receipts] == [(2, True, None), (4, False, None)]
    assert (await place.fresh()).texts == ["once", "between", "new"]


async def test_a_draft_twice_in_one_append_is_stored_once(place: Place) -> None:
    twice = post("once")
    receipts = await place.here.append([twice, post("else"), twice], decided_at=1, expires_at=place.expires_at)
    assert [(receipt.offset, receipt.duplicate) for receipt in receipts] == [(2, False), (3, False), (2, True)]
    assert place.hears.texts == ["once", "else"]


async def test_other_content_under_an_origin_is_refused_alone(place: Place) -> None:
    await place.append(post("first", "origin"))
    receipts = await place.there.append([post("other", "origin"), post("fine")], decided_at=1, expires_at=place.expires_at)
    assert isinstance(receipts[0].error, OriginReused)
    assert receipts[1].error is None
    assert (await place.fresh()).texts == ["first", "fine"]


@pytest.mark.parametrize("bad", [Draft(events=post("x").events), Draft(events=(), origin="o")], ids=["origin", "events"])
async def test_a_draft_without_origin_or_events_is_a_mistake(place: Place, bad: Draft) -> None:
    with pytest.raises(ValueError, match="origin"):
        await place.append(bad)
    assert (await place.fresh()).offsets == [1]


async def test_a_decision_before_a_change_of_rules_conflicts_and_stores_nothing(place: Place) -> None:
    await place.append(post("before"), draft(LOCK), log=place.there)
    with pytest.raises(Conflict):
        await place.append(post("one"), post("two"), decided_at=2)
    assert place.hears.offsets == [1, 2, 3]
    assert (await place.fresh()).texts == ["before"]
    assert await place.append(post("one"), decided_at=3) == [4]


async def test_ordinary_entries_do_not_conflict(place: Place) -> None:
    await place.append(post("there"), log=place.there)
    assert await place.append(post("here"), decided_at=1) == [3]


async def test_what_names_all_that_was_said_conflicts_with_whatever_came_after(place: Place) -> None:
    everything = msgspec.structs.replace(redact(2), exact=True)
    await place.append(post("known"))
    await place.append(post("there"), log=place.there)
    for drafts in ((everything,), (everything, post("later"))):
        with pytest.raises(Conflict):
            await place.append(*drafts, decided_at=2)
    assert (await place.fresh()).texts == ["known", "there"]
    assert await place.append(everything, decided_at=3) == [4]
    assert await place.append(everything, post("later"), decided_at=4) == [4, 5], "it is stored, and compared no more"


async def test_only_the_last_change_of_rules_in_a_draft_counts(place: Place) -> None:
    await place.append(draft(LOCK, *post("after").events))
    assert await place.append(post("here"), decided_at=2) == [4]


async def test_what_was_stored_before_does_not_conflict(place: Place) -> None:
    stored = post("stored")
    await place.append(stored)
    await place.append(draft(LOCK), log=place.there)
    assert await place.append(stored, decided_at=1) == [2]
    with pytest.raises(Conflict):
        await place.append(stored, post("new"), decided_at=1)


async def test_two_processes_racing_have_one_order(place: Place) -> None:
    async def talk(log: RoomLog, name: str) -> list[int]:
        return [offset for i in range(30) for offset in await place.append(post(f"{name}{i}"), log=log)]

    talks = await asyncio.gather(*(talk(log, name) for log in (place.here, place.there) for name in "ab"))
    for heard in (place.hears, place.hears_there):
        await heard.until_offset(121)
    assert sorted(offset for offsets in talks for offset in offsets) == list(range(2, 122))
    assert all(offsets == sorted(offsets) for offsets in talks)
    assert place.hears.offsets == list(range(1, 122))
    assert place.hears.entries_known == place.hears_there.entries_known == (await place.fresh()).entries_known


async def test_a_closed_log_tells_nothing_more_and_stays(place: Place) -> None:
    await place.here.close()
    await place.append(post("x"), log=place.there)
    await place.hears_there.until_offset(2)
    assert place.hears.offsets == [1]
    await place.hears.follow(place.processes[0].log(place.key))
    assert place.hears.offsets == [1, 2, 1]


async def test_two_followers_in_one_process_hear_the_same(place: Place) -> None:
    second, log = Heard(), place.processes[0].log(place.key)
    await second.follow(log)
    await place.append(post("x"))
    await place.append(post("y"), log=place.there)
    await second.until_offset(3)
    await place.hears.until_offset(3)
    assert second.entries_known == place.hears.entries_known
    await log.close()


async def test_following_under_fire_misses_nothing(place: Place) -> None:
    async def fire() -> None:
        for i in range(60):
            await place.append(post(str(i)), log=place.there)

    async def join() -> Heard:
        heard = Heard()
        await heard.follow(place.processes[0].log(place.key))
        return heard

    firing = asyncio.create_task(fire())
    joined = []
    while not firing.done():
        joined.append(await join())
        await place.hears.until_offset(min(place.hears.head + 1, 61))
    await firing
    for heard in joined:
        await heard.until_offset(61)
        assert heard.offsets == list(range(1, 62))


async def test_a_process_is_alive_while_its_lease_lives(processes: Processes) -> None:
    one, other = secrets.token_hex(8), secrets.token_hex(8)
    await processes[0].renew(one, FORMAT)
    assert await processes[1].alive([one, other]) == {one}
    assert await processes[1].alive([]) == frozenset()


async def test_probes_come_back(processes: Processes) -> None:
    await asyncio.gather(*(logs.probe() for logs in processes for _ in range(3)))


steps = st.lists(st.tuples(st.sampled_from([0, 1, 2]), st.sampled_from(["post", "again", "lock", "erase"]), st.integers(0, 5)))


@settings(max_examples=40, deadline=None)
@given(steps=steps)
async def test_any_two_writers_give_everyone_the_same_sequence(processes: Processes, steps: list[tuple[int, str, int]]) -> None:
    place = await Place(processes).open()
    origins = [f"origin {i}" for i in range(6)]

    async def act(log: RoomLog, heard: Heard, deed: str, which: int) -> None:
        drafts = {
            "post": post("text"),
            "again": post(str(which), origins[which]),
            "lock": draft(LOCK),
            "erase": redact(which),
        }
        while True:
            with suppress(Conflict):
                await place.append(drafts[deed], decided_at=heard.head, log=log)
                return

    for who, deed, which in steps:
        both = [(place.here, place.hears), (place.there, place.hears_there)]
        await asyncio.gather(*(act(log, heard, deed, which) for log, heard in (both if who == 2 else [both[who]])))
    head = max(place.hears.head, place.hears_there.head)
    for heard in (place.hears, place.hears_there):
        await heard.until_offset(head)
    assert place.hears.offsets == list(range(1, head + 1))
    assert place.hears.entries_known == place.hears_there.entries_known
    fresh = await place.fresh()
    assert [(e.offset, e.at, e.nonce) for e in fresh.entries_known] == [
        (e.offset, e.at, e.nonce) for e in place.hears.entries_known
    ]
    await place.close()
