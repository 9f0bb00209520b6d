"""The real server over real sockets: how connections begin, how each of them ends, and how the server itself does."""

import asyncio
import socket
import struct
from collections.abc import Callable
from typing import Any

import msgspec
import pytest
from clients import CLOSE, TEXT, Raw, Watcher, closed, get, meet, protocols, raw_socket, tcp
from serving import free_port, serving, serving_here
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from chatroom.core.refusals import REFUSALS, Close
from chatroom.live.connection import NO_SOCKET, Frame
from chatroom.live.opening import OpenRoom
from chatroom.live.send_all import write
from chatroom.web import http_protocol, ws_protocol
from chatroom.web import server as launcher
from chatroom.web.opener import CannotOpen, ask_to_open
from chatroom.web.settings import Settings
from chatroom.web.ws_protocol import MeetingProtocol

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
    async with serving_here() as server, tcp(server.url) as raw:
        raw.writer.write(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        await raw.reader.readuntil(b"alive\n")
        monkeypatch.setattr(http_protocol, "HEAD_SECONDS", 0.01)
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


async def test_the_kernel_lets_go_of_a_peer_that_acknowledges_nothing() -> None:
    async with serving_here() as server, raw_socket(server.url):
        accepted = protocols(server)[0].transport.get_extra_info("socket")
        assert accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
        option = getattr(socket, "TCP_USER_TIMEOUT", None)
        assert option is None or accepted.getsockopt(socket.IPPROTO_TCP, option) == 20_000


async def test_beyond_the_limit_of_meetings_the_answer_is_server_busy() -> None:
    async with serving_here(Settings(max_connections=1)) as server, meet(server.ws_url):
        async with meet(server.ws_url) as second:
            assert await closed(second) == (Close.SERVER_BUSY, "server_busy")
        assert server.hub.connections == 1


# ---- endings ----------------------------------------------------------------------------------------------------------


def freeze(raw: Raw, protocol: MeetingProtocol) -> None:
    """Fill everything between the server and a client that does not read."""
    transport: Any = raw.writer.transport
    transport.pause_reading()
    assert not write(protocol, Frame.of("x" * (64 << 20)))
    assert protocol.pending_bytes()


async def test_a_frozen_reader_is_cut_when_it_owes_a_pong() -> None:
    async with serving_here() as server, raw_socket(server.url) as raw:
        [protocol] = protocols(server)
        watcher = Watcher(protocol)
        freeze(raw, protocol)
        protocol.ping_timeout = 0.01
        protocol.send_keepalive_ping()
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


@pytest.mark.parametrize("ends", [lambda raw, protocol: protocol.abort(), lambda raw, protocol: raw.writer.transport.abort()])
async def test_a_socket_is_not_written_to_any_more_before_it_is_closed(ends: Callable[[Raw, MeetingProtocol], None]) -> None:
    """Another connection may be given its number: what is for this one must not reach that."""
    async with serving_here() as server, raw_socket(server.url) as raw:
        [protocol] = protocols(server)
        watcher = Watcher(protocol)
        number = protocol.transport.get_extra_info("socket").fileno()
        assert protocol.socket_number == number
        ends(raw, protocol)
        await watcher.gone.wait()
        assert watcher.at_the_end == (NO_SOCKET, number)


async def test_closing_and_writing_after_the_end_are_harmless() -> None:
    async with serving_here() as server, raw_socket(server.url) as raw:
        [protocol] = protocols(server)
        watcher = Watcher(protocol)
        protocol.abort()
        await watcher.gone.wait()
        assert not write(protocol, Frame.of("late"))
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


# ---- Redis ------------------------------------------------------------------------------------------------------------


async def hello(ws_url: str, secret: str) -> dict[str, Any]:
    async with meet(ws_url) as client:
        await client.send(msgspec.json.encode({"do": "hello", "secret": secret}).decode())
        found: dict[str, Any] = msgspec.json.decode(await client.recv())
        return found


async def test_processes_that_share_a_redis_serve_the_same_rooms(valkey_url: str) -> None:
    async with serving(processes=2, redis_url=valkey_url) as [first, second]:
        opened = await asyncio.to_thread(ask_to_open, first.url, OpenRoom(title="Tuesday"))
        secret = opened["participant"].partition("#")[2]
        assert [(await hello(server.ws_url, secret))["title"] for server in (first, second)] == ["Tuesday"] * 2


async def test_without_its_redis_a_server_starts_says_so_and_refuses_kindly() -> None:
    async with serving(redis_url=f"redis://:secret@127.0.0.1:{free_port()}") as [running]:
        assert (await get(running.url + "/healthz")).status_code == 200
        assert (await get(running.url + "/readyz")).status_code == 503
        with pytest.raises(CannotOpen, match="^" + REFUSALS["reconnecting"]):
            await asyncio.to_thread(ask_to_open, running.url, OpenRoom(title="Tuesday"))
        assert (await hello(running.ws_url, "one two three four five six"))["is"] in ("refused", "closing")
        await running.stop()
    assert not any("Traceback" in line or "secret" in line or "level=error" in line for line in running.errors), running.errors
