"""Connections that are no WebSocket, or not yet one: how many of them one network address may have."""

import time
from collections.abc import Sequence

from chatroom.live.sources import Sources
from chatroom.web.forwarded import is_trusted
from chatroom.web.kinds import Network
from chatroom.web.listening import SPARE_CONNECTIONS

WAITING_PER_SOURCE = SPARE_CONNECTIONS // 2


class Waiting:
    """Counts them by tags, without keeping addresses. Trusted proxies are not counted."""

    def __init__(self, trusted: Sequence[Network]) -> None:
        self._trusted = trusted
        self._sources = Sources(time.monotonic)

    def arrived(self, address: str) -> tuple[bytes, bool]:
        """The source of a new connection, empty for a trusted proxy, and whether it now has too many."""
        if is_trusted(address, self._trusted):
            return b"", False
        source = self._sources.tag(address)
        return source, self._sources.arrived(source) > WAITING_PER_SOURCE

    def gone(self, source: bytes) -> None:
        """The connection of this source is closed, or a WebSocket now."""
        if source:
            self._sources.gone(source)
