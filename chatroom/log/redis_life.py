"""Whether the data of a server are still those of before: what tells a log that was erased from one that was lost.

A server's life is the run of its process and a key that every process of ours keeps from expiring. As long as both are the
same, nothing was lost: a log that is missing was erased, or its time was up.
"""

import time
from base64 import urlsafe_b64encode
from contextlib import suppress
from os import urandom

from chatroom.core.limits import LEASE_SECONDS
from chatroom.log.base import LogUnavailable
from chatroom.log.redis_commands import Commands
from chatroom.log.seal import room_channel, room_keys

KEY = b"chatroom:lease:data"
YOUNG_SECONDS = 15
"""In this time every process that lives should have brought back what was lost, and its lease."""


class Life:
    """The life of one server, as this process knows it."""

    def __init__(self, commands: Commands) -> None:
        self._commands = commands
        self._known = b""
        self._erased: dict[bytes, float] = {}
        self._changed_at = -float(YOUNG_SECONDS)

    @property
    def young(self) -> bool:
        """Whether data were lost a short time ago: what is missing may come back."""
        return time.monotonic() < self._changed_at + YOUNG_SECONDS

    async def erase(self, room: bytes, left_ms: int) -> None:
        """Erase a room that had so long to live: now, and again when the server has it then."""
        self._erased[room] = time.monotonic() + left_ms / 1000
        with suppress(LogUnavailable):
            await self._commands.erase(room_keys(room), room_channel(room))

    async def _erase_again(self) -> None:
        """Erase what is there: still, with older data, or by a process that slept through a loss and took the room for lost."""
        now = time.monotonic()
        self._erased = {room: until for room, until in self._erased.items() if until > now}
        rooms = list(self._erased)
        back = await self._commands.existing([room_keys(room)[0] for room in rooms])
        for room in [room for room, is_back in zip(rooms, back, strict=True) if is_back]:
            await self._commands.erase(room_keys(room), room_channel(room))

    async def ask(self) -> bytes:
        """The present life; keeps it. Raises LogUnavailable."""
        run, key = await self._commands.keep(KEY, urlsafe_b64encode(urandom(9)), LEASE_SECONDS)
        life = run + b" " + key
        if self._known and life != self._known:
            self._changed_at = time.monotonic()
        if self._erased:
            await self._erase_again()
        self._known = life
        return life
