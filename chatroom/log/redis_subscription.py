"""The one connection of this process on which Redis delivers what others publish.

1. Only the reader task connects. A connection that failed is thrown away, never repaired: what it missed cannot be known.
2. Every confirmation of a subscription, first or later, means that messages may have been missed before it.
3. It comes back for ever. One failure is retried at once and told to nobody; from the second on the listeners hear `lost`.
"""

import asyncio
import logging
import random
from typing import Any, Protocol

from chatroom.log.base import LogUnavailable
from chatroom.log.redis_commands import COMMAND_SECONDS, Commands
from chatroom.log.redis_line import Line, stop

BACKOFF_SECONDS = 0.1
BACKOFF_DOUBLINGS = 3

logger = logging.getLogger("chatroom.log")


class Listener(Protocol):
    """Who listens to a channel."""

    def heard(self, message: bytes) -> None:
        """A message was published."""

    def confirmed(self) -> None:
        """Messages arrive from here on; earlier ones may be missing."""

    def lost(self) -> None:
        """The server cannot be reached; messages are missed until `confirmed`."""


class Subscription:
    """Who listens to which channel, over one supervised connection."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._listeners: dict[bytes, set[Listener]] = {}
        self._live: dict[bytes, asyncio.Event] = {}
        self._line: Line | None = None
        self._reader: asyncio.Task[None] | None = None
        self._failures = 0
        self.silent = False
        """Nothing arrives, as far as is known."""
        self.away = False
        """The server cannot be reached, as far as is known."""

    def live(self, channel: bytes) -> bool:
        """Whether messages of this channel arrive, as far as is known."""
        return not self.silent and channel in self._live and self._live[channel].is_set()

    async def add(self, channel: bytes, listener: Listener) -> None:
        """Listen from now on; returns when messages arrive. Raises LogUnavailable, and then nothing is left behind."""
        self._listeners.setdefault(channel, set()).add(listener)
        live = self._live.setdefault(channel, asyncio.Event())
        try:
            async with asyncio.timeout(COMMAND_SECONDS):
                if self._reader is None:
                    self._reader = asyncio.create_task(self._run())
                elif not live.is_set():
                    self._send("SUBSCRIBE", channel)
                await live.wait()
        except TimeoutError:
            self.remove(channel, listener)
            raise LogUnavailable("no subscription") from None
        except BaseException:
            self.remove(channel, listener)
            raise

    def remove(self, channel: bytes, listener: Listener) -> None:
        """Listen no more."""
        listeners = self._listeners.get(channel, set())
        listeners.discard(listener)
        if channel in self._listeners and not listeners:
            del self._listeners[channel], self._live[channel]
            self._send("UNSUBSCRIBE", channel)

    def renew(self) -> None:
        """Throw away a connection on which nothing arrives."""
        if self._line:
            self._line.close()

    async def close(self) -> None:
        if self._reader:
            await stop(self._reader)

    def _send(self, *command: str | bytes) -> None:
        """Send at once if connected. Without a connection, or when it fails, the reader subscribes to everything anew."""
        if self._line:
            self._line.send(command)

    async def _run(self) -> None:
        while True:
            try:
                await self._read()
            except Exception as error:  # whatever it is: nothing may end the task that hears for all rooms
                self._failed(error)
            if self._failures > 1:
                doublings = min(self._failures - 2, BACKOFF_DOUBLINGS)
                await asyncio.sleep(BACKOFF_SECONDS * 2**doublings * random.uniform(0.5, 1))

    async def _read(self) -> None:
        """Connect, subscribe to everything, hand out what arrives; ends with an exception only."""
        line = await self._commands.line(self._arrived)
        try:
            self._line = line
            if self._listeners:
                line.send(("SUBSCRIBE", *self._listeners))
            raise await line.ended
        finally:
            self._line = None
            for live in self._live.values():
                live.clear()
            line.close()

    def _arrived(self, answer: Any) -> None:
        if isinstance(answer, Exception):
            raise answer
        kind, channel, message = answer
        listeners = tuple(self._listeners.get(channel, ()))
        if kind == b"message":
            for listener in listeners:
                listener.heard(message)
        elif kind == b"subscribe" and listeners:
            self._failures, self.away = 0, False
            self._live[channel].set()
            for listener in listeners:
                listener.confirmed()

    def _failed(self, error: Exception) -> None:
        self._failures += 1
        if self._failures == 1:
            logger.warning("subscription_lost", extra={"fields": {"error": type(error).__name__}})
        if self._failures == 2:
            self.away = True
            for listener in [one for listeners in self._listeners.values() for one in listeners]:
                listener.lost()
