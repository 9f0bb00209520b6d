"""Logs in Redis servers of other kinds: full, read-only, behind a socket file or a password, just back, or unreadable."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from certificate import certified
from followers import GUARD_SECONDS, ROOM, is_over, post
from redis.asyncio import Redis
from redis_faults import Room, only_when_asked
from relay import Proxy, Relay
from servers import BINARIES, SERVER_NAMES, RedisServer

from chatroom.core.formats import FORMAT
from chatroom.core.identity import SECRET_BYTES, new_secret, room_key
from chatroom.live.hub import Hub
from chatroom.log.base import LogUnavailable, LogUnreadable
from chatroom.log.redis import RedisLogs

SOON_SECONDS = 0.3
"""A patience that ends in a test."""


@pytest.fixture(autouse=True)
def no_checks_by_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    only_when_asked(monkeypatch)


@pytest.mark.parametrize("binary", BINARIES.values(), ids=BINARIES)
async def test_a_full_or_read_only_server_is_unavailable(binary: str) -> None:
    with RedisServer(binary, **{"maxmemory": "1", "maxmemory-policy": "noeviction"}) as server:
        logs = RedisLogs.from_url(server.url)
        client: Any = Redis.from_url(server.url)
        with pytest.raises(LogUnavailable):
            await Room.open(logs)
        with pytest.raises(LogUnavailable):
            await logs.check()
        await client.config_set("maxmemory", 0)
        room = await Room.open(logs)
        await client.config_set("maxmemory", 1)
        with pytest.raises(LogUnavailable):
            await room.append(post("x"))
        with pytest.raises(LogUnavailable):
            await logs.probe()
        await client.config_set("maxmemory", 0)
        await logs.probe()
        assert await room.append(post("x")) == [2]
        assert is_over(room.heard.troubles)
        await client.execute_command("REPLICAOF", "127.0.0.1", "1")
        with pytest.raises(LogUnavailable):
            await room.append(post("y"))
        await client.aclose()
        await logs.close()


@pytest.mark.parametrize("binary", BINARIES.values(), ids=BINARIES)
async def test_unix_sockets_and_passwords(binary: str, tmp_path: Path) -> None:
    path = str(tmp_path / "s")
    with RedisServer(binary, unixsocket=path, requirepass="word"):
        logs = RedisLogs.from_url(f"unix://:word@{path}")
        room = await Room.open(logs)
        assert await room.append(post("x")) == [2]
        await logs.close()
        wrong = RedisLogs.from_url(f"unix://:other@{path}")
        with pytest.raises(LogUnavailable):
            await wrong.renew("p", FORMAT)
        await wrong.close()


async def test_over_tls_the_server_is_one_that_is_known(redis_servers: dict[str, str], tmp_path: Path) -> None:
    context, certificate = certified(tmp_path)
    port = int(redis_servers[SERVER_NAMES[0]].rpartition(":")[2])
    async with Proxy([port], tls=context) as front:
        url = f"rediss://127.0.0.1:{front.port}"
        logs, other = (RedisLogs.from_url(f"{url}?ssl_ca_certs={certificate}") for _ in range(2))
        here = await Room.open(logs)
        there = await Room.join(other, here)
        assert await here.append(post("x")) == [2]
        await there.heard.until_offset(2)
        front.reset()
        assert await here.say(logs, post("y")) == [3]
        await there.heard.until_offset(3)
        await logs.close()
        await other.close()
        unknown = RedisLogs.from_url(url)
        with pytest.raises(LogUnavailable):
            await unknown.renew("p", FORMAT)
        await unknown.close()


async def test_another_url_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="scheme"):
        RedisLogs.from_url("http://127.0.0.1")


async def test_a_log_begun_as_soon_as_the_server_is_back_can_be_followed_at_once(
    valkey_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("chatroom.log.redis_subscription.BACKOFF_SECONDS", SOON_SECONDS)
    async with Relay(int(valkey_url.rpartition(":")[2])) as relay:
        logs = RedisLogs.from_url(relay.url)
        room = await Room.open(logs)
        await relay.cut()
        await room.heard.until_troubled()
        await relay.mend()
        fresh = await Room.open(logs)
        assert await fresh.append(post("x")) == [2]
        for each in (room, fresh):
            await each.log.erase(each.expires_at)
        await logs.close()


async def test_a_log_that_cannot_be_read_is_not_listened_to(valkey_url: str) -> None:
    raw: Any = Redis.from_url(valkey_url)
    logs, hub = RedisLogs.from_url(valkey_url), Hub(RedisLogs.from_url(valkey_url))
    secret = new_secret(bytes(range(SECRET_BYTES)))
    room = Room(logs, room_key(secret))
    await logs.create(room.key, ROOM, room.expires_at)
    await room.heard.follow(room.log)
    await room.append(post("x"), snapshot=b"of another version")
    await room.log.close()
    await hub.start()
    try:
        with pytest.raises(LogUnreadable):
            await hub.room_of(secret, (b"source",))
        async with asyncio.timeout(GUARD_SECONDS):
            while (await raw.pubsub_numsub(room.seal.channel))[0][1]:
                pass
    finally:
        await hub.stop()
    await room.log.erase(room.expires_at)
    await logs.close()
    await raw.aclose()
