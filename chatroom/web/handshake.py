"""The opening handshake as browsers send it (RFC 6455, section 4.1), read in one go; all else is for the libraries to judge."""

import re
from base64 import b64encode
from hashlib import sha1

import msgspec

HEAD_BYTES = 8192
_HEAD = re.compile(rb"GET /ws HTTP/1\.1\r\n(?:[A-Za-z0-9-]+: [!-~](?:[ -~]*[!-~])?\r\n){1,64}\r\n")
_KEY = re.compile(rb"[A-Za-z0-9+/]{21}[AQgw]==")
_UPGRADES = frozenset({b"upgrade", b"keep-alive, upgrade"})
_UNUSUAL = frozenset({b"sec-websocket-protocol", b"content-length", b"transfer-encoding"})
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Handshake(msgspec.Struct, frozen=True):
    """`headers` have lower-case names, each name once."""

    headers: list[tuple[bytes, bytes]]
    answer: bytes
    """The response that accepts it."""


def read_handshake(data: bytes) -> Handshake | None:
    """The whole request for our socket in these bytes and nothing else, if they are the plain one."""
    if len(data) > HEAD_BYTES or not _HEAD.fullmatch(data):
        return None
    lines = [line.partition(b": ") for line in data[:-4].split(b"\r\n")[1:]]
    headers = {name.lower(): value for name, _, value in lines}
    is_plain = (
        len(headers) == len(lines)
        and b"host" in headers
        and headers.get(b"upgrade", b"").lower() == b"websocket"
        and headers.get(b"connection", b"").lower() in _UPGRADES
        and headers.get(b"sec-websocket-version") == b"13"
        and _KEY.fullmatch(headers.get(b"sec-websocket-key", b""))
        and _UNUSUAL.isdisjoint(headers)
    )
    return Handshake(list(headers.items()), _accepting(headers[b"sec-websocket-key"])) if is_plain else None


def _accepting(key: bytes) -> bytes:
    """RFC 6455, section 4.2.2."""
    accept = b64encode(sha1(key + _GUID, usedforsecurity=False).digest())
    return (
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: "
        + accept
        + b"\r\n\r\n"
    )
