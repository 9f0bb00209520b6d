"""What lies between a browser and the servers: a small reverse proxy on raw sockets, under a path or not, which can be cut."""

import asyncio
import itertools
import re
from collections.abc import Sequence
from contextlib import suppress
from urllib.parse import urlsplit

NOT_HERE = b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
CONNECTION = re.compile(rb"^Connection:[^\r]*", re.IGNORECASE | re.MULTILINE)


class Network:
    """An async context manager. `url` is the front page; sockets go to the servers in turn, everything else to the first.

    With a `path`, such as "/meetings", the path is taken off, and whatever is asked outside it is not there.
    """

    def __init__(self, servers: Sequence[str], path: str = "") -> None:
        self._first = servers[0]
        self._for_sockets = itertools.cycle(servers)
        self._path = path
        self._port = 0
        self._listening: asyncio.Server | None = None
        self._connections: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}{self._path}"

    async def __aenter__(self) -> "Network":
        await self.mend()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.cut()

    async def mend(self) -> None:
        self._listening = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._listening.sockets[0].getsockname()[1]

    async def cut(self) -> None:
        """Nothing gets through any more, and no new connection."""
        if self._listening:
            self._listening.close()
        for writer in self._connections.values():
            writer.transport.abort()
        if self._connections:
            await asyncio.wait(self._connections)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task
        self._connections[task] = writer
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            await self._pass_on(reader, writer)
        del self._connections[task]
        writer.close()

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        method, target, rest = (await reader.readuntil(b"\r\n\r\n")).split(b" ", 2)
        if not target.startswith(f"{self._path}/".encode()):
            writer.write(NOT_HERE)
            return
        is_socket = b"\r\nupgrade: websocket" in rest.lower()
        rest = rest if is_socket else CONNECTION.sub(b"Connection: close", rest)
        server = urlsplit(next(self._for_sockets) if is_socket else self._first)
        answers, onward = await asyncio.open_connection(server.hostname, server.port)
        onward.write(b" ".join((method, target[len(self._path) :], rest)))
        both = [asyncio.create_task(_pipe(reader, onward)), asyncio.create_task(_pipe(answers, writer))]
        await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
        onward.close()
        writer.close()
        await asyncio.wait(both)


async def _pipe(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
