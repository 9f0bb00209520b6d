"""Logs in Redis servers of other kinds: full, read-only, behind a socket file or a password."""

from pathlib import Path
from typing import Any

import pytest
from followers import is_over, post
from redis.asyncio import Redis
from redis_faults import Room, only_when_asked
from servers import BINARIES, RedisServer

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


async def test_another_url_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="scheme"):
        RedisLogs.from_url("http://127.0.0.1")
