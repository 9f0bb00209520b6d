"""Check-ins, polls, chips and replies when two histories of a room are made one."""

from typing import get_type_hints

import msgspec
import pytest
from meeting import Meeting
from support_situation import POLL

from chatroom.core import commands as c
from chatroom.core import support_commands as s
from chatroom.core.events import EVENTS, Entry, Role
from chatroom.core.room import Room, apply
from chatroom.core.support_events import Feeling
from chatroom.log.merge import REFERENCES, Fork

OFFSETS = {"message", "report", "round", "poll", "held", "concern", "item", "said"}


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
def test_an_event_that_names_another_is_known_to_do_so(event: type[msgspec.Struct]) -> None:
    named = [name for name, kind in get_type_hints(event).items() if name in OFFSETS and kind is int]
    assert named == [REFERENCES[event]] * len(named) if event in REFERENCES else not named


def meeting() -> Meeting:
    meeting = Meeting()
    meeting.come_in("Ada", Role.HOST)
    meeting.come_in("Bea")
    return meeting


def folded(entries: list[Entry]) -> Room:
    room = Room()
    for entry in entries:
        apply(room, entry)
    return room


def test_answers_follow_their_question_to_its_new_place() -> None:
    held = meeting()
    stored = list(held.entries)
    poll = held.do("Ada", POLL)
    held.do("Bea", s.Vote(poll=poll, choices=(1,)))
    held.do("Ada", s.StartCheckIn())
    held.do("Ada", s.PassCheckIn())
    held.do("Bea", s.CheckIn(feeling=Feeling.TIRED, urge=4))
    held.do("Ada", s.CloseCheckIn())
    held.do("Ada", s.ClosePoll(poll=poll))
    elsewhere = meeting()
    elsewhere.say("Bea", "meanwhile")
    stored.append(elsewhere.entries[-1])
    room = folded(Fork(held.entries, stored, {}).joined())
    assert [(offset, asked.votes, asked.counts()) for offset, asked in room.polls.items()] == [
        (poll + 1, {"Bea": (1,)}, [0, 1])
    ]
    (round,) = room.rounds.values()
    assert (bool(round.closed), set(round.answers), round.passed) == (True, {"Bea"}, {"Ada"})


def test_a_reply_that_was_taken_back_in_one_history_is_gone_in_both() -> None:
    """A short reply has a name and no text: it is not taken for one that was erased."""
    there = meeting()
    reply = there.do("Bea", s.Thank(origin_id="origin-1", reply=s.ThanksReply.WITH_YOU))
    other = there.do("Bea", s.Thank(origin_id="origin-2", reply=s.ThanksReply.WELCOME))
    before = list(there.entries)
    there.do("Bea", c.Retract(message=reply))
    erased = list(there.entries)
    for held, stored in ((before, erased), (erased, before)):
        room = folded(Fork(held, stored, {}).joined())
        assert [room.messages[offset].name for offset in (reply, other)] == ["", "welcome"]
