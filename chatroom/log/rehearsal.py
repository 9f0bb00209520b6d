"""What a room takes of a log, done once on a room that nobody has: whether this process may do all of it."""

import os
from collections.abc import Sequence

from chatroom.core.door_events import Attended, Unattended
from chatroom.core.events import Draft, Entry
from chatroom.log.base import Held, Logs, LogUnavailable, Opened

SECONDS = 10
"""After that nothing of it is left, whatever happens in between."""


class _Nobody:
    """A `Follower` that keeps nothing."""

    def entries(self, entries: Sequence[Entry]) -> None: ...
    def gone(self) -> None: ...
    def unreadable(self) -> None: ...
    def trouble(self, reaching: bool) -> None: ...
    def held(self) -> Held | None:
        return None

    def fold(self, snapshot: bytes, entries: Sequence[Entry]) -> bytes:
        return snapshot

    def renamed(self, epoch: str) -> None: ...
    def reopened(self, opened: Opened) -> None: ...


async def rehearse(logs: Logs) -> None:
    """Begin a log, follow it, append to it, erase it. Raises LogUnavailable, also where the server forbids one of these."""
    key, expires_at = os.urandom(32), logs.now() + SECONDS * 1000
    await logs.create(key, Unattended(), expires_at)
    log = logs.log(key)
    try:
        await log.follow(_Nobody())
        await log.append([Draft((Attended(),), os.urandom(16).hex())], decided_at=1, expires_at=expires_at)
    finally:
        await log.erase(expires_at)
        await log.close()
    try:
        await logs.create(key, Unattended(), expires_at)
    except ValueError:
        raise LogUnavailable("what was erased is still there") from None
    await logs.log(key).erase(expires_at)
