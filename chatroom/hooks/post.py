"""One try to deliver: a POST by HTTPS to an address that was checked, and to no other.

The name is resolved once, every address found must be public, and the connection goes to one of these very addresses, while the
certificate and the Host header stay those of the name. Nothing is followed, unpacked, kept or logged; of the answer only its
head is read.
"""

import asyncio
import ssl
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import UTC
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

import h11
import msgspec

from chatroom.hooks.addresses import is_public, resolve

TRY_SECONDS = 10
HEAD_BYTES = 16 * 1024
READ_BYTES = 4096
ANSWER_BYTES = 64 * 1024
ADDRESSES_AT_MOST = 4

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


class Answer(msgspec.Struct, frozen=True):
    """`retry_after`: the header (RFC 9110, section 10.2.3), empty when there is none."""

    status: int
    retry_after: str = ""

    def retry_after_seconds(self, now_seconds: float) -> float:
        """The seconds to wait, 0 when the answer does not say so in a way that can be read."""
        if self.retry_after.isascii() and self.retry_after.isdigit():
            return float(self.retry_after[:9])
        with suppress(ValueError, OverflowError):
            at = parsedate_to_datetime(self.retry_after)
            return max(0.0, (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() - now_seconds)
        return 0.0


class NotAnswered(Exception):
    """No answer came; the message is one word for the log."""


class Poster:
    """Posts to one https address. `tls`, `ask` and `may_reach` are given by tests only."""

    def __init__(
        self,
        url: str,
        tls: ssl.SSLContext | None = None,
        ask: Callable[[str, int], Awaitable[list[str]]] = resolve,
        may_reach: Callable[[str], bool] = is_public,
    ) -> None:
        address = urlsplit(url)
        self._host, self._port = address.hostname or "", address.port or 443
        self._name = address.netloc
        self._target = (address.path or "/") + (f"?{address.query}" if address.query else "")
        self._tls = tls or ssl.create_default_context()
        self._ask, self._may_reach = ask, may_reach

    async def post(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """The answer to one request, within TRY_SECONDS. Raises NotAnswered."""
        try:
            async with asyncio.timeout(TRY_SECONDS):
                reader, writer = await self._connect(await self.addresses())
                try:
                    return await self._ask_and_hear(reader, writer, headers, body)
                finally:
                    writer.transport.abort()
        except TimeoutError:
            raise NotAnswered("timeout") from None
        except ssl.SSLCertVerificationError:
            raise NotAnswered("certificate") from None
        except OSError:
            raise NotAnswered("no_connection") from None
        except (h11.ProtocolError, ValueError):
            raise NotAnswered("no_http") from None

    async def addresses(self) -> list[str]:
        """Where the name leads now. Raises NotAnswered when it leads nowhere, or to any address that may not be reached."""
        try:
            found = await self._ask(self._host, self._port)
        except OSError:
            found = []
        if not found:
            raise NotAnswered("no_address")
        if not all(map(self._may_reach, found)):
            raise NotAnswered("private_address")
        return found[:ADDRESSES_AT_MOST]

    async def _connect(self, addresses: list[str]) -> Streams:
        """Raises OSError: what the last address said."""
        *others, last = addresses
        for address in others:
            with suppress(OSError):
                return await self._connect_to(address)
        return await self._connect_to(last)

    async def _connect_to(self, address: str) -> Streams:
        return await asyncio.open_connection(address, self._port, ssl=self._tls, server_hostname=self._host)

    async def _ask_and_hear(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, headers: Mapping[str, str], body: bytes
    ) -> Answer:
        connection = h11.Connection(h11.CLIENT, max_incomplete_event_size=HEAD_BYTES)
        fields = {"Host": self._name, "Content-Length": str(len(body)), "Connection": "close", **headers}
        request = h11.Request(method="POST", target=self._target, headers=list(fields.items()))
        writer.writelines(filter(None, map(connection.send, (request, h11.Data(body), h11.EndOfMessage()))))
        read_bytes = 0
        while read_bytes < ANSWER_BYTES:
            event = connection.next_event()
            if isinstance(event, h11.Response):
                retry_after = dict(event.headers).get(b"retry-after", b"")
                return Answer(event.status_code, retry_after.decode("latin-1"))
            if event is h11.NEED_DATA:
                data = await reader.read(READ_BYTES)
                read_bytes += len(data)
                connection.receive_data(data)
            elif isinstance(event, h11.ConnectionClosed):
                break
        raise NotAnswered("no_http")
