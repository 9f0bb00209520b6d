"""What was asked about the door, the pace and the calm of the room, and what the server asks for those who knock."""

from typing import Annotated, Union

import msgspec

from chatroom.core.command_base import Command, Id, Reason
from chatroom.core.door_events import Door
from chatroom.core.limits import LISTEN_MINUTES_AT_MOST, SLOW_SECONDS_AT_MOST


class SetDoor(Command, frozen=True, tag="set_door"):
    """Open the door, let new people knock, or lock it."""

    door: Door


class Admit(Command, frozen=True, tag="admit"):
    """Let in someone who knocked."""

    knock: Id


class AdmitAll(Command, frozen=True, tag="admit_all"):
    """Let in everyone who knocked, as far as there are seats, but for those who may be somebody else than they seem."""


class Decline(Command, frozen=True, tag="decline"):
    """Tell someone who knocked that they cannot come in now."""

    knock: Id


class SendBack(Command, frozen=True, tag="send_back"):
    """Ask someone back to the door, where they have to knock."""

    participant: Id
    reason: Reason


class ReplaceModeratorLink(Command, frozen=True, tag="replace_moderator_link"):
    """Make a new moderator link; with the old one people knock."""


class StopPosting(Command, frozen=True, tag="stop_posting"):
    """Stop what participants write."""


class ResumePosting(Command, frozen=True, tag="resume_posting"):
    """Let participants write again."""


class Veil(Command, frozen=True, tag="veil"):
    """Cover what participants wrote in the last minute."""


class Unveil(Command, frozen=True, tag="unveil"):
    """Show what was covered. What removed people wrote is erased instead, unless `show_removed`."""

    show_removed: bool = False


class Calm(Command, frozen=True, tag="calm"):
    """Calm the room: stop writing, cover the last minute, let new people knock."""


class EndCalm(Command, frozen=True, tag="end_calm"):
    """Walk back whatever is still calmed, and put the door as it was before; `show_removed` as in Unveil."""

    show_removed: bool = False


class SetPace(Command, frozen=True, tag="set_pace"):
    """Set how fast people write, how long who is new listens first, and whether words of who is new wait for a moderator."""

    slow_seconds: Annotated[int, msgspec.Meta(ge=0, le=SLOW_SECONDS_AT_MOST)]
    listen_minutes: Annotated[int, msgspec.Meta(ge=0, le=LISTEN_MINUTES_AT_MOST)]
    hold_new: bool


class LowerGuard(Command, frozen=True, tag="lower_guard"):
    """Take the guard from the door."""


DoorCommand = Union[  # noqa: UP007 - msgspec builds its decoder from this
    SetDoor, Admit, AdmitAll, Decline, SendBack, ReplaceModeratorLink, StopPosting, ResumePosting, Veil, Unveil,
    Calm, EndCalm, SetPace, LowerGuard,
]  # fmt: skip


class NewModeratorLink(msgspec.Struct, frozen=True, kw_only=True):
    """`ReplaceModeratorLink` with the hash of the token that the server made."""

    command: ReplaceModeratorLink
    token_hash: bytes


class KnockAgain(msgspec.Struct, frozen=True, kw_only=True):
    """A connection speaks for someone who knocked."""

    knock: str
    session: str
    process: str


class GoIn(msgspec.Struct, frozen=True, kw_only=True):
    """Who knocked takes the seat: they were admitted, or need not knock any more."""

    knock: str
    session: str
    process: str


class Withdraw(msgspec.Struct, frozen=True, kw_only=True):
    """Who knocked waits no longer; when `session` is given, only if no newer connection speaks for them."""

    knock: str
    session: str = ""


KnockCommand = KnockAgain | GoIn | Withdraw
