"""The same application on an ASGI server that knows nothing of us: uvicorn with its own protocol classes."""

import asyncio
import re
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
import uvicorn
from clients import closed, meet
from serving import environment
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus

from chatroom.core.refusals import Close
from chatroom.live.connection import Frame
from chatroom.live.send_all import write
from chatroom.web.app import create_app
from chatroom.web.connections import QueuedConnection
from chatroom.web.listening import listen
from chatroom.web.settings import Settings


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


def test_a_server_that_calls_the_factory_gets_a_process_of_ours(tmp_path: Path) -> None:
    """No core file, and lines of ours that say nothing about anyone, with any server."""
    code = """
import asyncio, logging, resource
from pathlib import Path
from chatroom.web.app import create_app

app = create_app()
print(resource.getrlimit(resource.RLIMIT_CORE), Path("/proc/self/coredump_filter").read_text().strip())
try:
    raise KeyError("hello everyone")
except KeyError:
    logging.getLogger("chatroom.live").exception("tick_failed")
"""
    environment_ = environment({"LOG_LEVEL": "info"})
    done = subprocess.run([sys.executable, "-c", code], env=environment_, capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout == "(0, 0) 00000000\n"
    assert re.fullmatch(r"at=\S+ level=error event=tick_failed error=KeyError where=\S+\n", done.stderr)


class StuckSocket:
    """An ASGI connection whose peer reads only when told."""

    def __init__(self) -> None:
        self.reads = asyncio.Semaphore(0)
        self.wrote = asyncio.Queue[str | int]()

    async def send_text(self, text: str) -> None:
        await self.reads.acquire()
        self.wrote.put_nowait(text)

    async def close(self, code: int, reason: str) -> None:
        self.wrote.put_nowait(code)

    async def receive(self) -> dict[str, Any]:
        return await asyncio.Queue[dict[str, Any]]().get()


async def test_on_such_a_server_frames_wait_in_order_for_the_peer_to_read() -> None:
    peer = StuckSocket()
    connection = QueuedConnection(peer)  # type: ignore[arg-type]
    serving_it = asyncio.create_task(connection.serve(None))
    assert not write(connection, Frame.joined([Frame.of(1), Frame.of(2)]))
    connection.close(Close.LEFT, "left")
    assert not write(connection, Frame.of(3))
    assert connection.pending_bytes() == 2
    peer.reads.release()
    assert await peer.wrote.get() == "1"
    peer.reads.release()
    assert [await peer.wrote.get(), await peer.wrote.get()] == ["2", Close.LEFT]
    await serving_it
    assert connection.pending_bytes() == 0


async def test_on_such_a_server_a_peer_that_does_not_read_is_cut() -> None:
    peer = StuckSocket()
    connection = QueuedConnection(peer)  # type: ignore[arg-type]
    serving_it = asyncio.create_task(connection.serve(None))
    write(connection, Frame.of(1))
    connection.abort()
    await serving_it
    assert peer.wrote.empty()
