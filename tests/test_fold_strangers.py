"""An event about someone, or something, that is not there changes nothing in a room where much is going on.

Where two histories of a room were joined, such events come. Every event that names anyone or anything is tried.
"""

from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

import msgspec
import pytest
from door_situation import knocks
from floor_vectors import SHARES
from meeting import Meeting, copy_of
from safety_situation import hold, talk, write
from test_rules import Situation

from chatroom.core import commands as c
from chatroom.core import floor_commands as fc
from chatroom.core import floor_events as fe
from chatroom.core import safety_commands as sc
from chatroom.core import support_commands as s
from chatroom.core.direct_events import DirectSaid
from chatroom.core.door_commands import SetDoor
from chatroom.core.door_events import Door, Knocked, KnockEnded, KnockEnding, SentBack
from chatroom.core.event_base import Event
from chatroom.core.events import EVENTS, AnyEvent, Dropped, Entry, Joined, Left, Reaction, Readmitted, Returned, SessionOpened
from chatroom.core.room import apply
from chatroom.core.safety_events import BreakOver
from chatroom.core.support_events import LineClaimed, LineClosed, LineSaid, PollKind

NOWHERE = 2**53
PEOPLE, THINGS = {"participant", "other", "knock"}, {"message", "report", "held", "concern", "item", "poll", "round"}
NAMED = [event for event in EVENTS if (PEOPLE | THINGS) & set(event.__struct_fields__) and event not in (Joined, Knocked)]


def lively() -> Meeting:
    situation = Situation("Bea")
    meeting = situation.meeting
    meeting.do("Cal", c.React(message=situation.mine, reaction=Reaction.HUG))
    hold(meeting, "Cal")
    meeting.do("Cal", sc.Worry(participant="Bea"))
    meeting.do("Mo", sc.WriteNote(participant="Cal", text="kind"))
    meeting.do("Mo", sc.SayToTeam(origin_id="origin-9", text="all is well"))
    meeting.do("Bea", s.AskSupport())
    meeting.do("Bea", s.SayPrivately(origin_id="origin-8", text="a hard day"))
    talk(meeting, "Bea", "Cal")
    write(meeting, "Bea", "Cal", "hello you")
    meeting.do("Ada", s.StartCheckIn())
    meeting.do("Ada", s.OpenPoll(question="When?", options=("now", "later"), kind=PollKind.SINGLE))
    meeting.do("Mo", SetDoor(door=Door.KNOCK))
    knocks(meeting, "Kim")
    meeting.do("Ada", fc.ChangeScript(script=(SHARES,), phase=0))
    for name in ("Bea", "Cal"):
        meeting.do(name, fc.RaiseHand())
    meeting.do("Ada", fc.Invite(participant="Mo"))
    return meeting


def value(kind: Any, name: str) -> object:
    """Something that nothing in the room has."""
    if isinstance(kind, type) and issubclass(kind, Enum):
        return list(kind)[-1]
    if get_origin(kind) is tuple or kind is tuple:
        return ()
    if type(None) in get_args(kind):
        return None
    return {str: "nobody", int: NOWHERE, bool: True, bytes: b"nobody", float: 1.0}[kind]


def about_nobody(kind: type[Event]) -> AnyEvent:
    hints = get_type_hints(kind)
    fields = {name: value(hints[name], name) for name in kind.__struct_fields__}
    event: AnyEvent = kind(**fields)  # type: ignore[assignment]
    return event


@pytest.mark.parametrize("kind", NAMED, ids=lambda kind: kind.__name__)
def test_an_event_about_nobody_and_nothing_changes_nothing(kind: type[Event]) -> None:
    room = lively().room
    before = copy_of(room)
    apply(room, Entry(room.offset + 1, room.at, "n", about_nobody(kind)))
    room.offset, room.actions, room.format = before.offset, before.actions, before.format
    assert msgspec.to_builtins(room) == msgspec.to_builtins(before)


OF_OTHERS: list[AnyEvent] = [
    DirectSaid("Bea", "Mo", True, "hello", "origin-1"),
    DirectSaid("Mo", "Bea", False, "hello", "origin-1"),
    LineSaid("Cal", "Mo", "hello", "origin-1"),
    LineSaid("Bea", "nobody", "hello", "origin-1"),
    LineClaimed("Cal", "Mo"),
    LineClosed("Cal", "Mo"),
    KnockEnded("Bea", "Bea", KnockEnding.ADMITTED, "Mo"),
    Returned("Dee"),
    SessionOpened("Dee", "s", "p"),
    SentBack("Dee", "Mo", "no"),
    Left("Dee"),
    Dropped("Dee"),
    Readmitted("Bea", "Mo"),
    fe.FloorPaused("Cal", 1),
    fe.FloorResumed("Cal"),
    fe.FloorKept("Cal"),
    fe.SharerAsked("Cal"),
    fe.Typing("Cal", True),
    fe.InvitationEnded("Cal"),
    fe.Invited("Cal"),
    fe.HandLowered("Mo"),
    fe.HandMoved("Mo", 0, "Ada"),
    fe.HandRaised("Cal", 0),
    fe.ChairTaken("Mo"),
    fe.HelperNamed("Cal", fe.Helper.COHOST, "Ada"),
    fe.HelperNamed("Dee", fe.Helper.READER, "Ada"),
    BreakOver("Mo"),
]


@pytest.mark.parametrize("event", OF_OTHERS, ids=repr)
def test_an_event_that_has_no_occasion_changes_nothing(event: AnyEvent) -> None:
    """Dee is removed; Bea has the floor and Cal waits; Mo is invited; Bea and Cal write to each other; only Bea has a line."""
    room = lively().room
    before = copy_of(room)
    apply(room, Entry(room.offset + 1, room.at, "n", event))
    room.offset, room.actions, room.format, room.seen_again = before.offset, before.actions, before.format, []
    assert msgspec.to_builtins(room) == msgspec.to_builtins(before)
