"""After a thousand rooms have come and gone, everything is as it was before the first."""

import os
import secrets
from hashlib import sha256

import pytest
from clients import closed, get, meet
from fake_time import fake_time_loop, in_fake_time
from house import House, generous, house
from policies import built_in
from real_time import someone, until
from redis.asyncio import Redis
from remains import baseline, buckets, objects_of_ours, remaining, tasks, timers
from servers import BINARIES, MISSING, RedisServer
from serving import ServerHere, serving_here

from chatroom.core.refusals import Close
from chatroom.live import hub as hubs
from chatroom.live import opening
from chatroom.live.hub import Hub
from chatroom.live.opening import OpenRoom
from chatroom.log.memory import MemoryLogs
from chatroom.log.redis import RedisLogs
from chatroom.web.settings import Settings

ROOMS = 1_000
QUIET_SECONDS = 30 * 60
"""By then even the slowest limit has forgotten everyone."""


@pytest.fixture(autouse=True)
def cheap_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """The keys of a thousand rooms without the price of scrypt."""
    for module in (hubs, opening):
        monkeypatch.setattr(module, "room_key", lambda words: sha256(words.encode()).digest())


async def a_room(inn: House, number: int, mark: str) -> None:
    """People come, talk, and go, or stay until the end; most rooms are ended by their host, some by the clock."""
    passphrase = "" if number % 100 else f"{mark} passphrase"
    await inn.open(title=f"{mark} title", welcome=f"{mark} welcome", rules=(f"{mark} rule",), minutes=15, passphrase=passphrase)
    ada, bea = await inn.join("Ada", "host"), await inn.join(f"B{mark}", "moderator")
    stranger, lost = await inn.door(), await inn.door(secret="no such room")
    assert lost.closed == Close.NO_SUCH_ROOM
    if passphrase:
        assert (await stranger.ask("join", nickname="Cal", accept_rules=True))["code"] == "passphrase_wrong"
    said = await bea.ask("post", origin_id="origin-1", text=f"{mark} text")
    await ada.ask("react", message=said["id"], reaction="hug")
    await bea.ask("report", message=said["id"], reason="other", words=f"{mark} words")
    if number % 3 == 0:
        bea.cut()
    if number % 20:
        await ada.ask("end")
    elif number % 40:
        ada.cut()


@in_fake_time
async def test_a_thousand_rooms_come_and_go_and_leave_nothing() -> None:
    loop = fake_time_loop()
    logs = MemoryLogs(clock=loop.milliseconds)
    mark = "".join(secrets.choice("bcdfghjklmnpqrstvwxz") for _ in range(16))
    backwards = {"mark": mark[::-1]}
    async with house(built_in(), logs=logs, minutes=15) as inn:
        for number in range(3):
            await a_room(inn, number, "warm")
        await loop.advance(QUIET_SECONDS)
        before = (baseline(inn.hub), buckets(inn.hub), timers(loop), tasks(), objects_of_ours())
        assert {*before[0].values(), before[1]} == {0}
        for number in range(ROOMS):
            await a_room(inn, number, mark)
        assert inn.hub.rooms == ROOMS // 20
        del mark
        await loop.advance(QUIET_SECONDS)
        assert (baseline(inn.hub), buckets(inn.hub), timers(loop), tasks(), objects_of_ours()) == before
        assert logs._rooms == {}
        assert remaining(backwards) == set()


def files() -> int:
    """How many files and sockets this process has open."""
    return len(os.listdir("/dev/fd"))


async def a_room_over_sockets(server: ServerHere, number: int) -> None:
    """A host who ends it, a guest who stays, one who hangs up, and one who is cut off in the middle of a word."""
    keys = await server.hub.open_room(OpenRoom(title="Tuesday"), f"10.0.0.{number}")
    async with meet(server.ws_url) as host, meet(server.ws_url) as guest, meet(server.ws_url) as other:
        for client, name, token in ((host, "Ada", keys.host_token), (guest, "Bea", ""), (other, "Cal", "")):
            await client.send(f'{{"do":"hello","secret":"{keys.secret}","token":"{token}"}}')
            await client.send(f'{{"do":"join","nickname":"{name}","accept_rules":true}}')
            await client.recv()
        other.transport.abort()
        await host.send('{"do":"end"}')
        for client in (host, guest):
            assert (await closed(client))[0] == Close.ENDED


async def test_files_and_tasks_of_a_server_are_as_before() -> None:
    async with serving_here(Settings(hellos_per_source_per_second=10_000)) as server:
        await a_room_over_sockets(server, 0)
        await get(server.url)
        await until(lambda: not server.server_state.connections)
        before = (files(), tasks(), server.hub.rooms, server.hub.connections)
        for number in range(1, 51):
            await a_room_over_sockets(server, number)
            await get(server.url)
        await until(lambda: not server.server_state.connections)
        assert (files(), tasks(), server.hub.rooms, server.hub.connections) == before


FEW = 3
"""Connections for commands come and go with what is done at the same time; a leak would leave one for each room."""


async def seen_by_redis(redis: Redis) -> tuple[object, int]:
    """Its keys and its subscriptions; the number of its clients."""
    return (sorted(await redis.keys()), await redis.pubsub_channels()), len(await redis.client_list())


async def test_the_keys_and_subscriptions_in_redis_are_as_before() -> None:
    if not BINARIES:
        pytest.fail(MISSING)
    with RedisServer(next(iter(BINARIES.values()))) as server:
        redis = Redis.from_url(server.url)
        hub = Hub(RedisLogs.from_url(server.url), generous())
        await hub.start()
        await a_room_in_redis(hub, 0)
        before, clients_before = await seen_by_redis(redis)
        for number in range(1, 101):
            await a_room_in_redis(hub, number)
        after, clients_after = await seen_by_redis(redis)
        assert after == before
        assert clients_after <= clients_before + FEW
        await hub.stop()
        await redis.aclose()


async def a_room_in_redis(hub: Hub, number: int) -> None:
    keys = await hub.open_room(OpenRoom(title="Tuesday"), f"10.0.0.{number}")
    ada, bea = await someone(hub, keys.secret, "Ada", keys.host_token), await someone(hub, keys.secret, "Bea")
    bea.say("post", origin_id="origin-1", text="hello")
    await until(lambda: ada.texts == ["hello"])
    ada.say("end")
    await until(lambda: ada.closed and bea.closed and not baseline(hub)["tasks"])
