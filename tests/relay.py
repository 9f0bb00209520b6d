"""Wires on loopback that a test can damage: between people and servers, and between servers and Redis.

`Proxy` passes bytes on and knows the faults of a network, `Relay` leads to a Redis server and knows what a subscription is,
`Network` is a small reverse proxy, under a path or not. Nothing here waits for time to pass except the faults that are time.
"""

import asyncio
import itertools
import re
import socket
import ssl
import struct
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Self
from urllib.parse import urlsplit

from serving import free_port

PASS_BYTES = 65536
NARROW_BYTES = 2048
SLICES_PER_SECOND = 4
NOT_HERE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
CONNECTION = re.compile(rb"^Connection:[^\r]*", re.IGNORECASE | re.MULTILINE)
RESET = struct.pack("ii", 1, 0)
"""SO_LINGER: a connection that is closed is reset."""

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Wire:
    """One connection: towards the client, and towards the server once there is one."""

    def __init__(self, client: Streams) -> None:
        self.asks, self.client = client
        self.answers: asyncio.StreamReader
        self.server: asyncio.StreamWriter
        self.answered_bytes = 0
        self.subscribed = self.muted = self.losing = False
        self.ended = asyncio.Event()

    def reset(self) -> None:
        self.ended.set()
        with suppress(OSError):
            self.client.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)
        self.client.transport.abort()


class Proxy:
    """An async context manager; connections to `port` lead to the servers at `ports` in turn, past those that do not listen.

    A `narrow` one holds little itself, so that a server soon notices that nobody reads. With `tls` clients speak TLS to it.
    """

    def __init__(self, ports: Sequence[int], *, narrow: bool = False, tls: ssl.SSLContext | None = None) -> None:
        self.port = free_port()
        self.latency_seconds = 0.0
        """What everything takes each way. What comes while something is under way follows together."""
        self.bytes_per_second = 0
        """The most that goes to one client; 0: whatever it takes."""
        self._ports = list(ports)
        self._narrow, self._tls = narrow, tls
        self._most_answered_bytes = 0
        self._asking, self._answering = asyncio.Event(), asyncio.Event()
        self._asking.set()
        self._answering.set()
        self._listening: asyncio.Server | None = None
        self._wires: dict[asyncio.Task[None], Wire] = {}

    async def __aenter__(self) -> Self:
        await self.mend()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.cut()

    async def mend(self) -> None:
        """Everything passes again. Connections that were cut stay so."""
        self.latency_seconds, self.bytes_per_second, self._most_answered_bytes = 0.0, 0, 0
        self._asking.set()
        self._answering.set()
        if self._listening is None:
            self._listening = await asyncio.start_server(self._serve, "127.0.0.1", self.port, ssl=self._tls)

    async def cut(self) -> None:
        """Nothing gets through any more, and no new connection."""
        if self._listening:
            self._listening.close()
            self._listening = None
        self.reset()
        if self._wires:
            await asyncio.wait(self._wires)

    def reset(self) -> None:
        """Cut the connections there are; new ones are fine."""
        for wire in self._wires.values():
            wire.reset()

    def cut_after(self, count: int) -> None:
        """Reset every connection, also each new one, after `count` more bytes to its client."""
        self._most_answered_bytes = count
        for wire in self._wires.values():
            wire.answered_bytes = 0

    def blackhole(self) -> None:
        """Nothing passes either way, and nobody is told: connections stay, new ones come."""
        self._asking.clear()
        self._answering.clear()

    def stall(self) -> None:
        """Nothing more goes to the clients."""
        self._answering.clear()

    def lead_to(self, ports: Sequence[int]) -> None:
        """New connections go there from now on."""
        self._ports = list(ports)

    def clients_of(self, port: int) -> list[int]:
        """The ports from which clients came whose connections lead to this one."""
        wires = [wire for wire in self._wires.values() if wire.server.get_extra_info("peername")[1] == port]
        return [wire.client.get_extra_info("peername")[1] for wire in wires]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if self._listening is None:
            writer.transport.abort()  # it was accepted just before the cut
            return
        task = asyncio.current_task()
        assert task
        wire = self._wires[task] = Wire((reader, writer))
        with suppress(OSError, asyncio.IncompleteReadError):
            await self._pass_on(wire)
        writer.close()
        del self._wires[task]

    async def _pass_on(self, wire: Wire) -> None:
        wire.answers, wire.server = await self._next_server()
        await self._both_ways(wire)

    async def _next_server(self) -> Streams:
        """Streams to the next server that listens. Raises OSError when none does."""
        for _ in self._ports:
            self._ports.append(self._ports.pop(0))
            with suppress(ConnectionRefusedError):
                return await self._open(self._ports[-1])
        raise ConnectionRefusedError

    async def _open(self, port: int) -> Streams:
        onward = socket.socket()
        onward.setblocking(False)
        if self._narrow:
            onward.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, NARROW_BYTES)
        try:
            await asyncio.get_running_loop().sock_connect(onward, ("127.0.0.1", port))
        except OSError:
            onward.close()
            raise
        return await asyncio.open_connection(sock=onward, limit=NARROW_BYTES if self._narrow else PASS_BYTES)

    async def _both_ways(self, wire: Wire) -> None:
        """Until one side ends, or the wire is cut while something is held."""
        ways = (self._pass(wire, wire.asks, self._ask), self._pass(wire, wire.answers, self._answer), wire.ended.wait())
        all_of_them = [asyncio.create_task(way) for way in ways]
        await asyncio.wait(all_of_them, return_when=asyncio.FIRST_COMPLETED)
        wire.server.close()
        wire.client.close()
        for way in all_of_them:
            way.cancel()
        await asyncio.wait(all_of_them)

    async def _pass(self, wire: Wire, reader: asyncio.StreamReader, hand_on: Callable[[Wire, bytes], Awaitable[None]]) -> None:
        with suppress(OSError):
            while data := await reader.read(NARROW_BYTES if self._narrow else PASS_BYTES):
                if self.latency_seconds:
                    await asyncio.sleep(self.latency_seconds)
                await hand_on(wire, data)

    async def _ask(self, wire: Wire, data: bytes) -> None:
        await self._asking.wait()
        wire.server.write(data)
        await wire.server.drain()

    async def _answer(self, wire: Wire, data: bytes) -> None:
        await self._answering.wait()
        if self._most_answered_bytes:
            data = data[: self._most_answered_bytes - wire.answered_bytes]
        wire.answered_bytes += len(data)
        await self._trickle(wire.client, data)
        if self._most_answered_bytes and wire.answered_bytes >= self._most_answered_bytes:
            wire.reset()

    async def _trickle(self, writer: asyncio.StreamWriter, data: bytes) -> None:
        while data:
            step = max(1, self.bytes_per_second // SLICES_PER_SECOND) if self.bytes_per_second else len(data)
            writer.write(data[:step])
            data = data[step:]
            await writer.drain()
            if self.bytes_per_second:
                await asyncio.sleep(step / self.bytes_per_second)


class Relay(Proxy):
    """The wire to the Redis server at `port` on loopback: `url` leads through it."""

    def __init__(self, port: int) -> None:
        super().__init__([port])
        self._lose_answer_to = b""
        self._delivering = True
        self.held = asyncio.Event()
        """An answer waits for `release_answers`."""
        self.swallowed = asyncio.Event()
        """A message came on a muted subscription."""

    @property
    def url(self) -> str:
        return f"redis://127.0.0.1:{self.port}"

    async def mend(self) -> None:
        self._delivering = True
        await super().mend()

    def lose_answer_to(self, command: bytes) -> None:
        """The next `command` reaches the server; instead of its answer the client sees its connection end."""
        self._lose_answer_to = command

    def mute_subscriptions(self) -> None:
        """Nothing comes any more on the subscriptions there are; new connections are fine."""
        for wire in self._wires.values():
            wire.muted = wire.subscribed
        self.swallowed.clear()

    def unmute_subscriptions(self) -> None:
        """What was said meanwhile stays lost."""
        for wire in self._wires.values():
            wire.muted = False

    def deliver_nothing(self) -> None:
        """Commands are answered, but nothing ever comes on the subscriptions there are, nor on a new one until `mend`."""
        self._delivering = False
        self.mute_subscriptions()

    def drop_subscriptions(self) -> None:
        for wire in self._wires.values():
            if wire.subscribed:
                wire.client.close()

    def hold_answers(self) -> None:
        """Answers to commands wait; messages to subscriptions do not."""
        self.held.clear()
        self.stall()

    def release_answers(self) -> None:
        self._answering.set()

    async def _ask(self, wire: Wire, data: bytes) -> None:
        if b"SUBSCRIBE" in data:
            wire.subscribed, wire.muted = True, wire.muted or not self._delivering
        if self._lose_answer_to and self._lose_answer_to in data:
            self._lose_answer_to, wire.losing = b"", True
        await super()._ask(wire, data)

    async def _answer(self, wire: Wire, data: bytes) -> None:
        if wire.losing:
            wire.client.close()
        elif wire.muted:
            self.swallowed.set()
        elif wire.subscribed:
            wire.client.write(data)
        else:
            if not self._answering.is_set():
                self.held.set()
            await super()._answer(wire, data)


class Network(Proxy):
    """What lies between a browser and the servers. `url` is the front page; sockets go to the servers in turn, all else to the
    first.

    With a `path`, such as "/meetings", the path is taken off, and whatever is asked outside it is not there.
    """

    def __init__(self, servers: Sequence[str], path: str = "") -> None:
        super().__init__([])
        ports = [urlsplit(server).port or 0 for server in servers]
        self._first, self._for_sockets = ports[0], itertools.cycle(ports)
        self._path = path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{self._path}"

    async def _pass_on(self, wire: Wire) -> None:
        method, target, rest = (await wire.asks.readuntil(b"\r\n\r\n")).split(b" ", 2)
        if not target.startswith(f"{self._path}/".encode()):
            wire.client.write(NOT_HERE)
            return
        is_socket = b"\r\nupgrade: websocket" in rest.lower()
        rest = rest if is_socket else CONNECTION.sub(b"Connection: close", rest)
        wire.answers, wire.server = await self._open(next(self._for_sockets) if is_socket else self._first)
        wire.server.write(b" ".join((method, target[len(self._path) :], rest)))
        await self._both_ways(wire)
