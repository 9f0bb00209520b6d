"""Floods and halves: whatever is too much or never comes whole is bounded, closed and counted, and nobody else notices."""

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from ipaddress import ip_network

import msgspec
import pytest
import pytest_asyncio
from clients import CONTINUATION, PING, PONG, TEXT, Raw, closed, get, meet, protocols, raw_socket, tcp
from fake_time import in_fake_time
from house import house
from real_time import until
from serving import ServerHere, serving_here

from chatroom.core.refusals import Close
from chatroom.live import session
from chatroom.live.counts import Counts, Cut
from chatroom.live.hub import SWEEP_EVERY_TICKS
from chatroom.web import http_protocol, rooms_api, waiting, ws_protocol
from chatroom.web import server as launcher
from chatroom.web.logs import LineFormatter
from chatroom.web.settings import Settings

SOON = 0.01
"""A deadline that need not be waited for."""


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[ServerHere]:
    async with serving_here() as running:
        yield running


@pytest.fixture(autouse=True)
def unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bystanders need not say hello in time."""
    monkeypatch.setattr(session, "HELLO_SECONDS", 600)


@asynccontextmanager
async def counted(server: ServerHere, cut: Cut, times: int = 1) -> AsyncIterator[None]:
    """Exactly this is counted, and two who are connected all along hear nothing but the answer to what they ask at the end."""
    before = Counts(server.hub.counts)
    async with meet(server.ws_url) as one, meet(server.ws_url) as other:
        yield
        for client in (one, other):
            await client.send('{"do":"leave","ref":7}')
            assert msgspec.json.decode(await client.recv())["ref"] == 7
        assert server.hub.connections == 2
    assert server.hub.counts - before == {cut: times}


# ---- frames -------------------------------------------------------------------------------------------------------------


def many(opcode: int, payload: bytes = b"", flags: int = 0x80) -> Callable[[Raw], None]:
    def send(raw: Raw) -> None:
        for _ in range(1_000):
            raw.send(opcode, payload, flags=flags)

    return send


def fragments(raw: Raw) -> None:
    raw.send(TEXT, b'"', flags=0)
    many(CONTINUATION, flags=0)(raw)


def one_fragment(raw: Raw) -> None:
    raw.send(TEXT, b'"', flags=0)


FRAMES: dict[str, Callable[[Raw], None]] = {
    "pings": many(PING, b"x" * 125),
    "pongs": many(PONG, b"x" * 125),
    "nonsense": many(TEXT, b"nonsense"),
    "binary frames": many(2),
    "fragments without end": fragments,
    "a fragment that nothing follows": one_fragment,
}


@pytest.mark.parametrize("what", FRAMES)
async def test_a_flood_of_frames_is_cut_off_and_counted(server: ServerHere, monkeypatch: pytest.MonkeyPatch, what: str) -> None:
    monkeypatch.setattr(ws_protocol, "FRAGMENTED_MESSAGE_SECONDS", SOON)
    monkeypatch.setattr(ws_protocol, "CLOSE_SECONDS", SOON)
    async with counted(server, Cut.BAD_FRAMES), raw_socket(server.url) as raw:
        FRAMES[what](raw)
        assert await raw.close_code() == Close.BAD_FRAMES
        assert await raw.cut()


async def test_what_is_not_websocket_is_counted(server: ServerHere) -> None:
    async with counted(server, Cut.BAD_FRAMES), raw_socket(server.url) as raw:
        raw.writer.write(b"GET / HTTP/1.1\r\n" * 100)
        assert await raw.close_code() == 1002


async def test_nonsense_after_our_own_close_is_not_counted_again(server: ServerHere) -> None:
    before = Counts(server.hub.counts)
    async with raw_socket(server.url) as raw:
        protocols(server)[0].close(Close.LEFT, "left")
        raw.writer.write(b"GET / HTTP/1.1\r\n")
        assert await raw.cut()
    assert server.hub.counts == before


# ---- requests -----------------------------------------------------------------------------------------------------------

HEAD = b"GET /ws HTTP/1.1\r\nHost: x\r\n"
UPGRADE = b"Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n"
MANY_HEADERS = b"".join(b"X-%d: x\r\n" % number for number in range(200))
ENDLESS_HEADER = b"X-Long: " + b"x" * 100_000

REQUESTS = {
    "nothing": (b"", Cut.NO_REQUEST),
    "one byte": (b"G", Cut.NO_REQUEST),
    "half a head": (HEAD, Cut.NO_REQUEST),
    "a header without end": (HEAD + ENDLESS_HEADER, Cut.BAD_REQUEST),
    "200 headers and no end": (HEAD + MANY_HEADERS * 100, Cut.BAD_REQUEST),
    "200 headers of a handshake": (HEAD + UPGRADE + MANY_HEADERS + b"\r\n", Cut.BAD_REQUEST),
    "nonsense": (b"hello\r\n\r\n", Cut.BAD_REQUEST),
}


@pytest.mark.parametrize("what", REQUESTS)
async def test_a_request_that_is_too_much_or_never_whole_is_cut_off_and_counted(
    server: ServerHere, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    data, cut = REQUESTS[what]
    async with counted(server, cut):
        if cut is Cut.NO_REQUEST:
            monkeypatch.setattr(http_protocol, "HEAD_SECONDS", SOON)
        async with tcp(server.url) as raw:
            raw.writer.write(data)
            assert await raw.cut()


async def test_a_body_that_never_comes_whole_is_counted(server: ServerHere, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rooms_api, "BODY_SECONDS", SOON)
    async with counted(server, Cut.NO_REQUEST), tcp(server.url) as raw:
        head = f"POST /api/rooms HTTP/1.1\r\nHost: {server.url[7:]}\r\nOrigin: {server.url}\r\nContent-Length: 500\r\n"
        raw.writer.write(head.encode() + b"Content-Type: application/json\r\n\r\n{")
        assert await raw.reader.readline() == b"HTTP/1.1 400 Bad Request\r\n"


async def test_a_body_that_nobody_asked_for_is_not_waited_for(server: ServerHere, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server.config, "timeout_keep_alive", SOON)
    async with tcp(server.url) as raw:
        raw.writer.write(b"POST /healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{")
        assert await raw.reader.readline() == b"HTTP/1.1 405 Method Not Allowed\r\n"
        assert await raw.cut()


# ---- connections --------------------------------------------------------------------------------------------------------


async def test_connections_from_one_source_are_bounded_and_counted() -> None:
    async with serving_here(Settings(max_connections_per_source=5)) as server, AsyncExitStack() as stack:
        stayed = [await stack.enter_async_context(meet(server.ws_url)) for _ in range(5)]
        for _ in range(20):
            async with meet(server.ws_url) as one_more:
                assert await closed(one_more) == (Close.SERVER_BUSY, "server_busy")
        assert server.hub.counts == {Cut.CROWDED: 20}
        await stayed.pop().close()
        stayed.append(await stack.enter_async_context(meet(server.ws_url)))
        for client in stayed:
            await client.send('{"do":"leave","ref":7}')
            assert msgspec.json.decode(await client.recv())["ref"] == 7


async def test_connections_that_ask_for_nothing_are_bounded_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launcher, "SPARE_CONNECTIONS", 5)
    async with serving_here(Settings(max_connections=2)) as server, AsyncExitStack() as stack:
        await stack.enter_async_context(counted(server, Cut.CROWDED, 15))
        idle = [await stack.enter_async_context(tcp(server.url)) for _ in range(20)]
        for raw in idle[:15]:
            assert await raw.cut(), "who waits longest makes room"
        assert len(server.server_state.connections) == 7


async def test_connections_of_one_source_that_ask_for_nothing_leave_room_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """Here a source may have five that wait. A WebSocket does not count, and neither does one that is gone."""
    monkeypatch.setattr(waiting, "WAITING_PER_SOURCE", 5)
    async with serving_here() as server, AsyncExitStack() as stack:
        sockets = [await stack.enter_async_context(meet(server.ws_url)) for _ in range(10)]
        idle = [await stack.enter_async_context(tcp(server.url)) for _ in range(5)]
        for _ in range(10):
            async with tcp(server.url) as one_more:
                assert await one_more.cut()
        idle[0].writer.transport.abort()
        await until(lambda: len(server.server_state.connections) == len(sockets) + len(idle) - 1)
        assert (await get(server.url + "/healthz")).status_code == 200
        assert server.hub.counts == {Cut.CROWDED: 10}


class Idle:
    """A connection that asks for nothing."""

    def make_room(self) -> None:
        raise AssertionError("nobody has to")


def test_each_source_waits_for_itself_and_trusted_proxies_may_have_as_many_as_they_like() -> None:
    proxy, others = "10.0.0.1", ("203.0.113.7", "203.0.113.8", "")
    room, idle = waiting.Waiting((ip_network("10.0.0.0/24"),)), [Idle() for _ in range(waiting.WAITING_PER_SOURCE + 2)]
    for _ in range(2):
        assert not any(is_one_too_many for _, is_one_too_many in (room.arrived(Idle(), proxy) for _ in idle))
    for other in others:
        arrived = [room.arrived(one, other) for one in idle]
        assert [is_one_too_many for _, is_one_too_many in arrived] == [False] * waiting.WAITING_PER_SOURCE + [True] * 2
        source = arrived[0][0]
        for one in idle[:3]:
            room.gone(one, source)
        assert [room.arrived(Idle(), other) for _ in range(2)] == [(source, False), (source, True)]


async def test_who_says_no_hello_is_counted(server: ServerHere, monkeypatch: pytest.MonkeyPatch) -> None:
    async with counted(server, Cut.NO_HELLO):
        monkeypatch.setattr(session, "HELLO_SECONDS", SOON)
        async with meet(server.ws_url) as client:
            assert await closed(client) == (Close.NO_HELLO, "no_hello")


async def test_who_answers_no_ping_is_counted(server: ServerHere) -> None:
    async with counted(server, Cut.NO_PONG):
        known = set(protocols(server))
        async with raw_socket(server.url) as raw:
            [protocol] = set(protocols(server)) - known
            protocol.ping_timeout = SOON
            protocol.send_keepalive_ping()
            assert await raw.close_code() == 1011


# ---- the log line -------------------------------------------------------------------------------------------------------


def lines(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What an operator reads, without the time."""
    written = [LineFormatter().format(record) for record in caplog.records if record.name == "chatroom.live"]
    return [line.partition(" ")[2] for line in written]


@in_fake_time
async def play_a_flood(caplog: pytest.LogCaptureFixture) -> None:
    async with house() as inn:
        for _ in range(3):
            inn.knock()
        await inn.loop.advance(2 * SWEEP_EVERY_TICKS)
        assert lines(caplog) == ["level=info event=cut_off no_hello=3"]
        await inn.loop.advance(5 * SWEEP_EVERY_TICKS)
        assert len(lines(caplog)) == 1
        (await inn.join("Bea")).connection.stalled = True
        bea = await inn.join("Cal")
        for _ in range(20):
            await bea.ask("post", origin_id="origin-1", text="hello")
            await inn.loop.advance(1)
    assert lines(caplog)[1:] == ["level=info event=cut_off no_hello=3 slow_reader=1"]


def test_what_was_cut_off_is_logged_when_it_grew_and_at_the_end(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(session, "HELLO_SECONDS", 5)
    caplog.set_level(logging.INFO)
    play_a_flood(caplog)
