"""Coming and going fills no room: of those who left only the newest are kept, and whoever still matters."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from meeting import MINUTE_MS, START_MS, Meeting, copy_of, opened, refused
from pseudonyms import pseudonyms
from test_crowd import Case
from test_fold import Watched, fast, folded, meetings

from chatroom.core import commands as c
from chatroom.core import safety_commands as sc
from chatroom.core import support_commands as s
from chatroom.core.events import ReportReason, Role
from chatroom.core.limits import LEFT_KEPT
from chatroom.core.snapshot import people_page
from chatroom.core.support_events import PollKind

FEW = 3


def come_and_go(meeting: Meeting, count: int, role: Role = Role.PARTICIPANT, says: str = "") -> None:
    """So many others come in, each with a new device and address, and leave."""
    before = len(meeting.entries)
    for number, nickname in enumerate(pseudonyms(count)):
        name = f"{before:06} {number:06}"
        meeting.now += 5_000
        meeting.come_in(name, role, nickname=nickname, device=f"device of {name}")
        if says:
            meeting.say(name, f"{says} {name}")
        meeting.do(name, c.Leave())


def met() -> Meeting:
    meeting = Meeting(opened(capacity=10, ends_at=START_MS + 240 * MINUTE_MS))
    meeting.come_in("Ada", Role.HOST)
    meeting.come_in("Bea", device="phone of Bea")
    return meeting


@pytest.fixture
def few(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of those who left FEW are kept."""
    monkeypatch.setattr("chatroom.core.forgetting.LEFT_KEPT", FEW)


@pytest.mark.usefixtures("unguarded")
@pytest.mark.parametrize("says", ["", "hello from"])
def test_however_many_come_and_go_the_room_takes_the_next_and_stays_small(says: str) -> None:
    meeting = met()
    come_and_go(meeting, LEFT_KEPT + 50, says=says)
    size = len(msgspec.msgpack.encode(meeting.room)) - len(msgspec.msgpack.encode(meeting.room.messages))
    come_and_go(meeting, 2 * LEFT_KEPT, says=says)
    after = len(msgspec.msgpack.encode(meeting.room)) - len(msgspec.msgpack.encode(meeting.room.messages))
    assert after < 1.1 * size
    assert len(meeting.room.people) == LEFT_KEPT + 2
    assert len(meeting.room.gate.known) <= LEFT_KEPT + 1
    assert meeting.come_in("Cal").here
    assert meeting.come_in("Mo", Role.MODERATOR).here
    assert folded(meeting.entries) == meeting.room == copy_of(meeting.room)
    assert people_page(meeting.room, "", 10)[0].keys() == {"Ada", "Bea", "Cal", "Mo"}


@pytest.mark.usefixtures("unguarded", "few")
def test_moderators_who_come_and_go_are_forgotten_as_well() -> None:
    meeting = met()
    come_and_go(meeting, 10, Role.MODERATOR)
    assert len(meeting.room.moderators) == FEW + 1
    assert len(meeting.room.people) == FEW + 2


def is_muted(meeting: Meeting) -> None:
    meeting.do("Ada", c.Mute(participant="Bea", minutes=None, reason="unkind"))


def has_a_line(meeting: Meeting) -> None:
    meeting.do("Bea", s.AskSupport())


def has_a_note(meeting: Meeting) -> None:
    meeting.do("Ada", sc.WriteNote(participant="Bea", text="was upset"))


def is_worried_about(meeting: Meeting) -> None:
    meeting.come_in("Cal")
    meeting.do("Cal", sc.Worry(participant="Bea"))


def reported_and_acted_on(meeting: Meeting) -> None:
    meeting.come_in("Cal", Role.MODERATOR)
    said = meeting.say("Bea", "unkind words")
    meeting.do("Cal", c.Report(message=said, reason=ReportReason.UNKIND, words=""))
    meeting.do("Cal", c.Redact(message=said, reason="unkind"))
    meeting.do("Ada", c.Mute(participant="Bea", minutes=1, reason="unkind"))
    meeting.do("Ada", c.Unmute(participant="Bea"))


def answered(meeting: Meeting) -> None:
    meeting.do("Ada", s.OpenPoll(question="When?", options=("now", "later"), kind=PollKind.SINGLE, live=False))
    meeting.do("Bea", s.Vote(poll=meeting.room.offset, choices=(0,)))


@pytest.mark.usefixtures("unguarded", "few")
@pytest.mark.parametrize("matters", [is_muted, has_a_line, has_a_note, is_worried_about, reported_and_acted_on, answered])
def test_whoever_still_matters_is_not_forgotten(matters: Callable[[Meeting], None]) -> None:
    meeting = met()
    matters(meeting)
    meeting.do("Bea", c.Leave())
    desk = meeting.view("Ada")["desk"]
    come_and_go(meeting, 5 * FEW)
    assert "Bea" in meeting.room.people
    assert meeting.view("Ada")["desk"] == desk


@pytest.mark.usefixtures("unguarded", "few")
def test_words_outlast_their_author() -> None:
    meeting = met()
    said = meeting.say("Bea", "thank you all")
    meeting.do("Bea", c.Leave())
    come_and_go(meeting, 2 * FEW)
    assert "Bea" not in meeting.room.people
    (shown,) = meeting.view("Ada")["messages"]
    assert (shown["text"], shown["nickname"]) == ("thank you all", "Bea")
    meeting.do("Ada", c.Report(message=said, reason=ReportReason.OTHER, words=""))
    meeting.do("Ada", c.Redact(message=said, reason="private"))
    assert refused(meeting, "Ada", sc.RedactAll(participant="Bea", reason="private")) == "no_such_person"
    assert meeting.come_in("Bea again", nickname="Bea").here


@fast
@given(meetings, st.integers(0, 2))
def test_every_screen_shows_what_the_server_knows_when_people_are_forgotten(case: Case, kept: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("chatroom.core.forgetting.LEFT_KEPT", kept)
        watched = Watched(case[0]).begin().run(case[1])
        assert folded(watched.meeting.entries) == watched.meeting.room
    for name, screen in watched.screens.items():
        if name in watched.meeting.room.people:
            assert screen.room == watched.meeting.view(name), name
