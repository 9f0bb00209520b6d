"""What `chatroom/log/base.py` promises, for every adapter: in memory, and on each Redis server there is."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Iterator

import pytest
import pytest_asyncio
from followers import FAR_MS, LOCK, ROOM, Heard, draft, post
from hypothesis import given, settings
from hypothesis import strategies as st
from servers import SERVER_NAMES

from chatroom.core.events import Draft, MessagePosted, Redacted
from chatroom.core.limits import HISTORY_ENTRIES
from chatroom.log.base import Conflict, LogGone, Logs, OriginReused, RoomLog, SnapshotNeeded
from chatroom.log.memory import MemoryLogs
from chatroom.log.redis import RedisLogs

Processes = tuple[Logs, Logs]


@pytest.fixture(scope="module", autouse=True)
def no_checks_by_themselves() -> Iterator[None]:
    """What a periodic check would find in the end must be found at once."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chatroom.log.redis.CHECK_SECONDS", 3600)
        patch.setattr("chatroom.log.redis.RETRY_SECONDS", 3600)
        yield


@pytest_asyncio.fixture(scope="module", params=["memory", *SERVER_NAMES])
async def processes(request: pytest.FixtureRequest) -> AsyncIterator[Processes]:
    """Two processes on the same logs."""
    if request.param == "memory":
        memory = MemoryLogs()
        yield memory, memory
        await memory.close()
    else:
        url = request.getfixturevalue("redis_servers")[request.param]
        one, two = RedisLogs.from_url(url), RedisLogs.from_url(url)
        yield one, two
        await one.close()
        await two.close()


async def notice(logs: Logs) -> None:
    """Let the process see what time did to its logs."""
    await (logs.check() if isinstance(logs, RedisLogs) else logs.renew("a process"))


class Place:
    """One room, followed in both processes."""

    def __init__(self, processes: Processes) -> None:
        self.processes = processes
        self.key = secrets.token_bytes(32)
        self.expires_at = processes[0].now() + FAR_MS
        self.here, self.there = (logs.log(self.key) for logs in processes)
        self.hears, self.hears_there = Heard(), Heard()

    async def open(self) -> "Place":
        await self.processes[0].create(self.key, ROOM, self.expires_at)
        await self.hears.follow(self.here)
        await self.hears_there.follow(self.there)
        return self

    async def append(self, *drafts: Draft, decided_at: int = 1, log: RoomLog | None = None, snapshot: bytes = b"") -> list[int]:
        """The offsets of the receipts."""
        receipts = await (log or self.here).append(drafts, decided_at=decided_at, expires_at=self.expires_at, snapshot=snapshot)
        return [receipt.offset for receipt in receipts]

    async def fresh(self) -> Heard:
        """What a process reads that comes now."""
        heard, log = Heard(), self.processes[1].log(self.key)
        await heard.follow(log)
        await log.close()
        return heard

    async def close(self) -> None:
        await self.here.close()
        await self.there.close()


@pytest_asyncio.fixture
async def place(processes: Processes) -> AsyncIterator[Place]:
    place = await Place(processes).open()
    yield place
    await place.close()


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


def redact(offset: int) -> Draft:
    return Draft((Redacted(offset, "mod"),), secrets.token_hex(8), erases=((offset, MessagePosted("ada", "", "o")),))


async def test_erased_text_is_in_no_entry_and_its_place_stays(place: Place) -> None:
    await place.append(post("keep"), post("secret"), post("keep too"))
    before = place.hears.entries_known[2]
    assert await place.append(redact(3)) == [5]
    fresh = await place.fresh()
    assert fresh.texts == ["keep", "", "keep too"]
    assert (fresh.entries_known[2].at, fresh.entries_known[2].nonce) == (before.at, before.nonce)
    await place.hears_there.until_offset(5)
    assert place.hears_there.entries_known[4].event == Redacted(3, "mod")


async def test_erasing_what_is_not_kept_is_passed_over(place: Place) -> None:
    await place.append(redact(99), redact(0))
    assert (await place.fresh()).offsets == [1, 2, 3]


async def test_erasing_conflicts_like_anything_else(place: Place) -> None:
    await place.append(post("kept"), draft(LOCK), log=place.there)
    with pytest.raises(Conflict):
        await place.append(redact(2), decided_at=2)
    assert (await place.fresh()).texts == ["kept"]


async def opened_snapshot(place: Place) -> tuple[int, bytes]:
    log = place.processes[1].log(place.key)
    opened = await log.follow(Heard())
    await log.close()
    return opened.snapshot_offset, opened.snapshot


async def test_the_newest_snapshot_is_kept(place: Place) -> None:
    assert await opened_snapshot(place) == (0, b"")
    await place.append(post("one"), post("two"))
    await place.append(post("three"), decided_at=3, snapshot=b"state at 3")
    await place.append(post("four"), decided_at=2, snapshot=b"state at 2", log=place.there)
    assert await opened_snapshot(place) == (3, b"state at 3")
    await place.append(post("five"), decided_at=5, snapshot=b"state at 5")
    assert await opened_snapshot(place) == (5, b"state at 5")
    assert (await place.fresh()).offsets == [1, 2, 3, 4, 5, 6]


async def test_a_snapshot_does_not_outlive_text_that_is_erased(place: Place) -> None:
    await place.append(post("secret"), post("more"))
    await place.append(post("three"), decided_at=3, snapshot=b"with secret")
    with pytest.raises(SnapshotNeeded):
        await place.append(redact(2), decided_at=4)
    assert (await place.fresh()).texts == ["secret", "more", "three"]
    await place.append(redact(2), decided_at=2, snapshot=b"older, without", log=place.there)
    assert await opened_snapshot(place) == (2, b"older, without")
    await place.append(redact(4), decided_at=5)
    assert await opened_snapshot(place) == (2, b"older, without")
    assert (await place.fresh()).texts == ["", "more", ""]


async def test_a_snapshot_of_a_state_before_an_erasure_is_not_kept(place: Place) -> None:
    await place.append(post("secret"), post("other"))
    await place.append(redact(2), decided_at=3)
    assert await place.append(post("x"), decided_at=3, snapshot=b"with secret", log=place.there) == [5]
    assert await opened_snapshot(place) == (0, b"")
    await place.append(post("y"), decided_at=5, snapshot=b"without secret")
    assert await opened_snapshot(place) == (5, b"without secret")
    await place.append(redact(5), decided_at=6, snapshot=b"without x")
    with pytest.raises(Conflict):
        await place.append(redact(3), decided_at=6, snapshot=b"without other, with x", log=place.there)
    assert await opened_snapshot(place) == (6, b"without x")
    await place.append(redact(3), decided_at=7, snapshot=b"without both", log=place.there)
    assert await opened_snapshot(place) == (7, b"without both")


async def test_the_oldest_entries_are_forgotten_when_a_snapshot_stands_for_them(place: Place) -> None:
    thousand = tuple(MessagePosted("ada", "x", "o") for _ in range(1000))
    first = Draft(thousand, "first")
    await place.append(first)
    for i in range(HISTORY_ENTRIES // 1000):
        await place.append(draft(*thousand), decided_at=1 + 1000 * i)
    assert (await place.fresh()).offsets[0] == 1
    await place.append(post("last"), decided_at=900, snapshot=b"state at 900")
    fresh = await place.fresh()
    assert fresh.offsets == list(range(901, HISTORY_ENTRIES + 1003))
    await place.append(post("later"), decided_at=20_000, snapshot=b"state at 20000")
    assert (await place.fresh()).offsets == list(range(1004, HISTORY_ENTRIES + 1004))
    assert (await place.append(first, decided_at=20_000))[0] == HISTORY_ENTRIES + 1004
    await place.hears_there.until_offset(HISTORY_ENTRIES + 2003)
    assert place.hears_there.offsets == list(range(1, HISTORY_ENTRIES + 2004))


async def test_there_is_nothing_to_follow_or_append_to_without_a_log(processes: Processes) -> None:
    log = processes[0].log(secrets.token_bytes(32))
    with pytest.raises(LogGone):
        await log.follow(Heard())
    with pytest.raises(LogGone):
        await log.append([post("x")], decided_at=1, expires_at=processes[0].now() + FAR_MS)
    await log.close()


async def test_an_erased_log_is_gone_for_everyone_once(place: Place) -> None:
    await place.append(post("x"))
    await place.there.erase()
    await place.there.erase()
    assert place.hears_there.times_gone == 1
    await place.hears.until_gone()
    await notice(place.processes[0])
    for log in (place.here, place.there):
        with pytest.raises(LogGone):
            await place.append(post("y"), log=log)
    with pytest.raises(LogGone):
        await place.fresh()
    assert (place.hears.times_gone, place.hears_there.times_gone) == (1, 1)


async def test_a_log_whose_time_is_up_is_gone(place: Place) -> None:
    place.expires_at = place.processes[0].now() - 1000
    assert await place.append(post("last words")) == [2]
    for logs in place.processes:
        await notice(logs)
    await place.hears.until_gone()
    await place.hears_there.until_gone()
    with pytest.raises(LogGone):
        await place.append(post("more"))
    with pytest.raises(LogGone):
        await place.fresh()


async def test_what_is_not_stored_does_not_move_the_end(place: Place) -> None:
    stored = post("stored")
    await place.append(stored)
    place.expires_at = place.processes[0].now() - 1000
    await place.append(stored)
    assert (await place.fresh()).offsets == [1, 2]


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
    await processes[0].renew(one)
    assert await processes[1].alive([one, other]) == {one}
    assert await processes[1].alive([]) == frozenset()


async def test_probes_come_back(processes: Processes) -> None:
    await asyncio.gather(*(logs.probe() for logs in processes for _ in range(3)))


async def test_a_lease_and_a_log_in_memory_end_with_the_clock() -> None:
    now, heard = [1_000_000], Heard()
    logs = MemoryLogs(clock=lambda: now[0], random_bytes=bytes)
    await logs.create(b"key", ROOM, now[0] + 60_000)
    await logs.renew("p")
    await heard.follow(logs.log(b"key"))
    assert heard.entries_known[0].at == 1_000_000
    now[0] -= 1000
    await logs.log(b"key").append([post("x")], decided_at=1, expires_at=now[0] + 61_000)
    assert heard.entries_known[1].at == 1_000_000
    now[0] += 1000
    now[0] += 30_000
    assert await logs.alive(["p"]) == frozenset()
    now[0] += 30_000
    await logs.renew("p")
    assert heard.times_gone == 1
    with pytest.raises(LogGone):
        await logs.log(b"key").follow(Heard())


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
        try:
            await place.append(drafts[deed], decided_at=heard.head, log=log)
        except Conflict:
            await place.append(drafts[deed], decided_at=heard.head, log=log)

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
