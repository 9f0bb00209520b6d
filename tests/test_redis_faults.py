"""What a failing Redis cannot do: lose what was acknowledged, tell it twice, or bring back what was erased."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from typing import Any

import pytest
import pytest_asyncio
from followers import GUARD_SECONDS, LOCK, Heard, draft, post
from redis import Redis as Waiting
from redis.asyncio import Redis
from redis_faults import MortalServer, Room
from relay import Relay
from servers import BINARIES, SERVER_NAMES

from chatroom.core.events import Draft, MessagePosted, Reacted, Reaction, Redacted
from chatroom.log.base import Conflict, LogGone, LogUnavailable
from chatroom.log.redis import RedisLogs


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Checks come when a test asks for them, and nobody waits for others."""
    monkeypatch.setattr("chatroom.log.redis.CHECK_SECONDS", 3600)
    monkeypatch.setattr("chatroom.log.redis.RETRY_SECONDS", 3600)
    monkeypatch.setattr("chatroom.log.redis.PROBE_SECONDS", 0.5)
    monkeypatch.setattr("chatroom.log.redis_recovery.SETTLE_MS", 0)


@pytest.fixture(params=SERVER_NAMES)
def server(request: pytest.FixtureRequest) -> Iterator[MortalServer]:
    with MortalServer(BINARIES[request.param]) as server:
        yield server


@pytest_asyncio.fixture
async def raw(server: MortalServer) -> AsyncIterator[Any]:
    client: Any = Redis.from_url(server.url)
    yield client
    await client.aclose()


@pytest_asyncio.fixture
async def logs(server: MortalServer) -> AsyncIterator[RedisLogs]:
    logs = RedisLogs.from_url(server.url)
    yield logs
    await logs.close()


@pytest_asyncio.fixture
async def others(server: MortalServer) -> AsyncIterator[RedisLogs]:
    """Another process."""
    logs = RedisLogs.from_url(server.url)
    yield logs
    await logs.close()


async def check(*processes: RedisLogs) -> None:
    for logs in processes:
        with suppress(LogUnavailable):
            await logs.check()


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
    server: MortalServer, logs: RedisLogs, others: RedisLogs, raw: Any
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
    assert (room.heard.times_gone, there.heard.times_gone, room.heard.times_reopened) == (0, 0, 0)
    assert room.heard.troubles == there.heard.troubles == [False, True]
    await assert_every_key_ends(raw, room)


async def test_older_data_under_the_same_epoch_are_not_gone_on_with(server: MortalServer, logs: RedisLogs, raw: Any) -> None:
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


async def test_a_restarted_server_that_lost_nothing_has_a_new_epoch(server: MortalServer, logs: RedisLogs, raw: Any) -> None:
    room = await Room.open(logs)
    await room.append(post("one"))
    await raw.save()
    server.restart()
    late = await Room.join_again(logs, room)
    await late.heard.until(lambda: len(late.heard.epochs) > 1)
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


async def fork(server: MortalServer, others: RedisLogs, raw: Any, room: Room, relay: Relay, *tail: Draft) -> Room:
    """What the room's process alone knows, and another process that went on without it."""
    await room.append(post("both"))
    await raw.save()
    for one in tail:
        await room.append(one)
    await relay.cut()
    await room.heard.until(lambda: room.heard.troubles == [False])
    server.restart()
    await raw.connection_pool.disconnect()
    return await Room.join_again(others, room)


async def test_what_one_process_alone_saw_follows_what_others_said_without_it(
    server: MortalServer, others: RedisLogs, raw: Any
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


async def test_what_was_said_again_to_another_process_is_there_once(server: MortalServer, others: RedisLogs, raw: Any) -> None:
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
    server: MortalServer, logs: RedisLogs, others: RedisLogs, raw: Any, monkeypatch: pytest.MonkeyPatch
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


async def test_an_erased_room_stays_erased_for_who_was_away(server: MortalServer, logs: RedisLogs, raw: Any) -> None:
    async with Relay(server.port) as relay:
        far_logs = RedisLogs.from_url(relay.url)
        room, far = await Room.open(logs), None
        far = await Room.join(far_logs, room)
        await relay.cut()
        await far.heard.until(lambda: far.heard.troubles == [False])
        await room.log.erase()
        await relay.mend()
        await far.heard.until_gone()
        with pytest.raises(LogGone):
            await far.append(post("x"))
        assert [key for key in await raw.keys("*") if key in room.seal.keys] == []
        await far_logs.close()


async def test_an_erased_room_that_comes_back_with_older_data_is_erased_again(
    server: MortalServer, logs: RedisLogs, raw: Any
) -> None:
    room = await Room.open(logs)
    await raw.save()
    await room.log.erase()
    server.restart()
    with Waiting.from_url(server.url) as before_anything_else:
        assert before_anything_else.exists(*room.seal.keys)
    await raw.connection_pool.disconnect()
    await check(logs)
    await check(logs)
    assert await raw.exists(*room.seal.keys) == 0


async def test_a_room_that_is_not_found_may_come_back_after_a_loss(server: MortalServer, logs: RedisLogs, raw: Any) -> None:
    room = await Room.open(logs)
    await room.log.close()
    server.restart()
    with pytest.raises(LogUnavailable):
        await Room.join(logs, room)
    assert await logs.alive(["someone"]) == {"someone"}


async def test_a_full_server_holds_writers_and_lets_them_read(logs: RedisLogs, others: RedisLogs, raw: Any) -> None:
    room = await Room.open(logs)
    there = await Room.join(others, room)
    await check(logs, others)
    await logs.renew("process")
    await raw.config_set("maxmemory", 1)
    message = post("waits")
    with pytest.raises(LogUnavailable):
        await room.append(message)
    await logs.check()
    await logs.renew("process")
    assert room.heard.troubles == [False]
    assert (await stored(others, room)).offsets == [1]
    await raw.config_set("maxmemory", 0)
    assert await room.append(message) == [2]
    assert room.heard.troubles == [False, True]
    await there.heard.until_offset(2)


async def test_a_promoted_replica_that_lags_is_brought_up_to_date(server: MortalServer, raw: Any) -> None:
    with MortalServer(server._binary) as second:
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


async def test_answers_cut_in_the_middle_lose_and_double_nothing(server: MortalServer) -> None:
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
        await logs.probe()
        assert (await stored(logs, room)).texts == room.heard.texts
        await logs.close()


async def test_a_server_that_delivers_nothing_is_noticed_told_and_read_from(server: MortalServer, others: RedisLogs) -> None:
    async with Relay(server.port) as relay:
        logs = RedisLogs.from_url(relay.url)
        room = await Room.open(logs)
        there = await Room.join(others, room)
        await check(logs)
        relay.deliver_nothing()
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
        async with asyncio.timeout(GUARD_SECONDS):
            while room.heard.troubles == [False]:
                await check(logs)
        assert room.heard.troubles == [False, True]
        await logs.close()


async def test_a_stopped_server_is_told_and_gone_on_with(
    server: MortalServer, logs: RedisLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatroom.log.redis_commands.COMMAND_SECONDS", 0.3)
    hasty = RedisLogs.from_url(server.url)
    room = await Room.open(hasty)
    server.stop()
    message = post("while stopped")
    with pytest.raises(LogUnavailable):
        await room.append(message)
    server.go_on()
    assert await room.say(hasty, message) == [2]
    assert room.heard.texts == ["while stopped"]
    assert room.heard.troubles == [False, True]
    assert len(room.heard.epochs) == 1
    await hasty.close()


async def test_who_comes_while_it_is_known_that_nothing_answers_is_told_at_once(
    server: MortalServer, logs: RedisLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    room = await Room.open(logs)
    server.kill()
    await room.heard.until(lambda: room.heard.troubles == [False])
    monkeypatch.setattr("chatroom.log.redis_subscription.COMMAND_SECONDS", 3600)
    async with asyncio.timeout(GUARD_SECONDS):
        with pytest.raises(LogUnavailable):
            await Room.join(logs, room)
    server.start()
    assert await room.say(logs, post("x")) == [2]
