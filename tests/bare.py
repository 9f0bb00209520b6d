"""A connection of which every byte is the test's own, and the frames that go over it."""

import asyncio
import itertools
import json
import socket
import struct
from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from clients import CLOSE, PONG, TEXT, upgrade

GUARD_SECONDS = 20
MASK = b"\x37\xfa\x21\x3d"


def frame(
    opcode: int, payload: bytes = b"", *, fin: bool = True, reserved: int = 0, mask: bytes = MASK, length: int | None = None
) -> bytes:
    """A client's frame (section 5.2), in the shortest form; `mask` may be empty; it may say another `length` than it has."""
    length = len(payload) if length is None else length
    bit = 0x80 if mask else 0
    first = fin << 7 | reserved << 4 | opcode
    if length < 126:
        head = struct.pack("!BB", first, bit | length)
    elif length < 65_536:
        head = struct.pack("!BBH", first, bit | 126, length)
    else:
        head = struct.pack("!BBQ", first, bit | 127, length)
    return head + mask + bytes(byte ^ key for byte, key in zip(payload, itertools.cycle(mask or b"\0"), strict=False))


# What a server says, in short.

Said = tuple[object, ...]


def refused(code: str, ref: int = 0) -> Said:
    return ("refused", code, ref)


def pong(payload: bytes = b"") -> Said:
    return ("pong", payload)


def closed(code: int | None) -> Said:
    return ("close", code)


class Bare:
    """A connection of which every byte is ours; `early` goes out with the request for the handshake.

    The system keeps about `receive_bytes` for it that were not read.
    """

    def __init__(self, url: str, *, early: bytes = b"", receive_bytes: int = 0, address: str = "127.0.0.1") -> None:
        self._address, self._loop = urlsplit(url), asyncio.get_running_loop()
        self._opening = upgrade(url, url, f"X-Forwarded-For: {address}") + early
        self._socket = socket.socket()
        if receive_bytes:
            self._socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
        self._socket.setblocking(False)
        self._rest = b""

    async def __aenter__(self) -> "Bare":
        await self._loop.sock_connect(self._socket, (self._address.hostname, self._address.port))
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        await self._loop.sock_sendall(self._socket, self._opening)
        await self.until(b"\r\n\r\n")
        head, _, self._rest = self._rest.partition(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 101 "):
            raise ConnectionRefusedError(head)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._socket.close()

    async def send(self, data: bytes, pieces: int = 1) -> None:
        """Send in so many pieces, as long as the other side takes them."""
        size = max(1, -(-len(data) // pieces))
        with suppress(ConnectionError):
            for start in range(0, len(data), size):
                await self._loop.sock_sendall(self._socket, data[start : start + size])

    async def say(self, **fields: object) -> None:
        await self.send(frame(TEXT, json.dumps(fields).encode()))

    async def read(self, count_bytes: int) -> None:
        """Read this much, or less. Raises ConnectionError at the end."""
        more = await self._loop.sock_recv(self._socket, count_bytes)
        if not more:
            raise ConnectionResetError
        self._rest += more

    @property
    def local_port(self) -> int:
        return int(self._socket.getsockname()[1])

    async def until(self, words: bytes) -> None:
        """Wait for the server to say this."""
        async with asyncio.timeout(GUARD_SECONDS):
            while words not in self._rest:
                await self.read(65_536)

    async def next(self) -> dict[str, Any]:
        """The next text frame."""
        while True:
            found = _frame(self._rest)
            if found is None:
                await self.read(65_536)
                continue
            opcode, payload, self._rest = found
            if opcode == TEXT:
                fields: dict[str, Any] = json.loads(payload)
                return fields

    async def message(self, kind: str) -> dict[str, Any]:
        """The next of this kind; what comes before it is passed over."""
        async with asyncio.timeout(GUARD_SECONDS):
            while True:
                fields = await self.next()
                if fields["is"] == kind:
                    return fields

    def hang_up(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)

    async def heard(self) -> list[Said]:
        """All that the server says until the end of the connection."""
        data = self._rest
        with suppress(ConnectionError):
            async with asyncio.timeout(GUARD_SECONDS):
                while more := await self._loop.sock_recv(self._socket, 65_536):
                    data += more
        said = []
        while found := _frame(data):
            opcode, payload, data = found
            said.append(_said(opcode, payload))
        assert not data
        return said


def _frame(data: bytes) -> tuple[int, bytes, bytes] | None:
    """Opcode and payload of the first of a server's frames, which are final and unmasked, and what follows it."""
    if len(data) < 2:
        return None
    first, length = data[:2]
    start = {126: 4, 127: 10}.get(length, 2)
    length = length if start == 2 else int.from_bytes(data[2:start])
    assert first & 0xF0 == 0x80
    if len(data) < start + length:
        return None
    return first & 15, data[start : start + length], data[start + length :]


def _said(opcode: int, payload: bytes) -> Said:
    if opcode == PONG:
        return pong(payload)
    if opcode == CLOSE:
        payload[2:].decode()
        return closed(int.from_bytes(payload[:2]) if payload else None)
    assert opcode == TEXT
    fields = json.loads(payload)
    return (fields["is"], fields.get("code"), fields.get("ref"))
