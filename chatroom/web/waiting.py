"""Connections that are no WebSocket, or not yet one: how many of them there may be, in all and from one network address."""

import time
from collections.abc import Sequence
from typing import Protocol

from chatroom.live.places import Waiters
from chatroom.live.sources import Source, Sources
from chatroom.web.forwarded import is_trusted
from chatroom.web.kinds import Network
from chatroom.web.listening import SPARE_CONNECTIONS

WAITING_PER_SOURCE = SPARE_CONNECTIONS // 2
PROXY: Source = (b"proxy",)
"""The source of all trusted proxies together."""


class Crowded(Protocol):
    """A connection's protocol."""

    def make_room(self) -> None:
        """Be cut off at once, because there are too many. It calls `Waiting.gone`."""


class Waiting:
    """Counts them by tags, without keeping addresses. Trusted proxies may have as many as there are at all."""

    def __init__(self, trusted: Sequence[Network]) -> None:
        self._trusted = trusted
        self._sources = Sources(time.monotonic)
        self._waiting: Waiters[Crowded] = Waiters()

    def arrived(self, one: Crowded, address: str) -> tuple[Source, bool]:
        """The source of a new connection, and whether it now has too many."""
        source = PROXY if is_trusted(address, self._trusted) else self._sources.of(address)
        self._waiting.add(one, source)
        return source, source is not PROXY and self._waiting.count(source[0]) > WAITING_PER_SOURCE

    def handed_over(self, one: Crowded, other: Crowded, source: Source) -> None:
        """Another protocol has the connection now."""
        self._waiting.discard(one, source)
        self._waiting.add(other, source)

    def gone(self, one: Crowded, source: Source) -> None:
        """The connection is closed, or a WebSocket now."""
        self._waiting.discard(one, source)

    def make_room(self) -> None:
        """Cut off the one that waits longest, of the source of which most wait."""
        if longest := self._waiting.longest():
            longest.make_room()
