"""The kinds of frames the server sends."""

from typing import Literal

import msgspec
from msgspec import UNSET, UnsetType

from chatroom.core.entry_ids import EntryId, Place
from chatroom.core.events import Role


class ServerFrame(msgspec.Struct, frozen=True, kw_only=True, tag_field="is"):
    """A frame that is not part of the room's log."""


class EntryFrame(msgspec.Struct, frozen=True, kw_only=True, tag_field="event"):
    """An entry of the log, as an audience sees it. `position` is where to resume from when this was the last that came."""

    is_: Literal["entry"] = msgspec.field(default="entry", name="is")
    id: EntryId
    at: int
    position: Place


class PersonalFrame(msgspec.Struct, frozen=True, kw_only=True, tag_field="event"):
    """What an entry means for the one person it is about."""

    is_: Literal["personal"] = msgspec.field(default="personal", name="is")
    id: EntryId
    at: int


class ActionFrame(EntryFrame, frozen=True, kw_only=True):
    """An entry by a moderator; only moderators see who did it."""

    by: str | UnsetType = UNSET
    by_nickname: str | UnsetType = UNSET


class PersonActionFrame(ActionFrame, frozen=True, kw_only=True):
    """An entry by a moderator about a person."""

    participant: str | UnsetType = UNSET
    nickname: str | UnsetType = UNSET


class PersonFrame(EntryFrame, frozen=True, kw_only=True):
    participant: str
    nickname: str
    role: Role
