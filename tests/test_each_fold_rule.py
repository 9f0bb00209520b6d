"""Guards of the fold that could be deleted without any other test failing: each was found by deleting it."""

import pytest
from door_situation import knocks
from meeting import Meeting, enter, four_people, opened, refused

from chatroom.core import commands as c
from chatroom.core import door_commands as dc
from chatroom.core import floor_commands as fc
from chatroom.core import safety_commands as s
from chatroom.core.direct_events import DirectReported
from chatroom.core.door_events import Door, Knocked
from chatroom.core.events import Dropped, Left, Redacted, ReportReason, Role
from chatroom.core.floor_events import Helper
from chatroom.core.guard import joins
from chatroom.core.limits import UNATTENDED_AFTER_SECONDS, WORRIES_PER_PERSON
from chatroom.core.safety_events import ConcernNoted, ContentNoted, Danger, Sign, Topic
from chatroom.core.script import Crosstalk, Mode, Phase


@pytest.fixture
def meeting() -> Meeting:
    return four_people()


# ---- the door -------------------------------------------------------------------------------------------------------------


def test_readmitting_someone_without_a_device_opens_a_locked_door_to_nobody(meeting: Meeting) -> None:
    """Whoever brings no device would be known with it."""
    meeting.do("Mo", c.Remove(participant="Cal", reason="threats"))
    meeting.do("Mo", c.Readmit(participant="Cal"))
    meeting.do("Mo", dc.SetDoor(door=Door.LOCKED))
    assert refused(meeting, "", enter("Eve")) == "locked"


def test_who_gave_up_knocking_may_knock_again_at_once(meeting: Meeting) -> None:
    knocks(meeting, "Kim")
    meeting.do("", dc.Withdraw(knock="Kim"))
    knocks(meeting, "Kim")
    assert "Kim" in meeting.room.gate.waiting


def test_who_was_let_in_or_comes_back_is_nobody_new_to_the_guard(meeting: Meeting) -> None:
    meeting.come_in("Eve", device="phone")
    before = joins(meeting.room, meeting.now)
    meeting.do("Eve", c.Leave())
    meeting.come_in("Eva", device="phone")
    assert joins(meeting.room, meeting.now) == before
    knocks(meeting, "Kim")
    meeting.do("Mo", dc.Admit(knock="Kim"))
    meeting.do("", dc.GoIn(knock="Kim", session="session of Kim", process="here"))
    assert meeting.room.people["Kim"].here
    assert joins(meeting.room, meeting.now) == before
    meeting.do("Mo", dc.SetDoor(door=Door.OPEN))
    meeting.come_in("Fay", device="another phone")
    assert joins(meeting.room, meeting.now) == before + 1


def test_who_knocked_with_the_name_of_someone_inside_gets_another(meeting: Meeting) -> None:
    """In the other of two histories that were joined."""
    visitor = enter("Kim", nickname="Bea").visitor
    knock = Knocked("Kim", "Bea", b"seat of Kim", b"", visitor.network_tag, "session of Kim", "here")
    meeting.do("Mo", dc.SetDoor(door=Door.KNOCK))
    meeting.happens(knock)
    meeting.do("Mo", dc.Admit(knock="Kim"))
    meeting.do("", dc.GoIn(knock="Kim", session="session of Kim", process="here"))
    meeting.do("", c.Tick())
    assert meeting.room.people["Bea"].nickname == "Bea"
    assert meeting.room.people["Kim"].nickname != "Bea"


def test_a_room_is_without_a_moderator_since_the_last_was_there() -> None:
    """Whoever was away then and leaves later changes nothing about it."""
    meeting = Meeting(opened(needs_moderator=True))
    for name in ("Mo", "Max"):
        meeting.come_in(name, Role.MODERATOR)
    for name in ("Mo", "Max"):
        meeting.happens(Dropped(name))
    since = meeting.room.gate.no_duty_since
    assert since
    meeting.now += (UNATTENDED_AFTER_SECONDS - 20) * 1000
    meeting.happens(Left("Max"))
    assert meeting.room.gate.no_duty_since == since
    meeting.now = since + UNATTENDED_AFTER_SECONDS * 1000
    meeting.do("", c.Tick())
    assert meeting.room.gate.unattended


# ---- the desk -------------------------------------------------------------------------------------------------------------


def test_a_report_that_was_resolved_is_nothing_to_look_at(meeting: Meeting) -> None:
    said = meeting.say("Cal", "hello")
    report = meeting.do("Bea", c.Report(message=said, reason=ReportReason.OTHER))
    meeting.do("Mo", c.ResolveReport(report=report, outcome="nothing_needed"))  # type: ignore[arg-type]
    assert refused(meeting, "Mo", s.Claim(item=report)) == "no_such_item"


def test_a_concern_from_words_that_were_not_said_shows_no_message(meeting: Meeting) -> None:
    """What stands just before it may be the message of somebody else."""
    meeting.say("Cal", "hello")
    concern = meeting.do("Bea", c.NoteConcern(concern=Danger.SELF_HARM))
    assert meeting.room.cases.concerns[concern].message == 0


def test_one_worry_in_two_histories_counts_once(meeting: Meeting) -> None:
    for _ in range(2):
        meeting.happens(ConcernNoted("Cal", Sign.FRIEND, by="Bea"))
    for number in range(WORRIES_PER_PERSON - 1):
        meeting.come_in(f"person {number}")
        assert meeting.do("Bea", s.Worry(participant=f"person {number}"))


def test_nothing_is_noted_of_words_that_are_gone(meeting: Meeting) -> None:
    said = meeting.say("Bea", "how he died")
    meeting.do("Bea", c.Retract(message=said))
    meeting.happens(ContentNoted(said, Topic.DEATH, "Mo"))
    assert meeting.room.messages[said].topic is Topic.NONE


def test_a_report_from_a_talk_that_is_not_there_reaches_the_desk(meeting: Meeting) -> None:
    meeting.happens(DirectReported("Bea", "Cal", 1, "come here", ReportReason.UNSAFE, ""))
    [report] = meeting.room.reports.values()
    assert (report.about, report.text) == ("Cal", "come here")


# ---- messages -------------------------------------------------------------------------------------------------------------


def test_a_text_waits_for_its_reader_whatever_others_say() -> None:
    meeting = Meeting(opened(script=(Phase("Welcome", text="Good evening.", mode=Mode.OPEN, crosstalk=Crosstalk.OPEN),)))
    meeting.come_in("Ada", Role.HOST)
    meeting.come_in("Bea")
    meeting.do("Ada", fc.NameHelper(participant="Bea", helper=Helper.READER))
    meeting.do("Ada", fc.NextPhase(from_=-1))
    meeting.say("Ada", "hello")
    assert meeting.room.course.text_waits
    meeting.do("Bea", fc.ReadText())
    assert not meeting.room.course.text_waits


def test_what_its_author_took_back_stays_taken_back(meeting: Meeting) -> None:
    """In the other of two histories that were joined a moderator took it away: whoever reads on is not told so."""
    said = meeting.say("Bea", "hello")
    meeting.do("Bea", c.Retract(message=said))
    meeting.happens(Redacted(said, "Mo"))
    assert meeting.room.messages[said].gone == "retracted"
