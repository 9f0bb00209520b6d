"""Clients for tests at the socket: one of bare bytes, one of the `websockets` library, and a look at the server's side."""

import asyncio
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import httpx2
import msgspec
from serving import ServerHere
from websockets.asyncio.client import ClientConnection, connect

from chatroom.web.ws_protocol import MeetingProtocol

TEXT, BINARY, CONTINUATION, CLOSE, PING, PONG = 1, 2, 0, 8, 9, 10
FINAL = 0x80


class Raw:
    """A WebSocket client of bare bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    def send(self, opcode: int, payload: bytes = b"", *, flags: int = FINAL, masked: bool = True) -> None:
        """Write one frame, masked with zeros (RFC 6455, section 5.2)."""
        length = len(payload)
        bit = 0x80 if masked else 0
        head = (
            struct.pack("!BB", flags | opcode, bit | length)
            if length < 126
            else struct.pack("!BBQ", flags | opcode, bit | 127, length)
        )
        self.writer.write(head + (bytes(4) if masked else b"") + payload)

    async def frame(self) -> tuple[int, bytes]:
        """The opcode and payload of the next frame."""
        first, length = await self.reader.readexactly(2)
        if length == 126:
            (length,) = struct.unpack("!H", await self.reader.readexactly(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", await self.reader.readexactly(8))
        return first & 15, await self.reader.readexactly(length)

    async def message(self) -> dict[str, Any]:
        opcode, payload = await self.frame()
        assert opcode == TEXT
        found: dict[str, Any] = msgspec.json.decode(payload)
        return found

    async def close_code(self) -> int:
        """Skip to the close frame: its code."""
        opcode, payload = await self.frame()
        while opcode != CLOSE:
            opcode, payload = await self.frame()
        return int.from_bytes(payload[:2], "big")

    async def cut(self) -> bool:
        """Wait for the end of the connection, by a close or a reset."""
        with suppress(ConnectionError):
            while await self.reader.read(65536):
                pass
        return True


@asynccontextmanager
async def tcp(url: str) -> AsyncIterator[Raw]:
    address = urlsplit(url)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    try:
        yield Raw(reader, writer)
    finally:
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


def upgrade(url: str, origin: str, *more: str) -> bytes:
    """The request for a handshake, with `more` header lines."""
    lines = (
        "GET /ws HTTP/1.1",
        f"Host: {urlsplit(url).netloc}",
        f"Origin: {origin}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    )
    return "\r\n".join((*lines, *more, "", "")).encode()


@asynccontextmanager
async def raw_socket(url: str) -> AsyncIterator[Raw]:
    async with tcp(url) as raw:
        raw.writer.write(upgrade(url, url))
        head = await raw.reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 101 ")
        yield raw


def meet(ws_url: str) -> connect:
    return connect(ws_url, origin=ws_url.replace("ws", "http", 1).removesuffix("/ws"), proxy=None)  # type: ignore[arg-type]


async def closed(client: ClientConnection) -> tuple[int | None, str | None]:
    """Wait until the server closes: its code and reason."""
    await client.wait_closed()
    return client.close_code, client.close_reason


async def get(url: str) -> httpx2.Response:
    async with httpx2.AsyncClient(trust_env=False) as client:
        return await client.get(url)


def protocols(server: ServerHere) -> list[MeetingProtocol]:
    return [connection for connection in server.server_state.connections if isinstance(connection, MeetingProtocol)]


class Watcher:
    """Stands between a protocol and its session, to know when the connection is lost."""

    def __init__(self, protocol: MeetingProtocol) -> None:
        assert protocol.receiver
        self.session, self.gone = protocol.receiver, asyncio.Event()
        self.protocol, self.at_the_end = protocol, (0, 0)
        """The number that frames may be written to, and the socket's own, when the connection was lost."""
        protocol.receiver = self

    def receive(self, data: str) -> None:
        self.session.receive(data)

    def receive_binary(self) -> None:
        self.session.receive_binary()

    def socket_changed(self) -> None:
        self.session.socket_changed()

    def lost(self) -> None:
        self.at_the_end = (self.protocol.socket_number, self.protocol.transport.get_extra_info("socket").fileno())
        self.session.lost()
        self.gone.set()
