"""What `chatroom/log/base.py` promises to forget: text that is erased, what a snapshot stands for, a log that ends."""

import secrets

import pytest
from followers import FAR_MS, LOCK, ROOM, Heard, draft, post
from log_place import Place, Processes, notice, redact

from chatroom.core.events import Draft, Ended, MessagePosted, Redacted
from chatroom.core.formats import FORMAT
from chatroom.core.limits import EXPIRY_GRACE_SECONDS, HISTORY_ENTRIES, LEASE_SECONDS
from chatroom.log.base import Conflict, LogGone, SnapshotNeeded
from chatroom.log.memory import MemoryLogs

ORDINARY = MessagePosted("ada", "I said that better", "o")
"""After which a decision before it stands: what is told of snapshots holds there as well."""


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
    await place.append(redact(2, ORDINARY), decided_at=3)
    assert await place.append(post("x"), decided_at=3, snapshot=b"with secret", log=place.there) == [5]
    assert await opened_snapshot(place) == (0, b"")
    await place.append(post("y"), decided_at=5, snapshot=b"without secret")
    assert await opened_snapshot(place) == (5, b"without secret")
    await place.append(redact(5, ORDINARY), decided_at=6, snapshot=b"without x")
    with pytest.raises(Conflict):
        await place.append(redact(3, ORDINARY), decided_at=6, snapshot=b"without other, with x", log=place.there)
    assert await opened_snapshot(place) == (6, b"without x")
    await place.append(redact(3), decided_at=7, snapshot=b"without both", log=place.there)
    assert await opened_snapshot(place) == (7, b"without both")


async def test_the_oldest_entries_are_forgotten_when_a_snapshot_stands_for_them(place: Place) -> None:
    thousand = tuple(MessagePosted("ada", "x", "o") for _ in range(1000))
    first = Draft(thousand, "first")
    await place.append(first)
    assert (await place.fresh()).offsets[0] == 1
    await place.append(draft(*thousand), decided_at=900, snapshot=b"state at 900")
    for i in range(1, HISTORY_ENTRIES // 1000):
        await place.append(draft(*thousand), decided_at=1 + 1000 * i)
    await place.append(post("last"), decided_at=900)
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
    await place.there.erase(place.expires_at)
    await place.there.erase(place.expires_at)
    assert place.hears_there.times_gone == 1
    await place.hears.until_gone()
    await notice(place.processes[0])
    for log in (place.here, place.there):
        with pytest.raises(LogGone):
            await place.append(post("y"), log=log)
    with pytest.raises(LogGone):
        await place.fresh()
    assert (place.hears.times_gone, place.hears_there.times_gone) == (1, 1)


async def test_a_log_that_ends_is_gone_a_minute_later_though_nobody_erases_it(place: Place) -> None:
    await place.append(post("x"), snapshot=b"state at 1")
    assert min(await place.left_ms()) > EXPIRY_GRACE_SECONDS * 1000
    await place.append(draft(Ended("ada")), decided_at=2)
    left_ms = await place.left_ms()
    assert all(0 < left <= EXPIRY_GRACE_SECONDS * 1000 for left in left_ms), left_ms
    await place.hears_there.until_offset(3)


async def test_a_log_that_ends_late_lives_no_longer_for_it(place: Place) -> None:
    place.expires_at = place.processes[0].now() + EXPIRY_GRACE_SECONDS * 500
    await place.append(draft(Ended("ada")))
    assert max(await place.left_ms()) <= EXPIRY_GRACE_SECONDS * 500


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


async def test_a_lease_and_a_log_in_memory_end_with_the_clock() -> None:
    now, heard = [1_000_000], Heard()
    logs = MemoryLogs(clock=lambda: now[0], random_bytes=bytes)
    await logs.create(b"key", ROOM, now[0] + 60_000)
    await logs.renew("p", FORMAT)
    await heard.follow(logs.log(b"key"))
    assert heard.entries_known[0].at == 1_000_000
    now[0] -= 1000
    await logs.log(b"key").append([post("x")], decided_at=1, expires_at=now[0] + 61_000)
    assert heard.entries_known[1].at == 1_000_000
    now[0] += 1000
    now[0] += 30_000
    assert await logs.alive(["p"]) == frozenset()
    now[0] += 30_000
    await logs.renew("p", FORMAT)
    assert heard.times_gone == 1
    with pytest.raises(LogGone):
        await logs.log(b"key").follow(Heard())


async def test_in_memory_too_the_lowest_format_is_that_of_the_oldest_process_alive() -> None:
    now = [1_000_000]
    logs = MemoryLogs(clock=lambda: now[0])
    assert logs.lowest == FORMAT
    await logs.renew("new", 3)
    assert logs.lowest == 3
    await logs.renew("old", 2)
    assert logs.lowest == 2
    now[0] += LEASE_SECONDS * 1000
    await logs.renew("new", 3)
    assert logs.lowest == 3
