"""An event loop may keep what is written until the end of its turn, as uvloop does: no frame overtakes the handshake."""

import asyncio
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from clients import meet, upgrade
from real_time import until
from serving import serving_here

from chatroom.web.settings import Settings
from chatroom.web.ws_protocol import MeetingProtocol


class LateTransport(asyncio.Transport):
    """Keeps everything until `flush`."""

    def __init__(self, connection: socket.socket, protocol: MeetingProtocol) -> None:
        super().__init__({"socket": connection})
        self._connection, self._protocol = connection, protocol
        self._kept = bytearray()

    def write(self, data: Any) -> None:
        self._kept += data

    def get_write_buffer_size(self) -> int:
        return len(self._kept)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        if self._kept:
            self._protocol.pause_writing()

    def flush(self) -> None:
        self._connection.sendall(self._kept)
        self._kept.clear()
        self._protocol.resume_writing()

    def is_closing(self) -> bool:
        return False

    def close(self) -> None:
        """Who opened the connection closes it."""


@contextmanager
def two_ends() -> Iterator[tuple[socket.socket, socket.socket]]:
    """Of one connection on loopback."""
    with (
        socket.create_server(("127.0.0.1", 0)) as listening,
        socket.create_connection(listening.getsockname()) as there,
        listening.accept()[0] as here,
    ):
        yield here, there


async def test_a_frame_does_not_overtake_the_handshake() -> None:
    async with serving_here(Settings(max_connections_per_source=1)) as server, meet(server.ws_url):
        with two_ends() as (here, there):
            protocol = MeetingProtocol(config=server.config, server_state=server.server_state, app_state={})
            transport = LateTransport(here, protocol)
            protocol.connection_made(transport)
            url = f"http://127.0.0.1:{here.getsockname()[1]}"
            first_line, rest = upgrade(url, url).split(b"\r\n", 1)
            protocol.data_received(first_line + b"\r\n" + rest.lower())
            await until(lambda: protocol.close_sent)
            transport.flush()
            assert there.recv(65536).startswith(b"HTTP/1.1 101 ")
            protocol.connection_lost(None)
