"""What `chatroom check` says of a Redis configuration."""

import pytest
from httpx2 import AsyncClient
from redis.asyncio import Redis
from servers import ACCESS, BINARIES, RedisServer, with_user
from serving import free_port, serving

from chatroom.log.redis_check import ADVICE, FORBIDDEN, FULL, NO_ANSWER, NOT_ALLOWED, NOT_HEARD, REFUSED, redis_advice
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
        assert await advice(await with_user(server.url, "careful", *ACCESS, "-config|get")) == [FORBIDDEN]


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


RARE = {"+del", "+lpop", "+hdel", "+hget", "+lset", "+config|get", "+unsubscribe"}
"""Needed only when Redis lost data, for long meetings, for words that are erased, and by the check itself."""


@pytest.mark.parametrize("binary", BINARIES.values(), ids=BINARIES)
async def test_the_user_of_the_documents_is_enough_and_one_who_may_do_less_is_not(binary: str) -> None:
    with RedisServer(binary) as server:
        client = Redis.from_url(server.url)
        assert await advice(await with_user(server.url, "chatroom", *ACCESS)) == []
        for one in [word for word in ACCESS if word.startswith("+") and word not in RARE]:
            less = [word for word in ACCESS if word != one]
            await client.script_flush()
            assert await advice(await with_user(server.url, "chatroom", *less)) in ([NOT_ALLOWED], [NOT_HEARD]), one
        await client.aclose()


LESS = {
    "without channels, as Redis 7 makes users": (["+@all", "~*"], [NOT_ALLOWED, NOT_HEARD]),
    "without scripts": ([*ACCESS, "-eval", "-evalsha"], [NOT_ALLOWED]),
    "without what is called dangerous": (["+@all", "~*", "&*", "-@dangerous"], [FORBIDDEN, NOT_ALLOWED]),
    "with other keys": ([*ACCESS, "resetkeys", "~rooms:*"], [NOT_ALLOWED]),
    "with other channels": ([*ACCESS, "resetchannels", "&rooms:*"], [NOT_ALLOWED, NOT_HEARD]),
}


@pytest.mark.parametrize("less", LESS)
async def test_a_user_who_may_not_hold_a_room_is_told_of(less: str) -> None:
    access, sentences = LESS[less]
    with RedisServer(next(iter(BINARIES.values()))) as server:
        url = await with_user(server.url, "less", "on", "nopass", *access)
        found = await advice(url)
        assert found
        assert set(found) <= set(sentences)
        async with serving(redis_url=url) as [running], AsyncClient() as client:
            assert (await client.get(running.url + "/readyz")).status_code == 503


async def test_a_full_server_is_told_of() -> None:
    with RedisServer(next(iter(BINARIES.values())), maxmemory="1") as server:
        assert await advice(server.url) == [FULL]
