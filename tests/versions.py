"""Processes of two versions on one Redis, as in a rolling upgrade."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest_asyncio
from redis.asyncio import Redis
from scene_drivers import WAIT_SECONDS
from screen import Frame
from serving import Version, serving
from talking import SETTINGS, Street, Talker, new_origin

Start = Callable[..., Awaitable[Street]]


@pytest_asyncio.fixture
async def start(valkey_url: str) -> AsyncIterator[Start]:
    """Starts a process of a version, the present one or the next, all on one Redis."""
    client = Redis.from_url(valkey_url)
    await client.flushall()  # no lease of another test
    await client.aclose()
    async with AsyncExitStack() as stack:

        async def start(version: Version, **settings: str) -> Street:
            given = {**SETTINGS, **settings}
            [server] = await stack.enter_async_context(serving(given, redis_url=valkey_url, version=version))
            headers = {"Origin": server.url}
            http = httpx2.AsyncClient(base_url=server.url, headers=headers, trust_env=False, timeout=WAIT_SECONDS)
            street = Street(server, await stack.enter_async_context(http))
            stack.push_async_callback(street.go_home)
            return street

        yield start


async def hug(talker: Talker) -> Frame:
    """What only the next version can do."""
    return await talker.ask("hug", origin_id=new_origin())


async def looks_round(url: str) -> None:
    """Until a process has asked which formats the others read: what it asks for the second time was answered before."""
    client: Any = Redis.from_url(url)
    async with asyncio.timeout(WAIT_SECONDS), client.monitor() as commands:
        asked = 0
        async for command in commands.listen():
            asked += command["command"] == "HGETALL chatroom:lease:formats"
            if asked == 2:
                break
    await client.aclose()
