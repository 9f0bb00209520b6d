"""Logs in Redis servers of other kinds: full, read-only, behind a socket file or a password."""

from pathlib import Path
from typing import Any

import pytest
from certificate import certified
from followers import is_over, post
from redis.asyncio import Redis
from redis_faults import Room, only_when_asked
from relay import Proxy
from servers import BINARIES, SERVER_NAMES, RedisServer

from chatroom.log.base import LogUnavailable
from chatroom.log.redis import RedisLogs


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
            await wrong.renew("p")
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
            await unknown.renew("p")
        await unknown.close()


async def test_another_url_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="scheme"):
        RedisLogs.from_url("http://127.0.0.1")
