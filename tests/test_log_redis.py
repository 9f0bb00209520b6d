"""What only the logs in Redis promise: nothing readable there, nothing without an end, nothing lost on a bad wire."""

import asyncio
import time
from collections.abc import AsyncIterator, Iterator
from typing import Any

import pytest
import pytest_asyncio
from followers import FAR_MS, GUARD_SECONDS, LOCK, ROOM, Heard, draft, post
from redis.asyncio import Redis
from redis.crc import key_slot
from redis_faults import CHECK_FOR_EVER, Room, only_when_asked
from relay import Relay
from servers import SERVER_NAMES

from chatroom.core.events import Draft, MessagePosted, Muted, Redacted
from chatroom.core.formats import FORMAT, OLDEST
from chatroom.core.limits import LEASE_SECONDS
from chatroom.log.base import Conflict, LogUnavailable, LogUnreadable
from chatroom.log.chain import AT_END, HEADER_BYTES, NONCE_BYTES
from chatroom.log.redis import RedisLogs
from chatroom.log.redis_leases import FORMATS, lease
from chatroom.log.redis_room import APPEND
from chatroom.log.redis_stored import mark_of
from chatroom.log.redis_wire import ENTRY
from chatroom.log.seal import Seal

MARKER = "kumquat"
SOON_SECONDS = 0.3
"""A patience that ends in a test."""


@pytest.fixture(scope="module", autouse=True)
def no_checks_by_themselves() -> Iterator[None]:
    """What a periodic check would find in the end must be found at once."""
    with pytest.MonkeyPatch.context() as patch:
        only_when_asked(patch)
        yield


@pytest_asyncio.fixture(scope="module", params=SERVER_NAMES)
async def url(request: pytest.FixtureRequest, redis_servers: dict[str, str]) -> str:
    address: str = redis_servers[request.param]
    return address


@pytest_asyncio.fixture(scope="module")
async def raw(url: str) -> AsyncIterator[Any]:
    """The server seen with the operator's eyes."""
    client: Any = Redis.from_url(url)
    yield client
    await client.aclose()


@pytest_asyncio.fixture(scope="module")
async def logs(url: str) -> AsyncIterator[RedisLogs]:
    logs = RedisLogs.from_url(url)
    yield logs
    await logs.close()


@pytest_asyncio.fixture
async def relay(url: str) -> AsyncIterator[Relay]:
    async with Relay(int(url.rpartition(":")[2])) as relay:
        yield relay


@pytest_asyncio.fixture
async def room(logs: RedisLogs) -> AsyncIterator[Room]:
    room = await Room.open(logs)
    yield room
    await room.log.close()
    await room.log.erase(room.expires_at)


async def everything(raw: Any) -> bytes:
    """Every byte the server can be made to tell."""
    found = []
    for key in await raw.keys("*"):
        found += [key, await raw.dump(key) or b""]
        kind = await raw.type(key)
        if kind == b"list":
            found += await raw.lrange(key, 0, -1)
        elif kind == b"hash":
            found += [part for pair in (await raw.hgetall(key)).items() for part in pair]
        else:
            found.append(await raw.get(key))
    return b"\n".join(found)


async def test_nothing_readable_is_in_redis_or_on_its_channels(room: Room, raw: Any) -> None:
    ears = raw.pubsub()
    await ears.psubscribe("*")
    assert (await ears.get_message(timeout=GUARD_SECONDS))["type"] == "psubscribe"
    muted = Muted(MARKER, 5, MARKER, MARKER)
    await room.append(post(MARKER, MARKER), Draft((muted,), f"{MARKER} mute", MARKER.encode()))
    await room.append(post("x"), snapshot=MARKER.encode() * 10)
    stored = await everything(raw)
    assert MARKER.encode() not in stored
    assert b"message_posted" not in stored
    for _ in range(2):
        message = await ears.get_message(timeout=GUARD_SECONDS)
        assert message["channel"] == room.seal.channel
        assert MARKER.encode() not in message["data"]
        assert b"message_posted" not in message["data"]
    await ears.aclose()


async def test_the_room_key_opens_what_is_stored_until_it_is_erased(room: Room, raw: Any) -> None:
    async def opened() -> list[bytes]:
        stored = await raw.lrange(room.seal.entries, 0, -1)
        return [room.seal.open(entry[HEADER_BYTES:], ENTRY + mark_of(entry[:HEADER_BYTES])) for entry in stored]

    await room.append(post(MARKER))
    assert MARKER.encode() in (await opened())[1]
    erased = MessagePosted("ada", "", "o")
    await room.append(Draft((Redacted(2, "mod"),), "redact", erases=((2, erased),)))
    assert all(MARKER.encode() not in event for event in await opened())


async def test_all_keys_of_a_room_share_a_slot_and_tell_nothing(room: Room, raw: Any) -> None:
    await room.append(post("x"), snapshot=b"state")
    keys = [key for key in await raw.keys("*") if key in room.seal.keys]
    assert len(keys) == 4
    assert len({key_slot(key) for key in keys}) == 1
    assert all(room.key not in key and room.key.hex().encode() not in key for key in keys)


async def test_every_key_always_ends(room: Room, raw: Any, logs: RedisLogs) -> None:
    async def ends() -> dict[bytes, int]:
        return {key: await raw.pexpiretime(key) for key in room.seal.keys if await raw.exists(key)}

    assert set((await ends()).values()) == {room.expires_at}
    assert len(await ends()) == 2
    await room.append(post("x"))
    room.expires_at += 60_000
    await room.append(post("y"), snapshot=b"state")
    assert await ends() == dict.fromkeys(room.seal.keys, room.expires_at)
    room.expires_at += 60_000
    await room.append(post("z"))
    assert await ends() == dict.fromkeys(room.seal.keys, room.expires_at)
    await logs.renew("someone", FORMAT)
    assert 0 < await raw.ttl("chatroom:lease:someone") <= LEASE_SECONDS
    assert [key for key in await raw.keys("*") if await raw.pttl(key) == -1] == []


async def test_the_lowest_format_is_that_of_the_oldest_process_alive(url: str, raw: Any) -> None:
    await raw.delete(FORMATS)
    new, old = RedisLogs.from_url(url), RedisLogs.from_url(url)
    assert new.lowest == OLDEST
    await new.renew("new", 3)
    assert new.lowest == 3
    await old.renew("old", 2)
    await new.renew("new", 3)
    assert (old.lowest, new.lowest) == (2, 2)
    await raw.delete(lease("old"))
    await new.renew("new", 3)
    assert (new.lowest, await raw.hgetall(FORMATS)) == (3, {b"new": b"3"})
    await old.renew("old", 2)
    await old.close()
    await new.renew("new", 3)
    assert (new.lowest, await raw.exists(lease("old"))) == (3, 1)
    await new.close()


async def test_who_could_not_renew_since_data_were_lost_still_counts(url: str, raw: Any) -> None:
    await raw.delete(FORMATS)
    new, old = RedisLogs.from_url(url), RedisLogs.from_url(url)
    await old.renew("old", 2)
    await new.renew("new", 3)
    await raw.delete(FORMATS, lease("old"), lease("new"), "chatroom:lease:data")
    await new.renew("new", 3)
    assert new.lowest == 2
    await new.close()
    await old.close()


async def test_a_killed_subscription_under_fire_loses_nothing(url: str, raw: Any, room: Room) -> None:
    other_logs = RedisLogs.from_url(url)
    other = await Room.join(other_logs, room)
    for i in range(100):
        if i % 10 == 5:
            await raw.execute_command("CLIENT KILL TYPE pubsub")
        await room.append(post(str(i)))
    await other.heard.until_offset(101)
    assert other.heard.offsets == list(range(1, 102))
    assert other.heard.entries_known == room.heard.entries_known
    await other_logs.close()


async def test_a_lost_answer_leaves_one_copy(relay: Relay, logs: RedisLogs, room: Room) -> None:
    far_logs = RedisLogs.from_url(relay.url)
    far = await Room.join(far_logs, room)
    await far.append(post("loads the script"))
    message = post("once")
    relay.lose_answer_to(APPEND.hash.encode())
    with pytest.raises(LogUnavailable):
        await far.append(message)
    assert await far.append(message) == [3]
    assert far.heard.texts == ["loads the script", "once"]
    await room.heard.until_offset(3)
    assert room.heard.offsets == [1, 2, 3]
    await far_logs.close()


async def test_a_cut_wire_is_told_once_and_mended_without_a_hole(
    relay: Relay, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    far_logs = RedisLogs.from_url(relay.url)
    far = await Room.join(far_logs, room)
    await relay.cut()
    await far.heard.until_troubled()
    monkeypatch.setattr("chatroom.log.redis.PROBE_SECONDS", SOON_SECONDS)
    asked = await asyncio.gather(
        far.append(post("x")),
        far_logs.create(b"k" * 32, ROOM, 0),
        far_logs.log(room.key).follow(Heard()),
        far_logs.alive(["p"]),
        far_logs.renew("p", FORMAT),
        far_logs.probe(),
        far_logs.check(),
        return_exceptions=True,
    )
    assert [type(answer) for answer in asked] == [LogUnavailable] * 7
    assert far.heard.troubles == [False]
    for i in range(5):
        await room.append(post(str(i)))
    await relay.mend()
    await far.heard.until_over()
    assert far.heard.entries_known == room.heard.entries_known
    assert far.heard.times_gone == 0
    await far_logs.close()


async def test_a_lost_message_is_found_when_the_process_appends_conflicts_or_checks(
    relay: Relay, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatroom.log.redis_stored.READ_ENTRIES", 5)
    far_logs = RedisLogs.from_url(relay.url)
    far = await Room.join(far_logs, room)
    relay.mute_subscriptions()
    await room.append(post("unheard"))
    assert await far.append(post("own")) == [3]
    assert far.heard.texts == ["unheard", "own"]
    await room.append(draft(LOCK))
    with pytest.raises(Conflict):
        await far.append(post("too late"))
    assert far.heard.head == 4
    relay.mute_subscriptions()
    await room.append(draft(*post("many").events * 12))
    async with asyncio.timeout(GUARD_SECONDS):
        await relay.swallowed.wait()
    relay.unmute_subscriptions()
    await far_logs.check()
    await far.heard.until_offset(16)
    assert far.heard.entries_known == room.heard.entries_known
    await far_logs.close()


async def test_who_joins_a_probe_that_is_lost_sends_another(relay: Relay, monkeypatch: pytest.MonkeyPatch) -> None:
    logs = RedisLogs.from_url(relay.url)
    await logs.probe()
    relay.mute_subscriptions()
    with monkeypatch.context() as hasty:
        hasty.setattr("chatroom.log.redis.PROBE_SECONDS", SOON_SECONDS)
        lost = asyncio.create_task(logs.probe())
        await relay.swallowed.wait()
    relay.unmute_subscriptions()
    await logs.probe()
    with pytest.raises(LogUnavailable):
        await lost
    await logs.close()


async def test_checks_run_by_themselves(relay: Relay, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RedisLogs, "_check_for_ever", CHECK_FOR_EVER)
    monkeypatch.setattr("chatroom.log.redis.CHECK_SECONDS", 0.01)
    monkeypatch.setattr("chatroom.log.redis.PROBE_SECONDS", SOON_SECONDS)
    far_logs = RedisLogs.from_url(relay.url)
    far = await Room.join(far_logs, room)
    relay.mute_subscriptions()
    await room.append(post("unheard"))
    await far.heard.until_offset(2)
    await far_logs.close()


async def test_what_is_heard_before_it_is_answered_is_not_opened(
    relay: Relay, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    def opened(seal: Seal, sealed: bytes, kind: bytes) -> bytes:
        raise AssertionError("opened")

    far_logs = RedisLogs.from_url(relay.url)
    far = await Room.join(far_logs, room)
    await room.log.close()
    await far.append(post("before"))
    monkeypatch.setattr(Seal, "open", opened)
    relay.hold_answers()
    appending = asyncio.create_task(far.append(post("mine")))
    await far.heard.until_offset(3)
    assert not appending.done()
    relay.release_answers()
    assert await appending == [3]
    await far_logs.close()


async def test_a_subscription_that_comes_back_reads_what_it_missed(relay: Relay, room: Room) -> None:
    far_logs = RedisLogs.from_url(relay.url)
    far = await Room.join(far_logs, room)
    relay.mute_subscriptions()
    await room.append(post("unheard"))
    relay.drop_subscriptions()
    await far.heard.until_offset(2)
    assert far.heard.troubles == []
    await far_logs.close()


async def test_a_message_heard_while_reading_is_not_forgotten(relay: Relay, logs: RedisLogs, room: Room) -> None:
    far_logs = RedisLogs.from_url(relay.url)
    far = await Room.join(far_logs, room)
    bell = await Room.open(logs)
    far_bell = await Room.join(far_logs, bell)
    relay.mute_subscriptions()
    await room.append(post("unheard"))
    async with asyncio.timeout(GUARD_SECONDS):
        await relay.swallowed.wait()
    relay.unmute_subscriptions()
    relay.hold_answers()
    await room.append(post("shows the gap"))
    async with asyncio.timeout(GUARD_SECONDS):
        await relay.held.wait()
    await room.append(post("while reading"))
    await bell.append(post("after it on the same wire"))
    await far_bell.heard.until_offset(2)
    assert far.heard.offsets == [1]
    relay.release_answers()
    await far.heard.until_offset(4)
    assert far.heard.offsets == [1, 2, 3, 4]
    await far_logs.close()


async def test_a_subscription_on_which_nothing_arrives_is_replaced(
    relay: Relay, room: Room, monkeypatch: pytest.MonkeyPatch
) -> None:
    far_logs = RedisLogs.from_url(relay.url)
    far = await Room.join(far_logs, room)
    await far_logs.probe()
    relay.mute_subscriptions()
    with monkeypatch.context() as hasty:
        hasty.setattr("chatroom.log.redis.PROBE_SECONDS", SOON_SECONDS)
        with pytest.raises(LogUnavailable):
            await far_logs.check()
    await far_logs.probe()
    await room.append(post("heard"))
    await far.heard.until_offset(2)
    await far_logs.close()


async def test_a_closed_log_is_not_listened_to(url: str, raw: Any, room: Room) -> None:
    logs = RedisLogs.from_url(url)
    other = await Room.join(logs, room)
    assert await raw.pubsub_numsub(room.seal.channel) == [(room.seal.channel, 2)]
    await other.log.close()
    await Room.open(logs)  # subscribed on the same connection, so after the other one was given up
    assert await raw.pubsub_numsub(room.seal.channel) == [(room.seal.channel, 1)]
    await logs.close()


async def test_time_does_not_go_back_when_the_servers_clock_does(room: Room, raw: Any) -> None:
    [entry] = await raw.lrange(room.seal.entries, 0, -1)
    ahead = int(entry[NONCE_BYTES:AT_END]) + FAR_MS
    await raw.lset(room.seal.entries, 0, entry[:NONCE_BYTES] + b"%013d" % ahead + entry[AT_END:])
    await room.append(post("x"))
    assert room.heard.entries_known[-1].at == ahead


async def test_bytes_of_another_hand_are_not_taken(room: Room, raw: Any, logs: RedisLogs) -> None:
    for forged in (b"", b"x", b"x" * 40, room.log.seen.epoch + b"\0\0\0\2" + b"\0\0\0\x38" + b"x" * 56):
        await raw.publish(room.seal.channel, forged)
    await logs.probe()
    assert await room.append(post("x")) == [2]
    assert room.heard.offsets == [1, 2]
    await raw.lset(room.seal.entries, 0, b"x" * 80)
    with pytest.raises(LogUnreadable):
        await Room.join(logs, room)


async def test_a_server_that_lost_the_scripts_is_given_them_again(room: Room, raw: Any, logs: RedisLogs) -> None:
    await raw.script_flush()
    assert await room.append(post("x")) == [2]
    await raw.script_flush()
    await logs.check()
    assert room.heard.times_gone == 0


async def test_the_clock_is_the_servers(url: str, room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as wrong:
        wrong.setattr(time, "time", lambda: 0.0)
        logs = RedisLogs.from_url(url)
    assert logs.now() < FAR_MS
    await logs.renew("someone", FORMAT)
    before = logs.now()
    await room.append(draft(LOCK))
    after = logs.now()
    assert before - FAR_MS <= room.heard.entries_known[-1].at <= after + FAR_MS
    await logs.close()


async def test_closing_leaves_no_task_and_no_connection(url: str, raw: Any, room: Room) -> None:
    before = asyncio.all_tasks()
    clients = {client["id"] for client in await raw.client_list()}
    logs = RedisLogs.from_url(url)
    other = await Room.join(logs, room)
    await other.append(post("x"))
    await logs.probe()
    await logs.close()
    assert asyncio.all_tasks() <= before
    async with asyncio.timeout(GUARD_SECONDS):
        while not {client["id"] for client in await raw.client_list()} <= clients:
            pass
