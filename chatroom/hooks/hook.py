"""The one interface for integrations: what a hook is told, and what it must be.

A hook is any object with `happened`. A package offers one through the entry point group `chatroom.hooks`: each entry names a
class or function that is called without arguments when the server starts, and gives the hook. docs/integrations.md shows one.
"""

from enum import StrEnum
from typing import Protocol

import msgspec

ENTRY_POINTS = "chatroom.hooks"


class Kind(StrEnum):
    ROOM_OPENED = "room_opened"
    JOINED = "joined"
    REPORTED = "reported"
    MUTED = "muted"
    REMOVED = "removed"
    SENT_BACK = "sent_back"
    SUPPORT_ASKED = "support_asked"
    CONCERN_NOTED = "concern_noted"
    UNATTENDED = "unattended"
    ATTENDED = "attended"
    ENDED = "ended"


class Occasion(msgspec.Struct, frozen=True, kw_only=True):
    """Something that happened in a room, without anyone's name or words.

    `at`: milliseconds since 1970. `room`: 32 hexadecimal digits, the same for all of a room's occasions on every process; they
    lead nowhere. `offset`: its place in the room, which counts up. `here` and `moderators_here`: how many are connected now.
    `facts`: more numbers and roles, by kind (docs/integrations.md). `texts`: what people wrote, only with WEBHOOK_TEXTS=yes.
    """

    kind: Kind
    at: int
    room: str
    offset: int
    here: int
    moderators_here: int
    facts: dict[str, int | str] = {}
    texts: dict[str, str] = {}


class Hook(Protocol):
    """Told of every occasion that this process brought about, once, in the order they came in."""

    def happened(self, occasion: Occasion) -> None:
        """Called in a thread of the hook's own, one occasion after another. It may wait, and it may raise: both harm no room.

        While it does not return, up to 1,000 occasions wait for it; then the oldest is dropped and counted.
        """


__all__ = ["ENTRY_POINTS", "Hook", "Kind", "Occasion"]
