"""Rules that could be deleted without any other test failing: each was found by deleting it."""

from collections.abc import Callable

import pytest
from door_situation import knocks
from meeting import MINUTE_MS, Meeting, enter, four_people, opened, refused
from safety_situation import hold, talk

from chatroom.core import commands as c
from chatroom.core import direct_commands as d
from chatroom.core import door_commands as dc
from chatroom.core import floor_commands as fc
from chatroom.core import safety_commands as s
from chatroom.core import support_commands as sc
from chatroom.core.direct_events import DirectSet
from chatroom.core.door_events import Caution, Door
from chatroom.core.events import Role, Unmuted
from chatroom.core.limits import HELD_PER_PERSON, HELD_PER_ROOM
from chatroom.core.safety_events import ConcernNoted, Danger, Topic
from chatroom.core.same_person import cautions
from chatroom.core.script import Crosstalk, Mode, Phase
from chatroom.core.support_events import LineOpened

Act = Callable[[Meeting], object]
NOWHERE = 2**53


@pytest.fixture
def meeting() -> Meeting:
    return four_people()


# ---- writing to one person needs that person's yes -----------------------------------------------------------------------


def nobody_asked(meeting: Meeting) -> None:
    meeting.do("Ada", d.SetDirect(on=True))


def asked(meeting: Meeting) -> None:
    nobody_asked(meeting)
    meeting.do("Bea", d.AskDirect(participant="Cal"))


def turned_down(meeting: Meeting) -> None:
    asked(meeting)
    meeting.do("Cal", d.AnswerDirect(participant="Bea", yes=False))


def ended(meeting: Meeting) -> None:
    talk(meeting, "Bea", "Cal")
    meeting.do("Cal", d.EndDirect(participant="Bea"))


@pytest.mark.parametrize("way", [nobody_asked, asked, turned_down, ended], ids=lambda way: way.__name__)
@pytest.mark.parametrize(("who", "whom"), [("Bea", "Cal"), ("Cal", "Bea")])
def test_nobody_is_written_to_without_having_agreed(meeting: Meeting, way: Act, who: str, whom: str) -> None:
    way(meeting)
    assert refused(meeting, who, d.SayDirect(participant=whom, origin_id="origin-1", text="hello you")) == "no_direct"


def test_both_may_write_once_both_agreed(meeting: Meeting) -> None:
    talk(meeting, "Bea", "Cal")
    for who, whom in (("Bea", "Cal"), ("Cal", "Bea")):
        assert meeting.do(who, d.SayDirect(participant=whom, origin_id=f"origin-of-{who}", text="hello you"))


# ---- what is not there, or is so already -------------------------------------------------------------------------------


def cal_has_left(meeting: Meeting) -> None:
    meeting.do("Cal", c.Leave())


def bea_and_cal_write(meeting: Meeting) -> None:
    talk(meeting, "Bea", "Cal")


def kim_knocked_and_the_door_was_locked(meeting: Meeting) -> None:
    knocks(meeting, "Kim")
    meeting.do("Mo", dc.SetDoor(door=Door.LOCKED))


def nothing(meeting: Meeting) -> None:
    pass


REFUSED: list[tuple[Act, str, c.AnyCommand, str]] = [
    (cal_has_left, "Ada", c.ChangeRole(participant="Cal", role="moderator"), "no_such_person"),
    (bea_and_cal_write, "Bea", d.AskDirect(participant="Cal"), "already_so"),
    (bea_and_cal_write, "Cal", d.AskDirect(participant="Bea"), "already_so"),
    (nothing, "Mo", s.AcceptHeld(held=NOWHERE), "no_such_item"),
    (nothing, "Mo", s.RejectHeld(held=NOWHERE, reason="none"), "no_such_item"),
    (nothing, "Bea", s.Worry(participant="nobody"), "no_such_person"),
    (nothing, "Bea", s.Worry(participant="Bea"), "no_such_person"),
    (cal_has_left, "Bea", s.Worry(participant="Cal"), "no_such_person"),
    (nothing, "Mo", s.NoteContent(message=NOWHERE, topic=Topic.DEATH), "no_such_message"),
    (kim_knocked_and_the_door_was_locked, "", dc.GoIn(knock="Kim", session="session of Kim", process="here"), "locked"),
]


@pytest.mark.parametrize(
    ("before", "actor", "command", "code"),
    REFUSED,
    ids=[f"{type(one[2]).__name__}-{one[3]}-{n}" for n, one in enumerate(REFUSED)],
)
def test_what_makes_no_sense_now_is_refused(
    meeting: Meeting, before: Act, actor: str, command: c.AnyCommand, code: str
) -> None:
    before(meeting)
    assert refused(meeting, actor, command) == code


def test_nobody_marks_words_from_before_they_came(meeting: Meeting) -> None:
    said = meeting.say("Bea", "how he died")
    meeting.come_in("Eve")
    assert refused(meeting, "Eve", s.NoteContent(message=said, topic=Topic.DEATH)) == "no_such_message"


def test_whoever_is_muted_marks_nothing(meeting: Meeting) -> None:
    said = meeting.say("Bea", "how he died")
    meeting.do("Mo", c.Mute(participant="Bea", minutes=5, reason="unkind"))
    assert refused(meeting, "Bea", s.NoteContent(message=said, topic=Topic.DEATH)) == "muted"


def test_words_that_are_gone_are_not_marked(meeting: Meeting) -> None:
    said = meeting.say("Bea", "how he died")
    meeting.do("Bea", c.Retract(message=said))
    assert refused(meeting, "Mo", s.NoteContent(message=said, topic=Topic.DEATH)) == "no_such_message"


def test_each_danger_of_each_person_is_a_concern_whoever_else_is_worried(meeting: Meeting) -> None:
    meeting.do("Mo", s.Worry(participant="Bea"))
    for name, danger in (
        ("Bea", Danger.SELF_HARM),
        ("Cal", Danger.SELF_HARM),
        ("Cal", Danger.SELF_HARM),
        ("Cal", Danger.OVERDOSE),
    ):
        hold(meeting, name, "it hurts", danger)
    noted = [entry.event for entry in meeting.entries if isinstance(entry.event, ConcernNoted) and not entry.event.by]
    assert [event.participant for event in noted] == ["Bea", "Cal", "Cal"]


# ---- what follows only from what it is said to follow from ---------------------------------------------------------------


def test_a_promotion_attends_a_room_only_where_the_person_is_here() -> None:
    meeting = Meeting(opened(needs_moderator=True))
    meeting.come_in("Ada", Role.HOST)
    meeting.come_in("Mo", Role.MODERATOR)
    for name in ("Bea", "Cal"):
        meeting.come_in(name)
    meeting.do("Ada", s.TakeBreak())
    meeting.do("Mo", c.Leave())
    meeting.do("Cal", c.DropSession(session=meeting.room.people["Cal"].session))
    meeting.now += 2 * MINUTE_MS
    meeting.do("", c.Tick())
    assert meeting.room.gate.unattended
    meeting.do("Ada", c.ChangeRole(participant="Cal", role="moderator"))
    assert meeting.room.gate.unattended
    meeting.do("Ada", c.ChangeRole(participant="Bea", role="moderator"))
    assert not meeting.room.gate.unattended


def test_on_the_clock_a_part_without_minutes_stays() -> None:
    meeting = Meeting(opened(script=(Phase("Welcome", minutes=0), Phase("Shares", minutes=10))))
    meeting.come_in("Ada", Role.HOST)
    meeting.do("Ada", fc.NextPhase(from_=-1))
    meeting.do("Ada", fc.RunOnClock(on=True))
    meeting.now += 20 * MINUTE_MS
    meeting.do("", c.Tick())
    assert meeting.room.course.index == 0


def test_giving_up_a_knock_that_is_not_there_is_nothing(meeting: Meeting) -> None:
    assert not meeting.do("", dc.Withdraw(knock="nobody"))


def test_open_talk_in_a_part_of_the_host_lets_nobody_else_write() -> None:
    meeting = Meeting(opened(script=(Phase("Reading", mode=Mode.HOST, crosstalk=Crosstalk.OPEN),)))
    meeting.come_in("Ada", Role.HOST)
    meeting.come_in("Bea")
    meeting.do("Ada", fc.NextPhase(from_=-1))
    assert refused(meeting, "Bea", c.Post(origin_id="origin-1", text="me too")) == "not_your_turn"
    assert meeting.do("Ada", c.Post(origin_id="origin-2", text="please listen"))


# ---- limits, and seats of one device ---------------------------------------------------------------------------------------


def test_a_room_holds_only_so_many_words_however_many_people_write_them() -> None:
    meeting = Meeting()
    meeting.come_in("Mo", Role.MODERATOR)
    for number in range(HELD_PER_ROOM // HELD_PER_PERSON + 1):
        meeting.come_in(f"person {number}")
    for number in range(HELD_PER_ROOM):
        hold(meeting, f"person {number // HELD_PER_PERSON}")
    last = f"person {HELD_PER_ROOM // HELD_PER_PERSON}"
    said = c.Post(origin_id="origin-1", text="call me")
    assert refused(meeting, last, c.Reviewed(command=said, hold="contact")) == "room_busy"


def test_what_is_lifted_is_only_what_holds(meeting: Meeting) -> None:
    """The seat that was given up before the mute is not muted."""
    meeting.come_in("Eve", device="phone")
    meeting.do("Eve", c.Leave())
    meeting.come_in("Eva", device="phone")
    meeting.do("Mo", c.Mute(participant="Eva", minutes=5, reason="unkind"))
    before = len(meeting.entries)
    meeting.do("Mo", c.Unmute(participant="Eva"))
    assert [entry.event for entry in meeting.entries[before:]] == [Unmuted("Eva", "Mo")]


def test_a_line_that_was_closed_is_opened_again_and_closed_no_second_time(meeting: Meeting) -> None:
    meeting.come_in("Eve", device="phone")
    meeting.do("Eve", sc.AskSupport())
    meeting.do("Mo", sc.CloseLine(line="Eve"))
    assert meeting.do("Mo", s.OpenLine(participant="Eve"))
    meeting.do("Mo", sc.CloseLine(line="Eve"))
    meeting.do("Eve", c.Leave())
    meeting.come_in("Eva", device="phone")
    before = len(meeting.entries)
    meeting.do("Eva", sc.AskSupport())
    assert [type(entry.event) for entry in meeting.entries[before:]] == [LineOpened]


# ---- who may ask for a talk again, and who comes to the door -----------------------------------------------------------------


def test_who_said_no_may_ask_and_who_was_told_no_may_not(meeting: Meeting) -> None:
    turned_down(meeting)
    assert refused(meeting, "Bea", d.AskDirect(participant="Cal")) == "no_direct"
    assert meeting.do("Cal", d.AskDirect(participant="Bea"))


def test_after_direct_messages_were_off_both_of_a_talk_may_ask_again(meeting: Meeting) -> None:
    for who, whom in (("Bea", "Cal"), ("Cal", "Bea")):
        talk(meeting, "Bea", "Cal")
        meeting.do("Ada", d.SetDirect(on=False))
        meeting.do("Ada", d.SetDirect(on=True))
        assert refused(meeting, who, d.SayDirect(participant=whom, origin_id="origin-1", text="hello you")) == "no_direct"
        assert meeting.do(who, d.AskDirect(participant=whom))
        meeting.do("Ada", d.SetDirect(on=False))


def test_turning_direct_messages_on_ends_no_talk(meeting: Meeting) -> None:
    """Two histories that were joined may both have turned them on."""
    talk(meeting, "Bea", "Cal")
    meeting.happens(DirectSet(True, "Ada"))
    assert meeting.do("Bea", d.SayDirect(participant="Cal", origin_id="origin-1", text="hello you"))


def test_a_device_brings_in_one_person_at_a_time_past_a_closed_door(meeting: Meeting) -> None:
    meeting.come_in("Eve", device="phone")
    meeting.do("Mo", dc.SetDoor(door=Door.LOCKED))
    assert refused(meeting, "", enter("Eva", device="phone")) == "locked"
    meeting.do("Eve", c.Leave())
    assert meeting.do("", enter("Eva", device="phone"))


def test_a_mute_or_a_lost_role_keeps_only_a_link_from_working(meeting: Meeting) -> None:
    """Without a link the same device comes in, and the mute goes along."""
    meeting.come_in("Eve", device="phone")
    meeting.do("Mo", c.Mute(participant="Eve", minutes=15, reason="unkind"))
    meeting.do("Eve", c.Leave())
    assert not cautions(meeting.room, enter("Eva", device="phone").visitor, meeting.now)
    assert cautions(meeting.room, enter("Eva", Role.MODERATOR, device="phone").visitor, meeting.now) == (Caution.MUTED,)


def test_a_name_of_someone_who_waits_at_the_door_is_taken(meeting: Meeting) -> None:
    meeting.do("Mo", dc.SetDoor(door=Door.KNOCK))
    knocks(meeting, "Kim")
    meeting.do("Mo", dc.SetDoor(door=Door.OPEN))
    assert refused(meeting, "", enter("Kit", nickname="Kim")) == "name_taken"
