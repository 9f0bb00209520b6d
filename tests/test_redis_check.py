"""What `chatroom check` says of a Redis configuration."""

import pytest
from redis.asyncio import Redis
from servers import BINARIES, RedisServer
from serving import free_port

from chatroom.log.redis_check import ADVICE, FORBIDDEN, NO_ANSWER, REFUSED, redis_advice
from chatroom.log.redis_commands import Commands

UNSUITED = {"save": "60 1000", "appendonly": "yes", "maxmemory-policy": "allkeys-lru", "slowlog-max-len": "128"}


async def advice(url: str) -> list[str]:
    commands = Commands(url)
    try:
        return await redis_advice(commands)
    finally:
        await commands.close()


async def test_a_suitable_server_needs_no_advice(redis_servers: dict[str, str]) -> None:
    assert [await advice(url) for url in redis_servers.values()] == [[]] * len(redis_servers)


@pytest.mark.parametrize("binary", BINARIES.values(), ids=BINARIES)
async def test_each_unsuited_setting_has_its_sentence(binary: str) -> None:
    assert ADVICE.keys() == UNSUITED.keys()
    with RedisServer(binary, **UNSUITED) as server:
        assert await advice(server.url) == [sentence for _, sentence in ADVICE.values()]
        client = Redis.from_url(server.url)
        for name, (wanted, sentence) in ADVICE.items():
            await client.config_set(name, wanted)
            assert sentence not in await advice(server.url)
        assert await advice(server.url) == []
        await client.aclose()


@pytest.mark.parametrize("binary", BINARIES.values(), ids=BINARIES)
async def test_a_server_that_hides_its_configuration_is_no_error(binary: str) -> None:
    with RedisServer(binary) as server:
        client = Redis.from_url(server.url)
        await client.acl_setuser("careful", enabled=True, nopass=True, categories=["+@all"], commands=["-config"])
        await client.aclose()
        assert await advice(server.url.replace("//", "//careful:any@")) == [FORBIDDEN]


@pytest.mark.parametrize("binary", BINARIES.values(), ids=BINARIES)
async def test_a_server_that_lets_nobody_in_is_not_said_to_be_silent(binary: str) -> None:
    with RedisServer(binary, requirepass="right") as server:
        known = server.url.replace("//", "//:right@")
        assert await advice(known) == []
        assert await advice(server.url) == [REFUSED]
        assert await advice(known.replace("right", "wrong")) == [REFUSED]
        assert await advice(known + "/9999") == [REFUSED]


async def test_no_server_does_not_answer() -> None:
    assert await advice(f"redis://127.0.0.1:{free_port()}") == [NO_ANSWER]
