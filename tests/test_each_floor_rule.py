"""Rules of the floor, the course and rounds that could be deleted without any other test failing: found by deleting them."""

import pytest
from floor_vectors import CLOSING, SCRIPT, SHARES, WELCOME
from meeting import MINUTE_MS, Meeting, opened, refused
from nearly_over import EMPTY, SECOND_MS, WORDS, bea_shares, near_the_end, silent_bea, wait

from chatroom.core import commands as c
from chatroom.core import door_commands as dc
from chatroom.core import floor_commands as fc
from chatroom.core import floor_events as fe
from chatroom.core import support_commands as s
from chatroom.core.events import AnyEvent, Role
from chatroom.core.limits import DROPPED_AFTER_SECONDS, HOST_GONE_SECONDS, STILL_SECONDS
from chatroom.core.script import Phase
from chatroom.core.support_events import CheckInClosed, CheckInPassed, Feeling


def events_of(meeting: Meeting, actor: str, command: c.AnyCommand) -> list[AnyEvent]:
    before = len(meeting.entries)
    meeting.do(actor, command)
    return [entry.event for entry in meeting.entries[before:]]


def drop(meeting: Meeting, name: str) -> None:
    meeting.do(name, c.DropSession(session=meeting.room.people[name].session))


# ---- the last minutes are for those who have not shared -------------------------------------------------------------------


@pytest.fixture
def last_minutes() -> Meeting:
    """Bea has shared and Ada has the floor; Cal has not shared; the last ten minutes are protected, and have begun."""
    meeting = bea_shares()
    meeting.say("Bea", "thank you all")
    meeting.do("Ada", fc.RaiseHand())
    meeting.do("Bea", fc.FinishShare())
    meeting.do("Ada", fc.SetFloor(share_minutes=4, first_shares_first=True, call_each=False, protect_minutes=10))
    meeting.now = meeting.room.ends_at - 5 * MINUTE_MS
    return meeting


def test_in_the_last_minutes_who_has_not_shared_may_and_who_has_may_not(last_minutes: Meeting) -> None:
    assert refused(last_minutes, "Bea", fc.RaiseHand()) == "newcomers_first"
    assert last_minutes.do("Cal", fc.RaiseHand())


def test_a_place_that_the_host_gave_holds_in_the_last_minutes(last_minutes: Meeting) -> None:
    last_minutes.do("Cal", fc.RaiseHand())
    last_minutes.do("Ada", fc.Invite(participant="Bea"))
    last_minutes.do("Bea", fc.AcceptFloor())
    assert events_of(last_minutes, "Ada", fc.FinishShare())[-1] == fe.FloorGiven("Bea", 4 * MINUTE_MS)


def test_without_protected_minutes_nobody_is_late_before_the_fellowship_begins() -> None:
    meeting = bea_shares()
    meeting.say("Bea", "thank you all")
    meeting.do("Bea", fc.FinishShare())
    meeting.do("Ada", fc.SetFellowship(minutes=10))
    meeting.now = meeting.room.ends_at
    assert meeting.do("Bea", fc.RaiseHand())


# ---- hands and invitations ------------------------------------------------------------------------------------------------


@pytest.fixture
def open_phase() -> Meeting:
    """The hands of Bea and Cal are up in an open phase."""
    meeting = bea_shares()
    meeting.do("Bea", fc.FinishShare())
    meeting.do("Ada", fc.GoToPhase(phase=1))
    for name in ("Bea", "Cal"):
        meeting.do(name, fc.RaiseHand())
    return meeting


def test_where_all_may_talk_nobody_is_given_the_floor(open_phase: Meeting) -> None:
    assert events_of(open_phase, "Ada", fc.Invite(participant="Bea")) == [fe.HandMoved("Bea", 0, "Ada")]
    open_phase.do("Ada", fc.Invite(participant="Ada"))
    assert fe.HandRaised("Ada", 0, moved=True) in events_of(open_phase, "Ada", fc.AcceptFloor())


def test_the_last_word_of_a_closed_queue_is_only_moved() -> None:
    meeting = bea_shares(4, "Dee")
    for name in ("Cal", "Dee"):
        meeting.do(name, fc.RaiseHand())
    meeting.do("Ada", fc.CloseQueue())
    assert events_of(meeting, "Ada", fc.LastWord(participant="Cal")) == [fe.HandMoved("Cal", 1, "Ada")]
    assert refused(meeting, "Ada", fc.LastWord(participant="Cal")) == "already_so"


def test_who_has_an_unfinished_share_does_not_write_where_the_host_alone_does() -> None:
    meeting = silent_bea()
    assert meeting.do("Bea", c.Post(origin_id="origin-1", text="it was sudden"))
    meeting = silent_bea()
    meeting.do("Ada", fc.ChangeScript(script=(WELCOME, SHARES), phase=0))
    assert refused(meeting, "Bea", c.Post(origin_id="origin-1", text="it was sudden")) == "not_your_turn"


# ---- the end of a share ---------------------------------------------------------------------------------------------------


def test_a_sharer_who_was_asked_is_not_cut_off_while_the_room_is_calmed() -> None:
    """They could not answer by writing."""
    meeting = bea_shares()
    wait(meeting, 60 + STILL_SECONDS)
    assert meeting.room.floor.asked_at
    meeting.do("Ada", dc.StopPosting())
    wait(meeting, 10 * 60)
    assert meeting.room.floor.holder == "Bea"


def test_a_sharer_without_a_connection_is_not_asked() -> None:
    """Also when the time was over long before, while the room was calmed."""
    meeting = bea_shares()
    meeting.do("Ada", dc.StopPosting())
    wait(meeting, 60 + STILL_SECONDS + DROPPED_AFTER_SECONDS)
    drop(meeting, "Bea")
    meeting.do("Ada", dc.ResumePosting())
    wait(meeting, 5)
    assert meeting.room.floor.holder == "Bea"
    assert not any(isinstance(entry.event, fe.SharerAsked) for entry in meeting.entries)


# ---- the course -----------------------------------------------------------------------------------------------------------


@pytest.fixture
def fellowship() -> Meeting:
    """The host was away from before the beginning until people stayed on; the course was to run on the clock."""
    meeting = Meeting(opened(script=SCRIPT, fellowship_minutes=20, starts_at=opened().starts_at + 5 * MINUTE_MS))
    meeting.come_in("Ada", Role.HOST)
    meeting.come_in("Bea")
    meeting.do("Ada", fc.RunOnClock(on=True))
    drop(meeting, "Ada")
    meeting.now = meeting.room.ends_at
    meeting.do("", c.Tick())
    assert meeting.room.course.fellowship
    meeting.come_in("Max", Role.HOST)
    return meeting


def test_on_the_clock_nothing_begins_once_people_stay_on(fellowship: Meeting) -> None:
    assert fellowship.room.course.on_clock
    fellowship.do("", c.Tick())  # the seat of the first host is given up
    assert not fellowship.do("", c.Tick())


def test_the_script_is_not_changed_once_people_stay_on(fellowship: Meeting) -> None:
    assert refused(fellowship, "Max", fc.ChangeScript(script=(CLOSING,), phase=0)) == "no_such_phase"
    assert refused(fellowship, "Max", fc.ChangeScript(script=(), phase=0)) == "no_such_phase"


def test_on_the_clock_a_room_without_a_script_goes_on_as_it_is() -> None:
    meeting = Meeting()
    meeting.come_in("Ada", Role.HOST)
    meeting.do("Ada", fc.RunOnClock(on=True))
    meeting.now += MINUTE_MS
    assert not meeting.do("", c.Tick())


def test_a_chair_whose_connection_is_gone_is_taken_by_another_only_after_a_minute() -> None:
    meeting = Meeting()
    meeting.come_in("Ada", Role.HOST)
    for name in ("Mo", "Max"):
        meeting.come_in(name, Role.MODERATOR)
    drop(meeting, "Ada")
    meeting.now += MINUTE_MS
    meeting.do("Mo", fc.TakeChair())
    assert refused(meeting, "Max", fc.TakeChair()) == "already_so"
    meeting.now += MINUTE_MS
    assert refused(meeting, "Max", fc.TakeChair()) == "already_so"
    drop(meeting, "Mo")
    meeting.now += HOST_GONE_SECONDS * SECOND_MS
    assert refused(meeting, "Max", fc.TakeChair()) == "already_so"
    meeting.now += SECOND_MS
    assert meeting.do("Max", fc.TakeChair())


def test_an_empty_field_near_the_end_is_nothing_to_wait_for() -> None:
    meeting = near_the_end(10)
    assert not meeting.do("Bea", EMPTY)
    assert meeting.do("Bea", WORDS)


# ---- check-ins in turn ----------------------------------------------------------------------------------------------------


@pytest.fixture
def in_turn() -> Meeting:
    """A check-in in turn: Ada has the floor, Bea and Cal wait for it. Dee came later, and was invited."""
    meeting = Meeting()
    meeting.come_in("Ada", Role.HOST)
    meeting.do("Ada", fc.ChangeScript(script=(Phase("Shares", mode=SHARES.mode, crosstalk=SHARES.crosstalk),), phase=0))
    for name in ("Bea", "Cal"):
        meeting.come_in(name)
    meeting.do("Ada", s.StartCheckIn(in_turn=True))
    meeting.come_in("Dee")
    meeting.do("Ada", fc.Invite(participant="Dee"))
    meeting.do("Dee", fc.AcceptFloor())
    return meeting


def test_who_lowered_the_hand_may_pass_the_check_in_all_the_same(in_turn: Meeting) -> None:
    in_turn.do("Cal", fc.LowerHand())
    assert [type(event) for event in events_of(in_turn, "Cal", s.PassCheckIn())] == [CheckInPassed]


def test_the_end_of_a_check_in_lowers_only_the_hands_that_waited_for_it(in_turn: Meeting) -> None:
    in_turn.do("Bea", s.CheckIn(feeling=Feeling.CALM, urge=1))
    events = events_of(in_turn, "Ada", s.CloseCheckIn())
    assert [type(event) for event in events] == [CheckInClosed, fe.HandLowered]
    assert events[1] == fe.HandLowered("Cal")
    assert [hand.participant for hand in in_turn.room.floor.queue] == ["Dee", "Bea"]
