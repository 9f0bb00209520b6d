"""Real servers for tests: as subprocesses through the command line, or in this process on a real socket."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from chatroom.live.hub import Hub
from chatroom.web.listening import listen
from chatroom.web.server import MeetingServer
from chatroom.web.settings import Settings

ROOT = Path(__file__).resolve().parent.parent
STOP_SECONDS = 30


@dataclass(frozen=True)
class Version:
    """Which code runs: a module, and where Python looks for it."""

    path: Sequence[Path]
    module: str = "chatroom"


HERE = Version((ROOT,))


@dataclass
class Running:
    """One `chatroom serve`; `errors` is what it wrote to standard error so far."""

    url: str
    process: asyncio.subprocess.Process
    errors: list[str] = field(default_factory=list)

    @property
    def ws_url(self) -> str:
        return self.url.replace("http", "ws", 1) + "/ws"

    async def stop(self) -> int:
        """Ask it to end, wait, and give its exit code."""
        with contextlib.suppress(ProcessLookupError):
            self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), STOP_SECONDS)


def free_port() -> int:
    """A port of 127.0.0.1 for a server, now or later and again, that nobody else is given: it stays bound in this process.

    Until a server listens there (with SO_REUSEADDR), connections are refused.
    """
    kept = socket.socket()
    kept.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    kept.bind(("127.0.0.1", 0))
    port = int(kept.getsockname()[1])
    kept.detach()
    return port


def environment(settings: Mapping[str, str]) -> dict[str, str]:
    """This environment without any setting but the given ones. Nothing is written to a home directory."""
    mine = {name: value for name, value in os.environ.items() if name.lower() not in Settings.__dataclass_fields__}
    return {**mine, "PYTHONPATH": str(ROOT), "ROOMS_FILE": "none", **settings}


@contextlib.asynccontextmanager
async def serving(
    settings: Mapping[str, str] | None = None,
    processes: int = 1,
    redis_url: str | None = None,
    version: Version | None = None,
) -> AsyncIterator[list[Running]]:
    """`processes` running servers on free ports of 127.0.0.1, sharing a Redis when `redis_url` is given.

    One server may be given its PORT.
    """
    version = version or HERE
    common = {**({"REDIS_URL": redis_url} if redis_url else {}), **(settings or {})}
    async with contextlib.AsyncExitStack() as stack:
        yield [await stack.enter_async_context(_one(common, version)) for _ in range(processes)]


@contextlib.asynccontextmanager
async def _one(settings: Mapping[str, str], version: Version) -> AsyncIterator[Running]:
    port = settings.get("PORT") or str(free_port())
    url = f"http://127.0.0.1:{port}"
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *("-P", "-m", version.module, "serve"),
        env=environment({"PYTHONPATH": os.pathsep.join(map(str, version.path)), **settings, "PORT": port}),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    running = Running(url, process)
    reading = asyncio.create_task(_collect(process, running.errors))
    try:
        assert process.stdout
        first = (await process.stdout.readline()).decode().strip()
        if not first:
            await reading
        assert first == f"Serving on {url}", "".join(running.errors)
        yield running
    finally:
        if process.returncode is None:
            await running.stop()
        await reading


async def _collect(process: asyncio.subprocess.Process, lines: list[str]) -> None:
    assert process.stderr
    async for line in process.stderr:
        lines.append(line.decode())


class ServerHere(MeetingServer):
    """A server in this process: it leaves the signals alone and says when it serves."""

    def __init__(self, settings: Settings, hub: Hub | None) -> None:
        super().__init__(settings, hub)
        self.serves = asyncio.Event()
        self.url = ""

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.serves.set()

    @property
    def ws_url(self) -> str:
        return self.url.replace("http", "ws", 1) + "/ws"


@contextlib.asynccontextmanager
async def serving_here(settings: Settings | None = None, hub: Hub | None = None) -> AsyncIterator[ServerHere]:
    """A server on a free port of 127.0.0.1 in this very process; its hub is `server.hub`."""
    sockets = listen("127.0.0.1", 0)
    server = ServerHere(settings or Settings(), hub)
    server.url = f"http://127.0.0.1:{sockets[0].getsockname()[1]}"
    running = asyncio.create_task(server.serve(sockets))
    try:
        await server.serves.wait()
        yield server
    finally:
        server.stop()
        await running
