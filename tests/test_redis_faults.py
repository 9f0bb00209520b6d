"""What a failing Redis cannot do: lose what was acknowledged, tell it twice, or bring back what was erased."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from signal import SIGCONT, SIGSTOP
from typing import Any

import pytest
import pytest_asyncio
from followers import GUARD_SECONDS, LOCK, Heard, draft, is_over, post
from redis import Redis as Waiting
from redis.asyncio import Redis
from redis_faults import Room, check, only_when_asked, until_reached
from relay import Relay
from servers import BINARIES, SERVER_NAMES, RedisServer

from chatroom.core.events import Draft, MessagePosted, Reacted, Reaction, Redacted
from chatroom.core.formats import FORMAT
from chatroom.log.base import Conflict, LogGone, LogUnavailable
from chatroom.log.redis import RedisLogs

SOON_SECONDS = 0.3
"""A patience that ends in a test."""


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    only_when_asked(monkeypatch)


@pytest.fixture(params=SERVER_NAMES)
def server(request: pytest.FixtureRequest) -> Iterator[RedisServer]:
    with RedisServer(BINARIES[request.param]) as server:
        yield server


@pytest_asyncio.fixture
async def raw(server: RedisServer) -> AsyncIterator[Any]:
    client: Any = Redis.from_url(server.url)
    yield client
    await client.aclose()


@pytest_asyncio.fixture
async def logs(server: RedisServer) -> AsyncIterator[RedisLogs]:
    logs = RedisLogs.from_url(server.url)
    yield logs
    await logs.close()


@pytest_asyncio.fixture
async def others(server: RedisServer) -> AsyncIterator[RedisLogs]:
    """Another process."""
    logs = RedisLogs.from_url(server.url)
    yield logs
    await logs.close()


async def stored(logs: RedisLogs, room: Room) -> Heard:
    """What a process reads that comes now."""
    fresh = await Room.join(logs, room)
    await fresh.log.close()
    return fresh.heard


async def assert_every_key_ends(raw: Any, room: Room) -> None:
    ends = {key: await raw.pexpiretime(key) for key in await raw.keys("*")}
    assert set(room.seal.keys) <= set(ends)
    assert -1 not in ends.values()
    assert {ends[key] for key in room.seal.keys} == {room.expires_at}


async def test_a_server_that_comes_back_empty_is_given_everything_again(
    server: RedisServer, logs: RedisLogs, others: RedisLogs, raw: Any
) -> None:
    room = await Room.open(logs)
    there = await Room.join(others, room)
    room.heard.expires_at = there.heard.expires_at = room.expires_at
    message = post("one")
    await room.append(message, post("two"))
    await there.heard.until_offset(3)
    server.restart()
    assert await there.say(others, post("three")) == [4]
    assert await room.say(logs, message) == [2]
    await room.heard.until_offset(4)
    assert room.heard.texts == there.heard.texts == (await stored(logs, room)).texts == ["one", "two", "three"]
    assert room.heard.offsets == there.heard.offsets == [1, 2, 3, 4]
    assert room.heard.epochs[-1] == there.heard.epochs[-1] != room.heard.epochs[0]
    for one in (room, there):
        assert (one.heard.times_gone, one.heard.times_reopened) == (0, 0)
        await one.heard.until_over()
    await assert_every_key_ends(raw, room)


async def test_older_data_under_the_same_epoch_are_not_gone_on_with(server: RedisServer, logs: RedisLogs, raw: Any) -> None:
    room = await Room.open(logs)
    await room.append(post("kept"), post("secret"))
    await raw.save()
    erased = Redacted(3, "mod")
    await room.append(post("later"), Draft((erased,), "redact", erases=((3, MessagePosted("ada", "", "o")),)))
    server.restart()
    assert await room.say(logs, post("afterwards")) == [6]
    fresh = await stored(logs, room)
    assert fresh.texts == ["kept", "", "later", "afterwards"]
    assert fresh.epochs[0] == room.heard.epochs[-1] != room.heard.epochs[0]
    assert [entry.nonce for entry in fresh.entries_known] == [entry.nonce for entry in room.heard.entries_known]


async def test_a_restarted_server_that_lost_nothing_has_a_new_epoch(server: RedisServer, logs: RedisLogs, raw: Any) -> None:
    room = await Room.open(logs)
    await room.append(post("one"))
    await raw.save()
    server.restart()
    late = await Room.join_again(logs, room)
    await late.heard.until(lambda: late.heard.epochs[-1] != room.heard.epochs[0])
    assert await room.say(logs, post("two")) == [3]
    await late.heard.until_offset(3)
    assert room.heard.epochs[-1] == late.heard.epochs[-1]


async def test_an_epoch_of_another_run_of_a_server_is_not_appended_to(logs: RedisLogs, raw: Any) -> None:
    room = await Room.open(logs)
    await raw.hset(room.seal.meta, "run", "0" * 40)
    with pytest.raises(Conflict):
        await room.append(post("refused"))
    assert len(room.heard.epochs) == 2
    assert await room.append(post("taken")) == [2]


async def fork(server: RedisServer, others: RedisLogs, raw: Any, room: Room, relay: Relay, *tail: Draft) -> Room:
    """What the room's process alone knows, and another process that went on without it."""
    await room.append(post("both"))
    await raw.save()
    for one in tail:
        await room.append(one)
    await relay.cut()
    await room.heard.until_troubled()
    server.restart()
    await raw.connection_pool.disconnect()
    return await Room.join_again(others, room)


async def test_what_one_process_alone_saw_follows_what_others_said_without_it(
    server: RedisServer, others: RedisLogs, raw: Any
) -> None:
    async with Relay(server.port) as relay:
        logs = RedisLogs.from_url(relay.url)
        room = await Room.open(logs)
        first = post("acknowledged")
        heart = draft(Reacted("ada", 3, Reaction.HEART, True))
        erase = Draft((Redacted(2, "mod"),), "redact", erases=((2, MessagePosted("ada", "", "o")),))
        there = await fork(server, others, raw, room, relay, first, heart, erase)
        twice = post("said there", "origin")
        await there.say(others, twice, draft(LOCK))
        await relay.mend()
        await room.heard.until(lambda: room.heard.times_reopened == 1)
        await there.heard.until_offset(7)
        assert (await stored(others, room)).texts == ["", "said there", "acknowledged"]
        assert there.heard.offsets == room.heard.offsets == [1, 2, 3, 4, 5, 6, 7]
        assert [entry.nonce for entry in there.heard.entries_known] == [entry.nonce for entry in room.heard.entries_known]
        assert there.heard.entries_known[5].event == Reacted("ada", 5, Reaction.HEART, True)
        assert there.heard.entries_known[6].event == Redacted(2, "mod")
        assert there.heard.times_reopened == 0
        assert await room.say(logs, first) == [5]
        assert await room.say(logs, twice) == [3]
        assert len({*there.heard.epochs, *room.heard.epochs}) == 3
        await logs.close()


async def test_what_was_said_again_to_another_process_is_there_once(server: RedisServer, others: RedisLogs, raw: Any) -> None:
    async with Relay(server.port) as relay:
        logs = RedisLogs.from_url(relay.url)
        room = await Room.open(logs)
        again = post("again")
        there = await fork(server, others, raw, room, relay, again, draft(Reacted("ada", 3, Reaction.HUG, True)))
        assert await there.say(others, post("before"), again) == [3, 4]
        await relay.mend()
        await room.heard.until(lambda: room.heard.times_reopened == 1)
        assert room.heard.texts == ["both", "before", "again"]
        assert room.heard.entries_known[-1].event == Reacted("ada", 4, Reaction.HUG, True)
        await logs.close()


async def test_nobody_appends_until_everyone_had_time_to_say_what_they_know(
    server: RedisServer, logs: RedisLogs, others: RedisLogs, raw: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Relay(server.port) as relay:
        far_logs = RedisLogs.from_url(relay.url)
        room = await Room.open(far_logs)
        there = await fork(server, others, raw, room, relay, post("acknowledged"))
        await there.heard.until(lambda: len(there.heard.epochs) > 1)
        await raw.hset(there.seal.meta, "settles_at", there.expires_at)
        with pytest.raises(LogUnavailable):
            await there.append(post("too early"))
        await relay.mend()
        await there.heard.until_offset(3)
        assert there.heard.texts == ["both", "acknowledged"]
        with pytest.raises(LogUnavailable):
            await there.append(post("still too early"))
        await others.check()
        assert there.heard.troubles[-1:] == [False]
        await raw.hset(there.seal.meta, "settles_at", 0)
        assert await there.say(others, post("now")) == [4]
        assert there.heard.troubles[-1:] == [True]
        assert room.heard.times_reopened == 0
        await far_logs.close()


async def test_a_flushed_server_is_given_everything_again(logs: RedisLogs, raw: Any) -> None:
    room = await Room.open(logs)
    await room.append(post("one"))
    await check(logs)
    await raw.flushall()
    assert await room.say(logs, post("two")) == [3]
    assert (await stored(logs, room)).texts == ["one", "two"]


async def test_an_erased_room_stays_erased_for_who_was_away(server: RedisServer, logs: RedisLogs, raw: Any) -> None:
    async with Relay(server.port) as relay:
        far_logs = RedisLogs.from_url(relay.url)
        room, far = await Room.open(logs), None
        far = await Room.join(far_logs, room)
        await relay.cut()
        await far.heard.until_troubled()
        await room.log.erase(room.expires_at)
        await relay.mend()
        await far.heard.until_gone()
        with pytest.raises(LogGone):
            await far.append(post("x"))
        assert [key for key in await raw.keys("*") if key in room.seal.keys] == []
        await far_logs.close()


@pytest.mark.parametrize("tries", [1, 2], ids=["at once", "after a lost answer"])
async def test_an_erased_room_that_comes_back_with_older_data_is_erased_again(
    server: RedisServer, raw: Any, tries: int
) -> None:
    async with Relay(server.port) as relay:
        logs = RedisLogs.from_url(relay.url)
        room = await Room.open(logs)
        await raw.save()
        if tries > 1:
            relay.lose_answer_to(b"UNLINK")
            await room.log.erase(room.expires_at)
        await room.log.erase(room.expires_at)
        server.restart()
        with Waiting.from_url(server.url) as before_anything_else:
            assert before_anything_else.exists(*room.seal.keys)
        await raw.connection_pool.disconnect()
        await until_reached(logs)
        assert await raw.exists(*room.seal.keys) == 0
        await logs.close()


async def test_a_room_that_is_not_found_may_come_back_after_a_loss(server: RedisServer, logs: RedisLogs, raw: Any) -> None:
    room = await Room.open(logs)
    await room.log.close()
    server.restart()
    await until_reached(logs)
    with pytest.raises(LogUnavailable, match="may come back"):
        await Room.join(logs, room)
    assert await logs.alive(["someone"]) == {"someone"}


async def test_a_full_server_holds_writers_and_lets_them_read(logs: RedisLogs, others: RedisLogs, raw: Any) -> None:
    room = await Room.open(logs)
    there = await Room.join(others, room)
    await check(logs, others)
    await logs.renew("process", FORMAT)
    await raw.config_set("maxmemory", 1)
    message = post("waits")
    with pytest.raises(LogUnavailable):
        await room.append(message)
    await logs.check()
    await logs.renew("process", FORMAT)
    assert room.heard.troubles == [False]
    assert (await stored(others, room)).offsets == [1]
    await raw.config_set("maxmemory", 0)
    assert await room.append(message) == [2]
    assert is_over(room.heard.troubles)
    await there.heard.until_offset(2)


async def test_a_promoted_replica_that_lags_is_brought_up_to_date(server: RedisServer, raw: Any) -> None:
    with RedisServer(server.binary) as second:
        async with Relay(server.port) as relay:
            logs = RedisLogs.from_url(relay.url)
            room = await Room.open(logs)
            await room.append(post("replicated"))
            replica: Any = Redis.from_url(second.url)
            await raw.config_set("repl-diskless-sync-delay", 0)
            await replica.execute_command("REPLICAOF", "127.0.0.1", str(server.port))
            async with asyncio.timeout(GUARD_SECONDS):
                while not await replica.exists(room.seal.origins):
                    pass
            await replica.execute_command("REPLICAOF", "NO", "ONE")
            await room.append(post("not replicated"))
            relay.lead_to([second.port])
            relay.reset()
            server.kill()
            assert await room.say(logs, post("promoted")) == [4]
            assert (await stored(logs, room)).texts == ["replicated", "not replicated", "promoted"]
            await replica.aclose()
            await logs.close()


async def test_a_server_that_became_a_replica_is_left_for_the_new_one(
    server: RedisServer, raw: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its connections stay, while the address leads to the new one."""
    monkeypatch.setattr("chatroom.log.redis.PROBE_SECONDS", SOON_SECONDS)
    with RedisServer(server.binary) as second:
        async with Relay(server.port) as relay:
            logs = RedisLogs.from_url(relay.url)
            room = await Room.open(logs)
            relay.lead_to([second.port])
            await raw.execute_command("REPLICAOF", "127.0.0.1", str(second.port))
            assert await room.say(logs, post("promoted")) == [2]
            assert (await stored(logs, room)).texts == ["promoted"]
            await logs.close()


async def test_answers_cut_in_the_middle_lose_and_double_nothing(server: RedisServer) -> None:
    async with Relay(server.port) as relay:
        logs = RedisLogs.from_url(relay.url)
        room = await Room.open(logs)
        for count in (1, 7, 30, 200):
            relay.cut_after(count)
            message = post(str(count))
            with suppress(LogUnavailable):
                await room.append(message)
            await relay.mend()
            await room.say(logs, message)
        assert room.heard.texts == ["1", "7", "30", "200"]
        await until_reached(logs)
        assert (await stored(logs, room)).texts == room.heard.texts
        await logs.close()


async def test_a_server_that_delivers_nothing_is_noticed_told_and_read_from(
    server: RedisServer, others: RedisLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Relay(server.port) as relay:
        logs = RedisLogs.from_url(relay.url)
        room = await Room.open(logs)
        there = await Room.join(others, room)
        await logs.check()
        relay.deliver_nothing()
        monkeypatch.setattr("chatroom.log.redis.PROBE_SECONDS", SOON_SECONDS)
        await there.append(post("one"))
        for text in ("one", "two"):
            with pytest.raises(LogUnavailable):
                await logs.check()
            await room.heard.until_offset(there.heard.head)
            assert room.heard.texts[-1] == text
            assert room.heard.troubles == [False]
            await there.append(post("two"))
        await relay.mend()
        relay.reset()
        monkeypatch.setattr("chatroom.log.redis.PROBE_SECONDS", GUARD_SECONDS)
        await until_reached(logs)
        await room.heard.until_over()
        await logs.close()


async def test_a_stopped_server_is_told_and_gone_on_with(
    server: RedisServer, logs: RedisLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatroom.log.redis_commands.COMMAND_SECONDS", SOON_SECONDS)
    hasty = RedisLogs.from_url(server.url)
    room = await Room.join_again(hasty, await Room.open(logs))
    server.signal(SIGSTOP)
    message = post("while stopped")
    with pytest.raises(LogUnavailable):
        await room.append(message)
    await room.heard.until_troubled()
    server.signal(SIGCONT)
    assert await room.say(hasty, message) == [2]
    await room.heard.until_over()
    assert room.heard.texts == ["while stopped"]
    assert len(room.heard.epochs) == 1
    await hasty.close()


async def test_who_comes_while_it_is_known_that_nothing_answers_is_told_at_once(
    server: RedisServer, logs: RedisLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await Room.open(logs)
    server.kill()
    await room.heard.until_troubled()
    monkeypatch.setattr("chatroom.log.redis_subscription.COMMAND_SECONDS", 3600)
    async with asyncio.timeout(GUARD_SECONDS):
        with pytest.raises(LogUnavailable):
            await Room.join(logs, room)
    server.start()
    assert await room.say(logs, post("x")) == [2]
