"""The next version of the server, for tests: it knows one more kind of event, with a command, and two more fields.

`python -m newer serve` runs it. In a test, `stores_newer` lets this process store what its own decoders do not know.
"""

import os
from typing import Any, Union

import msgspec
import pytest
from serving import ROOT, Version

from chatroom.core import events as e
from chatroom.core import formats, frames, room, stored, views, wire
from chatroom.core.command_base import Command, OriginId
from chatroom.core.commands import WIRE
from chatroom.core.event_base import Event
from chatroom.core.events import EVENTS, Draft, Role
from chatroom.core.frame_base import PersonFrame
from chatroom.core.rules import _RULES, PERMISSIONS
from chatroom.core.view_base import View
from chatroom.live import hub, live_room, writer
from chatroom.live.session import _HANDLERS, Session, Stage
from chatroom.web.cli import main

NEXT_FORMAT = formats.FORMAT + 1
NEWER = Version((ROOT, ROOT / "tests"), "newer")
HASTY = {"NEXT_VERSION_IS_HASTY": "1"}
"""In the environment: it stores what is new although an older process lives."""


class Hugged(Event, frozen=True, tag="hugged"):
    """A kind of event that the present version does not know."""

    participant: str


class SaidInAMood(Event, frozen=True, tag="message_posted"):
    """A kind of event that the present version knows, with a field that it does not know. It would not notice it."""

    participant: str
    text: str
    origin_id: str
    kind: str = "words"
    name: str = ""
    topic: str = ""
    mood: str = ""


class Hug(Command, frozen=True, tag="hug"):
    origin_id: OriginId


class HuggedFrame(PersonFrame, frozen=True, kw_only=True, tag="hugged"):
    glow: str = "warm"


class MoodFrame(frames.MessagePosted, frozen=True, kw_only=True, tag="message_posted"):
    """A frame that the present version's pages know, with a field that they do not know."""

    mood: str = "warm"


def _hug(room: room.Room, person: room.Participant, command: Hug, now: int) -> Draft:
    return Draft((Hugged(person.id),), f"{person.id} {command.origin_id}", b"hug")  # type: ignore[arg-type]


def _hugged(room: room.Room, entry: e.Entry, event: Any) -> None:
    """Nothing changes."""


def _set(patch: pytest.MonkeyPatch, table: Any, key: object, value: object) -> None:
    patch.setitem(table, key, value)


def _union(*kinds: Any) -> Any:
    return Union[kinds]  # noqa: UP007


def stores_newer(patch: pytest.MonkeyPatch) -> None:
    _set(patch, formats.SINCE, Hugged, NEXT_FORMAT)
    _set(patch, formats.FIELDS_SINCE, SaidInAMood, {"mood": NEXT_FORMAT})


def reads_newer(patch: pytest.MonkeyPatch) -> None:
    """What is read from here on is read by the next version."""
    others = [kind for kind in EVENTS if kind is not e.MessagePosted]
    patch.setattr(formats, "FORMAT", NEXT_FORMAT)
    patch.setattr(stored, "_event_decoder", msgspec.msgpack.Decoder(_union(*others, SaidInAMood, Hugged)))


def become_newer() -> None:
    """For a process of its own."""
    patch = pytest.MonkeyPatch()
    stores_newer(patch)
    patch.setattr(formats, "FORMAT", NEXT_FORMAT)
    patch.setattr(stored, "_event_decoder", msgspec.msgpack.Decoder(_union(*EVENTS, Hugged)))
    patch.setattr(wire, "WireCommand", _union(*WIRE, Hug))
    patch.setattr(wire, "_NAMES", wire._NAMES | {"hug"})
    _set(patch, _RULES, Hug, _hug)
    _set(patch, PERMISSIONS, Hug, frozenset(Role))
    _set(patch, _HANDLERS[Stage.IN], Hug, Session._ask)
    _set(patch, room._APPLY, Hugged, _hugged)
    _set(patch, views.VIEWS, Hugged, View(everyone=views._person(HuggedFrame)))
    patch.setattr(frames, "MessagePosted", MoodFrame)
    for module in (live_room, wire):
        patch.setattr(module, "PROTOCOL", formats.PROTOCOL + 1)
    patch.setattr(hub, "LEASE_EVERY_TICKS", 1)
    if os.environ.keys() & HASTY.keys():
        patch.setattr(writer, "require", lambda events, lowest: None)


if __name__ == "__main__":
    become_newer()
    main()
