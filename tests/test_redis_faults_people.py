"""What people notice when Redis fails."""

import asyncio
from contextlib import AsyncExitStack
from functools import partial

import httpx2
import pytest
from servers import BINARIES, SERVER_NAMES, RedisServer
from serving import serving
from talking import SETTINGS, Street, Talker


async def join(street: Street, secret: str, name: str) -> Talker:
    talker = await street.hello(secret)
    assert (await talker.ask("join", nickname=name, accept_rules=True))["is"] == "welcome"
    return talker


def texts(talker: Talker) -> list[str]:
    return [frame["text"] for frame in talker.frames if frame.get("event") == "message_posted"]


async def until_told(talker: Talker, reaching: bool) -> None:
    await talker.until(lambda: [f["reaching"] for f in talker.frames if f["is"] == "trouble"][-1:] == [reaching])


@pytest.mark.parametrize("name", SERVER_NAMES)
async def test_people_in_two_processes_are_told_and_lose_nothing_when_redis_comes_back_empty(name: str) -> None:
    async with AsyncExitStack() as stack:
        server = stack.enter_context(RedisServer(BINARIES[name]))
        streets = []
        for running in await stack.enter_async_context(serving(SETTINGS, processes=2, redis_url=server.url)):
            http = httpx2.AsyncClient(base_url=running.url, headers={"Origin": running.url}, trust_env=False)
            streets.append(Street(running, await stack.enter_async_context(http)))
        secret = (await streets[0].open_room()).secret
        ada, bea = await join(streets[0], secret, "Ada"), await join(streets[1], secret, "Bea")
        await ada.ask("post", origin_id="origin-one", text="one")
        await bea.until(lambda: texts(bea) == ["one"])
        server.kill()
        for talker in (ada, bea):
            await until_told(talker, False)
        for street in streets:
            assert (await street.http.get("/readyz")).status_code == 503
        server.start()
        answers = await asyncio.gather(
            ada.ask("post", origin_id="origin-two", text="two"),
            bea.ask("post", origin_id="origin-three", text="three"),
            ada.ask("post", origin_id="origin-one", text="one"),
        )
        assert [answer["is"] for answer in answers] == ["done"] * 3
        for talker in (ada, bea):
            await until_told(talker, True)
            await talker.until(partial(lambda talker: len(texts(talker)) >= 3, talker))
            await talker.catch_up()
        assert texts(ada) == texts(bea)
        assert (texts(ada)[0], sorted(texts(ada))) == ("one", ["one", "three", "two"])
        for street in streets:
            await street.until_ready()
            await street.go_home()
