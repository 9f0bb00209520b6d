"""The launcher: uvicorn with our protocols, and an end that sends everyone away before the sockets close."""

import asyncio
import contextlib
import logging
import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import uvicorn
from uvicorn.server import HANDLED_SIGNALS

from chatroom import __version__
from chatroom.core.limits import FRAME_BYTES
from chatroom.live.hub import Hub
from chatroom.web.app import create_app, prepare_process
from chatroom.web.endpoint import ShortWay
from chatroom.web.helplines import Country, old_lines
from chatroom.web.http_protocol import FirstProtocol
from chatroom.web.listening import BACKLOG, SPARE_CONNECTIONS, allow_files, files_needed, listen
from chatroom.web.logs import configure_logs
from chatroom.web.rooms_file import rooms_kept, rooms_path
from chatroom.web.settings import Settings
from chatroom.web.waiting import Waiting
from chatroom.web.ws_protocol import MeetingProtocol

PING_SECONDS = 25
TICK_SECONDS = 1
PONG_SECONDS = 10
DRAIN_SECONDS = 20
CLOSE_SECONDS = 3
"""After draining, what is still open may take this long; then it is cut off."""

logger = logging.getLogger("chatroom.web")


class MeetingServer(uvicorn.Server):
    """Serves until SIGTERM or SIGINT; then drains the hub while still serving, closes, and ends within 25 seconds.

    A second signal does not wait for anyone.
    """

    def __init__(self, settings: Settings, hub: Hub | None = None) -> None:
        app = create_app(settings, hub)
        self.hub: Hub = app.state.hub
        self.hurry, self.stopping = asyncio.Event(), asyncio.Event()
        self._rooms_path = rooms_path(settings)
        self._countries: tuple[Country, ...] = app.state.countries
        self._waiting = Waiting(settings.trusted_proxies)
        self._short_way = ShortWay(self.hub, settings)
        super().__init__(
            uvicorn.Config(
                app,
                http=FirstProtocol,
                ws=MeetingProtocol,
                ws_max_size=FRAME_BYTES,
                ws_per_message_deflate=False,
                ws_ping_interval=PING_SECONDS,
                ws_ping_timeout=PONG_SECONDS,
                lifespan="on",
                interface="asgi3",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                backlog=BACKLOG,
                limit_concurrency=settings.max_connections + SPARE_CONNECTIONS,
                timeout_graceful_shutdown=CLOSE_SECONDS + 1,
            )
        )

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """The signals are ours from before the waiting rooms are read until they are written: none ends the process halfway."""
        loop = asyncio.get_running_loop()
        for number in HANDLED_SIGNALS:
            loop.add_signal_handler(number, self.stop)
        try:
            with rooms_kept(self._rooms_path, self.hub.logs):
                yield
        finally:
            for number in HANDLED_SIGNALS:
                loop.remove_signal_handler(number)

    def stop(self) -> None:
        """Begin to end; asked again, stop waiting for anyone."""
        if self.should_exit:
            self.hurry.set()
        self.should_exit = True
        self.stopping.set()

    async def main_loop(self) -> None:
        """Look around once a second, and at once when told to stop: an idle server sleeps."""
        stopping = asyncio.create_task(self.stopping.wait())
        while not await self.on_tick(0):
            await asyncio.wait({stopping}, timeout=TICK_SECONDS)
        stopping.cancel()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        self.lifespan.state.update(counts=self.hub.counts, waiting=self._waiting, short_way=self._short_way)
        await super().startup(sockets)
        for listening in sockets or []:
            host, port = listening.getsockname()[:2]
            print(f"Serving on http://{f'[{host}]' if ':' in host else host}:{port}", flush=True)
        old = len(old_lines(self._countries, datetime.now(UTC).date()))
        logger.info("started", extra={"fields": {"version": __version__, "old_help_lines": old}})

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        began, connections = time.monotonic(), self.hub.connections
        draining, hurrying = asyncio.create_task(self.hub.drain()), asyncio.create_task(self.hurry.wait())
        await asyncio.wait({draining, hurrying}, timeout=DRAIN_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        draining.cancel()
        cutting = asyncio.create_task(self._cut_off(hurrying))
        await super().shutdown(sockets)
        cutting.cancel()
        hurrying.cancel()
        await asyncio.gather(draining, cutting, hurrying, return_exceptions=True)
        logger.info("stopped", extra={"fields": {"connections": connections, "seconds": round(time.monotonic() - began, 1)}})

    async def _cut_off(self, hurrying: asyncio.Task[bool]) -> None:
        await asyncio.wait({hurrying}, timeout=CLOSE_SECONDS)
        for connection in list(self.server_state.connections):
            connection.transport.abort()


def serve(settings: Settings) -> None:
    """Serve until told to stop. Raises SettingsError and CannotListen."""
    prepare_process(settings)
    configure_logs(settings.log_level)
    allow_files(files_needed(settings.max_connections))
    server = MeetingServer(settings)
    server.run(listen(settings.host, settings.port))
