"""Rooms in memory that are sealed at the end of one process and opened in the next."""

import secrets

import msgspec
import pytest
from followers import FAR_MS, LOCK, ROOM, Heard, draft, post
from hypothesis import given
from hypothesis import strategies as st

from chatroom.core.events import Draft, Ended, MessagePosted, Redacted
from chatroom.core.formats import FORMAT, Unreadable
from chatroom.log.base import Conflict, LogGone, LogUnreadable, Opened, OriginReused, Receipt, SnapshotNeeded
from chatroom.log.memory import MemoryLogs
from chatroom.log.sealed_rooms import last_end

KEY = bytes(range(32))
NOW = 1_000_000
ENDED = Ended(by="mod")


class Time:
    def __init__(self) -> None:
        self.now = NOW


def logs_at(time: Time) -> MemoryLogs:
    return MemoryLogs(clock=lambda: time.now)


async def opened_logs(time: Time, *drafts: Draft, key: bytes = KEY) -> MemoryLogs:
    """Logs with one room in which these drafts were appended."""
    logs = logs_at(time)
    await logs.create(key, ROOM, NOW + FAR_MS)
    for one in drafts:
        await append(logs, one, key=key)
    return logs


async def append(
    logs: MemoryLogs, *drafts: Draft, key: bytes = KEY, decided_at: int = 10**6, snapshot: bytes = b""
) -> list[Receipt]:
    return await logs.log(key).append(drafts, decided_at=decided_at, expires_at=NOW + FAR_MS, snapshot=snapshot)


async def restart(logs: MemoryLogs, time: Time) -> MemoryLogs:
    """What the next process has."""
    await logs.close()
    after = logs_at(time)
    after.sealed.load(logs.sealed.encode())
    return after


async def opened(logs: MemoryLogs, key: bytes = KEY) -> tuple[Opened, list[str]]:
    heard = Heard()
    log = logs.log(key)
    found = await heard.follow(log)
    await log.close()
    return found, heard.texts


async def test_a_room_is_the_same_after_a_restart() -> None:
    time = Time()
    logs = await opened_logs(time, post("one"), post("two", "twice"))
    await append(logs, post("three"), decided_at=3, snapshot=b"state at 3")
    before = await opened(logs)
    after = await restart(logs, time)
    assert await opened(after) == before
    assert before[1] == ["one", "two", "three"]
    assert await append(after, post("two", "twice")) == [Receipt(3, duplicate=True)]
    [other] = await append(after, post("other words", "twice"))
    assert isinstance(other.error, OriginReused)
    assert await append(after, post("four")) == [Receipt(5)]


async def test_what_was_decided_before_a_restart_meets_the_rules_of_before() -> None:
    time = Time()
    after = await restart(await opened_logs(time, draft(LOCK)), time)
    with pytest.raises(Conflict):
        await append(after, post("late"), decided_at=1)


async def test_a_closed_log_holds_no_words_and_no_keys() -> None:
    secret = "kumquat"
    time = Time()
    logs = await opened_logs(time, post(secret, f"origin of {secret}"))
    await append(logs, post("more"), decided_at=2, snapshot=b"snapshot with " + secret.encode())
    await logs.close()
    kept = logs.sealed.encode()
    assert secret.encode() not in kept
    assert KEY not in kept
    assert not logs._rooms


async def test_what_was_erased_stays_erased() -> None:
    time = Time()
    erasing = Draft((Redacted(2, "mod"),), "erasing", b"", ((2, MessagePosted("ada", "", "")),))
    after = await restart(await opened_logs(time, post("unkind"), post("kind"), erasing), time)
    found, texts = await opened(after)
    assert texts == ["", "kind"]
    assert b"unkind" not in msgspec.msgpack.encode(found.entries)


async def test_a_snapshot_of_before_an_erasure_is_still_refused_after_a_restart() -> None:
    time = Time()
    logs = await opened_logs(time, post("unkind"))
    await append(logs, post("kind"), decided_at=2, snapshot=b"state")
    after = await restart(logs, time)
    ordinary = MessagePosted("ada", "I said that better", "")
    erasing = Draft((ordinary,), "erasing", b"", ((2, MessagePosted("ada", "", "")),))
    with pytest.raises(SnapshotNeeded):
        await append(after, erasing, decided_at=3)
    await append(after, erasing, decided_at=2, snapshot=b"clean")
    again = await restart(after, time)
    await append(again, post("more"), decided_at=3, snapshot=b"unkind")
    assert (await opened(again))[0].snapshot == b"clean"


async def test_only_the_key_opens_a_room_and_each_its_own() -> None:
    time = Time()
    other_key = secrets.token_bytes(32)
    logs = await opened_logs(time, post("here"))
    await logs.create(other_key, ROOM, NOW + FAR_MS)
    after = await restart(logs, time)
    with pytest.raises(LogGone):
        await opened(after, secrets.token_bytes(32))
    assert (await opened(after, other_key))[1] == []
    assert (await opened(after))[1] == ["here"]


async def test_a_room_nobody_opened_waits_through_another_restart() -> None:
    time = Time()
    after = await restart(await restart(await opened_logs(time, post("here")), time), time)
    assert (await opened(after))[1] == ["here"]


async def test_a_room_that_waits_cannot_be_opened_anew_but_can_be_erased() -> None:
    time = Time()
    after = await restart(await opened_logs(time), time)
    with pytest.raises(ValueError, match="exists"):
        await after.create(KEY, ROOM, NOW + FAR_MS)
    again = await restart(after, time)
    await again.log(KEY).erase(NOW + FAR_MS)
    assert not again.sealed
    with pytest.raises(LogGone):
        await opened(again)


async def test_a_room_that_nobody_comes_back_to_expires() -> None:
    time = Time()
    after = await restart(await opened_logs(time, post("here")), time)
    time.now = NOW + FAR_MS - 1
    await after.renew("a process", FORMAT)
    assert after.sealed
    time.now = NOW + FAR_MS
    await after.renew("a process", FORMAT)
    assert not after.sealed
    with pytest.raises(LogGone):
        await opened(after)


async def test_a_room_whose_time_is_up_is_not_opened() -> None:
    time = Time()
    after = await restart(await opened_logs(time, post("here")), time)
    time.now = NOW + FAR_MS
    with pytest.raises(LogGone):
        await opened(after)


@pytest.mark.parametrize("ms_later", [0, FAR_MS])
async def test_what_has_ended_or_expired_is_not_kept(ms_later: int) -> None:
    time = Time()
    logs = await opened_logs(time, *([] if ms_later else [draft(ENDED)]))
    time.now += ms_later
    await logs.close()
    assert not logs.sealed


async def test_the_process_of_before_is_not_alive() -> None:
    time = Time()
    logs = await opened_logs(time)
    await logs.renew("before", FORMAT)
    assert await logs.alive(["before"]) == {"before"}
    assert not await (await restart(logs, time)).alive(["before"])


@pytest.mark.parametrize("data", [b"", b"\xc1", b"rooms", b"chatroom rooms 1 0\n", b"chatroom rooms 1 0\n\x92"])
async def test_anything_else_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError, match=r".+"):
        MemoryLogs().sealed.load(data)


@pytest.mark.parametrize("number", [0, FORMAT + 1, 999])
async def test_rooms_of_another_format_are_not_taken_for_rubbish(number: int) -> None:
    data = b"chatroom rooms %d 1234\nwhatever they hold" % number
    with pytest.raises(Unreadable):
        MemoryLogs().sealed.load(data)
    assert last_end(data) == 1234


async def test_a_room_that_was_changed_while_it_waited_is_unreadable_and_waits_on() -> None:
    time = Time()
    logs = await opened_logs(time, post("here"))
    await logs.close()
    head, _, rooms = logs.sealed.encode().partition(b"\n")
    [[name, expires_at, content]] = msgspec.msgpack.decode(rooms)
    changed = content[:-1] + bytes([content[-1] ^ 1])
    after = logs_at(time)
    after.sealed.load(head + b"\n" + msgspec.msgpack.encode([[name, expires_at, changed]]))
    for _ in range(2):
        with pytest.raises(LogUnreadable):
            await opened(after)
    kept = after.sealed.encode()
    await after.close()
    assert after.sealed.encode() == kept


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("post"), st.text(max_size=5), st.integers(0, 8)),
        st.tuples(st.just("erase"), st.integers(0, 12), st.booleans()),
        st.tuples(st.just("lock"), st.integers(0, 12), st.booleans()),
    ),
    max_size=12,
)


async def play(logs: MemoryLogs, steps: list[tuple[str, int | str, int | bool]]) -> list[object]:
    """What each step is answered. Offsets may be of entries that are not there."""
    return [await _answer(logs, *step) for step in steps]


async def _answer(logs: MemoryLogs, what: str, first: int | str, second: int | bool) -> object:
    if what == "post":
        one, decided_at, snapshot = post(str(first), f"origin {second}"), 10**6, b""
    elif what == "erase":
        one = Draft((Redacted(int(first), "mod"),), f"erase {first}", b"", ((int(first), MessagePosted("ada", "", "")),))
        decided_at, snapshot = int(first) + 1, b"snapshot" if second else b""
    else:
        one, decided_at, snapshot = Draft((LOCK,), f"lock {first}"), int(first), b"state" if second else b""
    try:
        [receipt] = await append(logs, one, decided_at=decided_at, snapshot=snapshot)
    except (Conflict, SnapshotNeeded) as error:
        return type(error)
    return receipt.offset, receipt.duplicate, type(receipt.error)


@given(STEPS, STEPS)
async def test_a_restart_makes_no_difference(
    before: list[tuple[str, int | str, int | bool]], after: list[tuple[str, int | str, int | bool]]
) -> None:
    time = Time()

    def fixed() -> MemoryLogs:
        return MemoryLogs(clock=lambda: time.now, random_bytes=bytes)

    straight, stopped = fixed(), fixed()
    for logs in (straight, stopped):
        await logs.create(KEY, ROOM, NOW + FAR_MS)
        await play(logs, before)
    await stopped.close()
    started = fixed()
    started.sealed.load(stopped.sealed.encode())
    assert await play(started, after) == await play(straight, after)
    assert await opened(started) == await opened(straight)
