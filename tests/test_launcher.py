"""The real server over real sockets: how connections begin, what they may send, and how each of them ends."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from typing import Any
from urllib.parse import urlsplit

import httpx2
import msgspec
import pytest
import uvicorn
from serving import ServerHere, serving, serving_here
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from chatroom.core.limits import FRAME_BYTES
from chatroom.core.refusals import Close
from chatroom.web import http_protocol, ws_protocol
from chatroom.web import server as launcher
from chatroom.web.app import create_app
from chatroom.web.listening import listen
from chatroom.web.settings import Settings
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


def upgrade(url: str, origin: str) -> bytes:
    lines = (
        "GET /ws HTTP/1.1",
        f"Host: {urlsplit(url).netloc}",
        f"Origin: {origin}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==",
    )
    return "\r\n".join((*lines, "", "")).encode()


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
        protocol.receiver = self

    def receive(self, data: str) -> None:
        self.session.receive(data)

    def receive_binary(self) -> None:
        self.session.receive_binary()

    def lost(self) -> None:
        self.session.lost()
        self.gone.set()


# ---- beginnings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", "http://127.0.0.1", "http://["])
async def test_a_foreign_or_missing_origin_is_refused_before_the_socket_is_accepted(origin: str | None) -> None:
    async with serving_here() as server:
        with pytest.raises(InvalidStatus) as raised:
            async with connect(server.ws_url, origin=origin, proxy=None):  # type: ignore[arg-type]
                pass
        assert raised.value.response.status_code == 403
        assert server.hub.connections == 0


@pytest.mark.parametrize("path", ["/", "/r", "/ws/", "/ws/six-words"])
async def test_there_is_one_socket_address(path: str) -> None:
    async with serving_here() as server:
        with pytest.raises(InvalidStatus) as raised:
            async with connect(server.ws_url.removesuffix("/ws") + path, origin=server.url, proxy=None):  # type: ignore[arg-type]
                pass
        assert raised.value.response.status_code == 403


async def test_frames_go_to_the_session_without_a_task_for_each_connection() -> None:
    async with serving_here() as server, meet(server.ws_url) as client:
        await client.send('{"do":"leave","ref":7}')
        answer = msgspec.json.decode(await client.recv())
        assert (answer["is"], answer["code"], answer["ref"]) == ("refused", "hello_first", 7)
        assert server.hub.connections == 1
        assert server.server_state.tasks == set()
        await client.close()
        assert server.hub.connections == 0


async def test_frames_that_come_with_the_handshake_of_the_peer_are_taken_in_order() -> None:
    async with serving_here() as server, raw_socket(server.url) as raw:
        for ref in range(5):
            raw.send(TEXT, b'{"do":"leave","ref":%d}' % ref)
        assert [(await raw.message())["ref"] for _ in range(5)] == list(range(5))


async def test_a_silent_connection_is_let_go(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.01)
    async with serving_here() as server, tcp(server.url) as raw:
        assert await raw.cut()


@pytest.mark.parametrize("beginning", [b"GET / HTTP/1.1\r\nHost: x\r\n", b"G", b"POST /api/rooms HTTP/1.1\r\nX-Long: "])
async def test_a_request_head_that_never_ends_is_let_go(monkeypatch: pytest.MonkeyPatch, beginning: bytes) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.01)
    async with serving_here() as server, tcp(server.url) as raw:
        raw.writer.write(beginning)
        assert await raw.cut()


async def test_a_second_request_head_has_a_deadline_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.01)
    async with serving_here() as server, tcp(server.url) as raw:
        raw.writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        await raw.reader.readuntil(b"alive\n")
        raw.writer.write(b"GET")
        assert await raw.cut()


async def test_a_request_head_is_bounded() -> None:
    async with serving_here() as server, tcp(server.url) as raw:
        raw.writer.write(b"GET / HTTP/1.1\r\nX-Long: " + b"x" * 100_000)
        assert await raw.reader.readline() == b"HTTP/1.1 400 Bad Request\r\n"


async def test_connections_beyond_the_limit_of_the_process_are_cut(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "SPARE_CONNECTIONS", 1)
    async with serving_here(Settings(max_connections=1)) as server, raw_socket(server.url), tcp(server.url) as second:
        second.writer.write(b"GET")
        async with tcp(server.url) as third:
            assert await third.cut()


async def test_beyond_the_limit_of_meetings_the_answer_is_server_busy() -> None:
    async with serving_here(Settings(max_connections=1)) as server, meet(server.ws_url):
        async with meet(server.ws_url) as second:
            assert await closed(second) == (Close.SERVER_BUSY, "server_busy")
        assert server.hub.connections == 1


# ---- frames -----------------------------------------------------------------------------------------------------------


async def test_a_message_may_come_in_a_few_fragments() -> None:
    async with serving_here() as server, raw_socket(server.url) as raw:
        raw.send(TEXT, b'{"do":', flags=0)
        raw.send(PING, b"between")
        raw.send(CONTINUATION, b'"leave",', flags=0)
        raw.send(CONTINUATION, b'"ref":3}')
        assert await raw.frame() == (PONG, b"between")
        assert (await raw.message())["ref"] == 3


async def test_too_many_fragments_close_the_connection() -> None:
    async with serving_here() as server, raw_socket(server.url) as raw:
        raw.send(TEXT, b"x", flags=0)
        for _ in range(8):
            raw.send(CONTINUATION, b"x", flags=0)
        assert await raw.close_code() == Close.BAD_FRAMES


async def test_fragments_that_never_end_close_the_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ws_protocol, "FRAGMENTED_MESSAGE_SECONDS", 0.01)
    async with serving_here() as server, raw_socket(server.url) as raw:
        raw.send(TEXT, b"x", flags=0)
        assert await raw.close_code() == Close.BAD_FRAMES


async def test_a_flood_of_control_frames_closes_the_connection() -> None:
    for opcode in (PING, PONG):
        async with serving_here() as server, raw_socket(server.url) as raw:
            for _ in range(20):
                raw.send(opcode, b"x")
            assert await raw.close_code() == Close.BAD_FRAMES


BAD_FRAMES = {
    "text that is not UTF-8": (TEXT, b"\xff\xfe", FINAL, True, 1007),
    "a text cut inside a character": (TEXT, "é".encode()[:1], FINAL, True, 1007),
    "too large": (TEXT, b"x" * (FRAME_BYTES + 1), FINAL, True, 1009),
    "not masked": (TEXT, b"{}", FINAL, False, 1002),
    "reserved bit": (TEXT, b"{}", FINAL | 0x40, True, 1002),
    "unknown opcode": (3, b"{}", FINAL, True, 1002),
    "a fragment of nothing": (CONTINUATION, b"{}", FINAL, True, 1002),
    "a fragmented ping": (PING, b"", 0, True, 1002),
    "a long ping": (PING, b"x" * 126, FINAL, True, 1002),
}


@pytest.mark.parametrize("name", BAD_FRAMES)
async def test_a_bad_frame_closes_its_own_connection_only(name: str) -> None:
    opcode, payload, flags, masked, code = BAD_FRAMES[name]
    async with serving_here() as server, raw_socket(server.url) as bad, raw_socket(server.url) as good:
        bad.send(opcode, payload, flags=flags, masked=masked)
        assert await bad.close_code() == code
        assert await bad.cut()
        good.send(TEXT, b'{"do":"leave","ref":1}')
        assert (await good.message())["ref"] == 1


async def test_a_binary_frame_is_refused_and_the_connection_stays() -> None:
    async with serving_here() as server, raw_socket(server.url) as raw:
        raw.send(BINARY, b'{"do":"leave"}')
        assert (await raw.message())["code"] == "binary_frame"
        raw.send(TEXT, b'{"do":"leave"}')
        assert (await raw.message())["code"] == "hello_first"


async def test_a_ready_frame_arrives_as_it_was_encoded() -> None:
    async with serving_here() as server, raw_socket(server.url) as raw:
        [protocol] = protocols(server)
        protocol.write([], b"\x81\x05hello")
        assert await raw.frame() == (TEXT, b"hello")
        assert protocol.pending_bytes() == 0


# ---- endings ----------------------------------------------------------------------------------------------------------


def freeze(raw: Raw, protocol: MeetingProtocol) -> None:
    """Fill everything between the server and a client that does not read."""
    transport: Any = raw.writer.transport
    transport.pause_reading()
    protocol.write([], b"\x82\x7f" + (64 << 20).to_bytes(8, "big") + bytes(64 << 20))
    assert protocol.pending_bytes()


async def test_a_frozen_reader_is_cut_when_it_owes_a_pong(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "PING_SECONDS", 0.01)
    monkeypatch.setattr(launcher, "PONG_SECONDS", 0.01)
    async with serving_here() as server, raw_socket(server.url) as raw:
        [protocol] = protocols(server)
        watcher = Watcher(protocol)
        freeze(raw, protocol)
        await watcher.gone.wait()
        assert server.hub.connections == 0


async def test_a_frozen_reader_is_cut_after_the_server_closed_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ws_protocol, "CLOSE_SECONDS", 0.01)
    async with serving_here() as server, raw_socket(server.url) as raw:
        [protocol] = protocols(server)
        watcher = Watcher(protocol)
        freeze(raw, protocol)
        protocol.close(Close.SLOW_CONSUMER, "slow_consumer")
        await watcher.gone.wait()


@pytest.mark.parametrize("says_goodbye", [False, True])
async def test_a_frozen_reader_does_not_hold_up_the_end_of_the_server(
    monkeypatch: pytest.MonkeyPatch, says_goodbye: bool
) -> None:
    monkeypatch.setattr(launcher, "CLOSE_SECONDS", 0.01)
    async with serving_here() as server, raw_socket(server.url) as raw, tcp(server.url) as idle:
        idle.writer.write(b"GET")
        [protocol] = protocols(server)
        watcher = Watcher(protocol)
        freeze(raw, protocol)
        if says_goodbye:
            raw.send(CLOSE, b"\x03\xe8")
            raw.send(TEXT, b"too late")
        server.stop()
        await watcher.gone.wait()
        assert await idle.cut()


async def test_a_client_that_says_goodbye_is_answered() -> None:
    async with serving_here() as server, raw_socket(server.url) as raw:
        watcher = Watcher(protocols(server)[0])
        raw.send(TEXT, b'{"do":"leave","ref":9}')
        raw.send(CLOSE, struct.pack("!H", 1000))
        assert (await raw.message())["ref"] == 9
        assert await raw.close_code() == 1000
        assert await raw.cut()
        await watcher.gone.wait()


async def test_closing_and_writing_after_the_end_are_harmless() -> None:
    async with serving_here() as server, raw_socket(server.url) as raw:
        [protocol] = protocols(server)
        watcher = Watcher(protocol)
        protocol.abort()
        await watcher.gone.wait()
        protocol.write([], b"\x81\x00")
        protocol.close(Close.LEFT, "left")
        protocol.abort()
        assert protocol.pending_bytes() == 0
        assert await raw.cut()


async def test_a_long_reason_is_cut_to_what_a_close_frame_holds() -> None:
    async with serving_here() as server, raw_socket(server.url) as raw:
        protocols(server)[0].close(Close.LEFT, "é" * 100)
        assert await raw.frame() == (CLOSE, struct.pack("!H", Close.LEFT) + "é".encode() * 61)


async def test_a_stopping_server_sends_everyone_away_and_is_not_ready() -> None:
    async with serving() as [running], meet(running.ws_url) as client:
        assert (await get(running.url + "/readyz")).status_code == 200
        stopping = asyncio.create_task(running.stop())
        closing = msgspec.json.decode(await client.recv())
        assert (closing["is"], closing["code"]) == ("closing", Close.RESTARTING)
        assert closing["retry_after_seconds"] > 0
        assert await closed(client) == (Close.RESTARTING, "restarting")
        assert await stopping == 0


async def test_while_draining_pages_are_served_and_the_server_is_not_ready(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving_here() as server:
        drained, drain = asyncio.Event(), server.hub.drain

        async def held() -> None:
            await drain()
            await drained.wait()

        monkeypatch.setattr(server.hub, "drain", held)
        async with meet(server.ws_url) as client:
            server.stop()
            assert await closed(client) == (Close.RESTARTING, "restarting")
        assert (await get(server.url + "/readyz")).status_code == 503
        assert (await get(server.url + "/healthz")).status_code == 200
        async with meet(server.ws_url) as late:
            assert (await closed(late))[0] == Close.RESTARTING
        drained.set()


async def test_asked_twice_the_server_waits_for_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving_here() as server, meet(server.ws_url) as client:
        monkeypatch.setattr(server.hub, "drain", asyncio.Event().wait)
        server.stop()
        server.stop()
        with pytest.raises(ConnectionClosed):
            await client.recv()


async def test_no_log_line_holds_an_address_a_path_or_a_word() -> None:
    async with serving({"LOG_LEVEL": "debug"}) as [running]:
        await get(running.url + "/secret-path?secret-query")
        async with raw_socket(running.url) as raw:
            raw.send(TEXT, b"secret-words")
            raw.send(TEXT, b"\xff")
            await raw.close_code()
        async with tcp(running.url) as raw:
            raw.writer.write(b"secret-nonsense\r\n\r\n")
            assert await raw.cut()
        with pytest.raises(InvalidStatus):
            await connect(running.ws_url + "?secret-query", origin="https://secret.example", proxy=None)  # type: ignore[arg-type]
        await running.stop()
    written = "".join(running.errors)
    assert "event=started" in written
    assert "event=stopped" in written
    for word in ("secret", "127.0.0.1", "::1", "/ws", running.url.rpartition(":")[2]):
        assert word not in written


# ---- another ASGI server ----------------------------------------------------------------------------------------------


class PlainServer(uvicorn.Server):
    """uvicorn's own server, which leaves the signals alone here and says when it serves."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.serves = asyncio.Event()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.serves.set()


@asynccontextmanager
async def plain_uvicorn(settings: Settings) -> AsyncIterator[str]:
    """The same application under uvicorn's own protocol classes."""
    sockets = listen("127.0.0.1", 0)
    config = uvicorn.Config(create_app(settings), log_config=None, lifespan="on", timeout_graceful_shutdown=1)
    server = PlainServer(config)
    running = asyncio.create_task(server.serve(sockets))
    await server.serves.wait()
    try:
        yield f"ws://127.0.0.1:{sockets[0].getsockname()[1]}/ws"
    finally:
        server.should_exit = True
        await running


async def test_the_same_application_runs_on_a_server_without_our_protocol() -> None:
    async with plain_uvicorn(Settings(max_connections=1)) as ws_url:
        async with meet(ws_url) as client:
            for ref in (1, 2, 3):
                await client.send(msgspec.json.encode({"do": "leave", "ref": ref}).decode())
            assert [msgspec.json.decode(await client.recv())["ref"] for _ in range(3)] == [1, 2, 3]
            await client.send(b"binary")
            assert msgspec.json.decode(await client.recv())["code"] == "binary_frame"
            async with meet(ws_url) as second:
                assert await closed(second) == (Close.SERVER_BUSY, "server_busy")
            await client.send('{"do":"hello","secret":"no such room at all here"}')
            assert msgspec.json.decode(await client.recv())["is"] == "closing"
            assert await closed(client) == (Close.NO_SUCH_ROOM, "no_such_room")
        with pytest.raises(InvalidStatus):
            await connect(ws_url, origin="https://evil.example", proxy=None)  # type: ignore[arg-type]
