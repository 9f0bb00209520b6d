"""Two of the places where scenes are played: a hub in this process, and two server processes with Redis.

Each, as the pure core in `scene_core.py`, offers lines that carry the frames of docs/protocol.md; the sentences know nothing
else.
"""

import asyncio
import contextlib
import itertools
import json
import time
from collections.abc import Sequence

import httpx2
import msgspec
from fake_time import FakeTimeLoop
from house import Guest
from screen import Frame
from serving import Running
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Origin

from chatroom.live.hub import Hub
from chatroom.live.opening import OpenedRoom, OpenRoom
from chatroom.log.memory import MemoryLogs

WAIT_SECONDS = 20
ECHO_REF = 2**53


# ---- a hub in this process -----------------------------------------------------------------------------------------------


class HubLine:
    """A line to a hub, over a connection that only remembers."""

    def __init__(self, loop: FakeTimeLoop, guest: Guest) -> None:
        self.frames = guest.frames
        self._loop, self._guest = loop, guest
        self._seen = 0

    async def say(self, frame: Frame) -> None:
        self._guest.send(json.dumps(frame))

    async def more(self) -> None:
        await self._loop.settle()
        assert len(self.frames) > self._seen, f"no answer in {self.frames}"
        self._seen = len(self.frames)

    async def cut(self) -> None:
        self._guest.cut()


class HubTheatre:
    """A hub with its log in memory, in a loop where time is under control."""

    def __init__(self, loop: FakeTimeLoop) -> None:
        self._loop = loop
        self._logs = MemoryLogs(clock=loop.milliseconds)
        self.hub = Hub(self._logs)

    def now(self) -> int:
        return self._loop.milliseconds()

    async def open_room(self, request: OpenRoom) -> OpenedRoom:
        return await self.hub.open_room(request, "10.0.0.1")

    async def connect(self, address: int) -> HubLine:
        guest = Guest(self.hub, f"10.0.0.{address}")
        guest.connection.read = lambda frame: frame
        return HubLine(self._loop, guest)

    async def has_heard(self, line: HubLine) -> None:
        await self._loop.settle()

    async def pass_time(self, seconds: float) -> None:
        await self._loop.advance(seconds)

    async def keeps(self, text: str) -> bool:
        await self._loop.settle()
        logs = [(log.entries, log.snapshot) for log in self._logs._rooms.values()]
        rooms = [(live.room, live._history._entries) for live in self.hub._rooms.values()]
        return text.encode() in msgspec.msgpack.encode([logs, rooms])


# ---- two server processes ------------------------------------------------------------------------------------------------


class SocketLine:
    """A line over a real socket."""

    def __init__(self, socket: ClientConnection, server_url: str) -> None:
        self.frames: list[Frame] = []
        self.server_url = server_url
        self._socket, self._seen = socket, 0
        self._came = asyncio.Event()
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        with contextlib.suppress(ConnectionClosed):
            async for data in self._socket:
                self.frames.append(json.loads(data))
                self._came.set()
        self._came.set()

    async def say(self, frame: Frame) -> None:
        await self._socket.send(json.dumps(frame))

    async def more(self) -> None:
        async with asyncio.timeout(WAIT_SECONDS):
            while len(self.frames) == self._seen:
                assert not self._reading.done(), f"closed without an answer in {self.frames}"
                self._came.clear()
                await self._came.wait()
        self._seen = len(self.frames)

    async def cut(self) -> None:
        self._socket.transport.abort()
        await self._reading

    async def catch_up(self) -> None:
        """Return when everything that the server had for this line has been read.

        What is in the outbox leaves with or before the first answer, so it is here with the second.
        """
        for _ in range(2):
            known = len(self.frames)
            with contextlib.suppress(ConnectionClosed):
                await self.say({"do": "earlier", "before": "none", "ref": ECHO_REF})
            while not self._reading.done() and not any(frame.get("ref") == ECHO_REF for frame in self.frames[known:]):
                self._came.clear()
                await self._came.wait()


class InformedLine(SocketLine):
    """A line on which nothing is said before its server knows all that happened elsewhere."""

    def __init__(self, socket: ClientConnection, server_url: str, theatre: "ServersTheatre") -> None:
        super().__init__(socket, server_url)
        self._theatre = theatre

    async def say(self, frame: Frame) -> None:
        await self._theatre.inform(self.server_url)
        await super().say(frame)
        self._theatre.informed = {self.server_url}


class ServersTheatre:
    """Running servers with one Redis; connections go to each in turn, as if through a proxy from addresses in `subnet`."""

    def __init__(self, servers: Sequence[Running], subnet: str) -> None:
        self._servers, self._subnet = itertools.cycle(servers), subnet
        self.informed: set[str] = set()
        """Those that know all that happened."""
        self._lines: list[SocketLine] = []
        self._client = httpx2.AsyncClient()

    def now(self) -> int:
        return round(time.time() * 1000)

    async def open_room(self, request: OpenRoom) -> OpenedRoom:
        server = next(self._servers)
        answer = await self._client.post(
            f"{server.url}/api/rooms",
            content=msgspec.json.encode(request),
            headers={"Content-Type": "application/json", "Origin": server.url, **self._forwarded(1)},
        )
        return msgspec.json.decode(answer.raise_for_status().content, type=OpenedRoom)

    async def connect(self, address: int) -> SocketLine:
        server = next(self._servers)
        socket = await connect(server.ws_url, origin=Origin(server.url), additional_headers=self._forwarded(address))
        self._lines.append(InformedLine(socket, server.url, self))
        return self._lines[-1]

    def _forwarded(self, address: int) -> dict[str, str]:
        return {"X-Forwarded-For": f"{self._subnet}.{address}"}

    async def inform(self, url: str) -> None:
        """A probe comes back there that began now: what was published before it is known. The first may have begun earlier."""
        if url not in self.informed:
            for _ in range(2):
                (await self._client.get(f"{url}/readyz")).raise_for_status()
            self.informed.add(url)

    async def has_heard(self, line: SocketLine) -> None:
        self.informed.discard(line.server_url)
        async with asyncio.timeout(WAIT_SECONDS):
            await self.inform(line.server_url)
            await line.catch_up()

    async def pass_time(self, seconds: float) -> None:
        raise AssertionError("time cannot be made to pass here")

    async def keeps(self, text: str) -> bool:
        """What Redis holds is sealed."""
        return False

    async def close(self) -> None:
        for line in self._lines:
            await line.cut()
        await self._client.aclose()
