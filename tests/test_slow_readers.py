"""Readers that do not read, in a room of a hundred over real sockets: they are cut off alone, and nobody else notices."""

import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any, cast

import pytest
from bare import Bare
from clients import protocols
from pseudonyms import pseudonyms
from serving import ServerHere, serving_here
from talking import SETTINGS, Street, Talker

from chatroom.core.limits import OUTBOX_BYTES
from chatroom.live import live_room
from chatroom.live.counts import Cut
from chatroom.live.live_room import LiveRoom
from chatroom.live.opening import OpenedRoom, OpenRoom
from chatroom.web.settings import Settings
from chatroom.web.ws_protocol import MeetingProtocol

READING, STALLED = 79, 20
NAMES = pseudonyms(READING + STALLED + 1)
TEXT = "\U0001f33f" * 2_000
MESSAGE_BYTES = len(TEXT.encode()) + 200
SMALL_BYTES = 4_096
"""What the kernel is asked to keep between the server and someone slow, so that the rest stays with the server."""
MESSAGES_AT_MOST = 200


class Slow:
    """Someone whose connection is bare, and the server's side of it."""

    def __init__(self, bare: Bare, welcome: dict[str, Any], protocol: MeetingProtocol) -> None:
        self.bare, self.welcome, self.protocol = bare, welcome, protocol

    @property
    def me(self) -> str:
        return str(self.welcome["room"]["me"]["participant"])


class Crowd:
    """A room of a hundred: a host who talks, those who read, and those who do not; one more comes in the end."""

    def __init__(self, server: ServerHere, street: Street, keys: OpenedRoom) -> None:
        self.server, self.street, self.keys = server, street, keys
        self.reading: list[Talker] = []
        self.slow: list[Slow] = []
        self.said = 0

    @property
    def room(self) -> LiveRoom:
        (room,) = self.server.hub._rooms.values()
        return room

    async def slow_one(self, stack: AsyncExitStack, name: str) -> None:
        bare = await stack.enter_async_context(Bare(self.server.url, receive_bytes=SMALL_BYTES))
        [protocol] = [one for one in protocols(self.server) if one.client and one.client[1] == bare.local_port]
        protocol.transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL_BYTES)
        await bare.say(do="hello", secret=self.keys.secret)
        await bare.say(do="join", nickname=name, accept_rules=True)
        self.slow.append(Slow(bare, await bare.message("welcome"), protocol))

    async def say_something(self) -> None:
        """The host says the next text, everyone who reads hears it, and the room's clock ticks."""
        offset = await self.reading[0].post(f"{self.said} {TEXT}"[: len(TEXT)])
        self.said += 1
        for reader in self.reading:
            await reader.hears(offset)
        self.room.tick(frozenset())

    def kept_bytes(self) -> list[int]:
        """What the server keeps for each who is slow."""
        return [one.protocol.pending_bytes() for one in self.slow]


pytestmark = pytest.mark.usefixtures("unguarded")


@asynccontextmanager
async def crowd() -> AsyncIterator[Crowd]:
    async with serving_here(Settings.from_environment({**SETTINGS, "POLICIES": "none"})) as server, AsyncExitStack() as stack:
        keys = await server.hub.open_room(OpenRoom(title="Tuesday", capacity=200, needs_moderator=False), "")
        street = Street(cast(Any, server), cast(Any, None))
        crowd = Crowd(server, street, keys)
        crowd.reading = [await street.join(keys, NAMES[n], "" if n else keys.host_token) for n in range(READING)]
        for name in NAMES[READING : READING + STALLED]:
            await crowd.slow_one(stack, name)
        yield crowd
        await street.go_home()


def texts(talker: Talker) -> list[str]:
    return [frame["text"].split()[0] for frame in talker.frames if frame.get("event") == "message_posted"]


async def test_a_fifth_of_a_room_that_does_not_read_harms_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    """One of them reads a thousand bytes for every eight thousand that come; the others nothing at all."""
    monkeypatch.setattr(live_room, "DROPPED_AFTER_SECONDS", 0.01)
    async with crowd() as people:
        trickling = people.slow[0].bare
        while people.server.hub.connections > READING:
            assert people.said < MESSAGES_AT_MOST
            await people.say_something()
            assert max(people.kept_bytes()) <= OUTBOX_BYTES + MESSAGE_BYTES
            await trickling.read(1_000)
        for _ in range(10):
            await people.say_something()
        assert people.server.hub.counts == {Cut.SLOW_READER: STALLED}
        assert people.kept_bytes() == [0] * STALLED
        for reader in people.reading:
            assert texts(reader) == [str(n) for n in range(people.said)]
        await the_roster_is_right(people)


async def the_roster_is_right(people: Crowd) -> None:
    """Those who were cut off are away, all others are here; who comes back has missed nothing."""
    gone = {one.me for one in people.slow}

    def away(talker: Talker) -> set[str]:
        return {frame["participant"] for frame in talker.frames if frame.get("event") == "dropped"}

    for reader in people.reading:
        await reader.until(lambda reader=reader: away(reader) == gone)  # type: ignore[misc]
    back = people.slow[-1]
    again = await people.street.hello(people.keys.secret, seat=back.welcome["seat"], position=back.welcome["position"])
    assert again.frames[0]["recovered"] is True
    await again.until(lambda: len(texts(again)) == people.said)
    assert texts(again) == [str(n) for n in range(people.said)]
    newcomer = await people.street.join(people.keys, NAMES[-1])
    here = {one: person["here"] for one, person in newcomer.welcome["room"]["people"].items()}
    assert {one for one, is_here in here.items() if not is_here} == gone - {back.me}
    assert len(here) == READING + STALLED + 1
