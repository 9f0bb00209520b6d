"""The course and the floor: who helps with what, the refusals that no scene shows, and scripts that do not fit."""

from typing import Any

import msgspec
import pytest
from floor_situation import FLOOR_TABLE
from floor_vectors import CLOSING, SCRIPT, SHARES, WELCOME
from meeting import MINUTE_MS, Meeting, opened, refusal
from test_rules import TABLE, Situation

from chatroom.core import commands as c
from chatroom.core import events as e
from chatroom.core import floor_commands as fc
from chatroom.core import floor_events as fe
from chatroom.core.events import MessageKind, Role
from chatroom.core.floor_events import Helper
from chatroom.core.limits import PHASES_PER_SCRIPT, SCRIPT_BYTES
from chatroom.core.refusals import Refused
from chatroom.core.rules import HELPERS, PERMISSIONS
from chatroom.core.script import Phase, clean_script
from chatroom.core.wire import decode_command

HELPED = sorted(HELPERS, key=lambda kind: kind.__name__)


def shares(*names: str, script: tuple[Phase, ...] = SCRIPT) -> Meeting:
    """A meeting in its second phase, in which people share one after the other."""
    meeting = Meeting()
    meeting.come_in("Ada", Role.HOST)
    meeting.do("Ada", fc.ChangeScript(script=script, phase=1))
    for name in names:
        meeting.come_in(name)
    return meeting


# ---- who helps -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("helper", Helper)
@pytest.mark.parametrize("kind", HELPED, ids=lambda kind: kind.__name__)
def test_a_helper_may_do_what_the_table_says(kind: type[c.Command], helper: Helper) -> None:
    situation = Situation("Ada")
    meeting, command = situation.meeting, situation.command(kind)
    if helper:
        meeting.do("Ada", fc.NameHelper(participant="Cal", helper=helper))
    if helper in HELPERS[kind] or meeting.room.people["Cal"].role in PERMISSIONS[kind]:
        assert meeting.do("Cal", command)
    else:
        assert refusal(meeting, "Cal", command).code == "not_allowed"


@pytest.mark.parametrize("kind", HELPED, ids=lambda kind: kind.__name__)
def test_who_took_the_chair_may_do_what_a_cohost_may(kind: type[c.Command]) -> None:
    situation = Situation("Ada")
    meeting, command = situation.meeting, situation.command(kind)
    meeting.do("Ada", c.DropSession(session="session of Ada"))
    meeting.now += MINUTE_MS
    meeting.do("Mo", fc.TakeChair())
    assert meeting.do("Mo", command)


def test_only_what_a_role_does_not_include_is_in_the_table_of_helpers() -> None:
    """A co-host is a moderator as well."""
    for kind, helpers in HELPERS.items():
        assert Role.PARTICIPANT not in PERMISSIONS[kind]
        assert (Helper.COHOST in helpers) is (Role.MODERATOR not in PERMISSIONS[kind])
    assert set(FLOOR_TABLE) <= set(TABLE)


# ---- scripts that do not fit ---------------------------------------------------------------------------------------------


def faults(*phases: Phase) -> list[str]:
    with pytest.raises(Refused) as caught:
        clean_script(phases)
    assert caught.value.code == "script_wrong"
    return caught.value.detail.splitlines()


def test_each_fault_of_a_script_is_named() -> None:
    assert faults(SHARES, Phase(""), Phase("x" * 81, text="y" * 10_001, cue="z" * 301, minutes=-1), Phase("a\u0000b")) == [
        "Phase 2: the title is empty.",
        "Phase 3: the title is longer than 80 characters.",
        "Phase 3: the text is longer than 10000 characters.",
        "Phase 3: the cue is longer than 300 characters.",
        "Phase 3: the minutes must be 0 to 240.",
        "Phase 4: the title holds characters that cannot be shown.",
    ]


@pytest.mark.parametrize("minutes", [10**30, -(10**30), 241])
def test_minutes_beyond_all_bounds_are_a_fault_like_any_other(minutes: int) -> None:
    command = decode_command(f'{{"do": "change_script", "phase": 0, "script": [{{"title": "x", "minutes": {minutes}}}]}}')
    assert refusal(shares(), "Ada", command).code == "script_wrong"


def test_the_first_faults_are_enough() -> None:
    assert len(faults(*[Phase("")] * 30)) == 20
    assert faults(*[SHARES] * 1_000) == ["There are 1000 phases; at most 40 are possible."]


def test_a_script_as_large_as_it_may_be() -> None:
    text = "x" * ((SCRIPT_BYTES - 6_000) // PHASES_PER_SCRIPT)
    assert len(clean_script((Phase("Reading", text=text),) * PHASES_PER_SCRIPT)) == PHASES_PER_SCRIPT
    [fault] = faults(*[Phase("Reading", text="x" * 9_900)] * 5)
    assert fault.startswith("The whole script has ")


def test_a_text_of_ten_thousand_characters_is_posted_whole_and_as_it_was_typed() -> None:
    text = "<script>alert(1)</script> & <b>" + "é" * 9_960
    meeting = shares(script=(WELCOME, Phase("Reading", text=text), SHARES))
    meeting.do("Ada", fc.GoToPhase(phase=1))
    message = list(meeting.room.messages.values())[-1]
    assert (message.text, message.kind, message.by) == (text, MessageKind.READING, "Ada")
    message_view = meeting.view("Ada")["messages"][-1]
    assert message_view["text"] == text


@pytest.mark.parametrize(
    "wrong",
    [
        {"do": "change_script", "script": "x", "phase": 0},
        {"do": "change_script", "script": [{"title": 1}], "phase": 0},
        {"do": "change_script", "script": [{"title": "x", "mode": "loud"}], "phase": 0},
        {"do": "change_script", "script": [{"title": "x", "extra": 1}], "phase": 0},
        {"do": "change_script", "script": [], "phase": -2},
        {"do": "next_phase"},
        {"do": "next_phase", "from": "0"},
        {"do": "go_to_phase", "phase": 10_001},
        {"do": "raise_hand", "reason": "because"},
        {"do": "raise_hand", "words": "x" * 201},
        {"do": "move_hand", "participant": "Bea", "place": -1},
        {"do": "set_floor", "share_minutes": 11, "first_shares_first": True, "call_each": False, "protect_minutes": 0},
        {"do": "set_floor", "share_minutes": 4, "first_shares_first": True, "call_each": False, "protect_minutes": 31},
        {"do": "set_floor", "share_minutes": 4},
        {"do": "set_fellowship", "minutes": 61},
        {"do": "name_helper", "participant": "Bea", "helper": "boss"},
    ],
    ids=str,
)
def test_what_cannot_be_is_not_understood(wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused) as caught:
        decode_command(msgspec.json.encode(wrong).decode())
    assert caught.value.code == "bad_command"


# ---- refusals ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("phase", [3, 10_000, -1])
def test_the_course_goes_nowhere_that_is_not_in_the_script(phase: int) -> None:
    assert refusal(shares(), "Ada", fc.GoToPhase(phase=phase)).code == "no_such_phase"


@pytest.mark.parametrize(("script", "phase"), [(SCRIPT, 3), ((), 1)])
def test_a_script_is_not_changed_to_stand_nowhere(script: tuple[Phase, ...], phase: int) -> None:
    assert refusal(shares(), "Ada", fc.ChangeScript(script=script, phase=phase)).code == "no_such_phase"


def test_a_room_may_lose_its_script() -> None:
    meeting = shares("Bea")
    meeting.do("Ada", fc.ChangeScript(script=(), phase=-1))
    assert meeting.view("Bea")["course"]["index"] == 0
    assert meeting.say("Bea", "hello")


def test_a_phase_keeps_its_time_when_others_change() -> None:
    meeting = shares()
    began = meeting.room.course.started_at
    meeting.now += MINUTE_MS
    meeting.do("Ada", fc.ChangeScript(script=(WELCOME, WELCOME, SHARES), phase=2))
    assert meeting.room.course.started_at == began > 0


def test_who_is_muted_reads_nothing() -> None:
    meeting = shares()
    meeting.come_in("Mo", Role.MODERATOR)
    meeting.do("Ada", fc.NameHelper(participant="Mo", helper=Helper.COHOST))
    meeting.do("Ada", c.Mute(participant="Mo", minutes=5, reason="a pause"))
    assert refusal(meeting, "Mo", fc.GoToPhase(phase=0)).code == "muted"
    assert meeting.do("Mo", fc.NextPhase(from_=1))


def test_a_greeter_writes_as_much_as_others_and_a_reader_a_whole_reading() -> None:
    meeting = shares("Bea", "Cal")
    for name, helper in (("Bea", Helper.GREETER), ("Cal", Helper.READER)):
        meeting.do("Ada", fc.NameHelper(participant=name, helper=helper))
    long = c.Post(origin_id="origin-1", text="x" * 2_001)
    assert refusal(meeting, "Bea", long).code == "text_too_long"
    assert meeting.do("Cal", long)


def test_the_text_of_a_part_is_left_to_a_reader_who_is_here() -> None:
    """On the clock as well; and nobody waits for a reader who is away or muted."""
    meeting = shares("Bea")
    meeting.do("Ada", fc.NameHelper(participant="Bea", helper=Helper.READER))
    meeting.do("Ada", fc.GoToPhase(phase=0))
    assert meeting.view("Bea")["course"]["text_waits"]
    assert not meeting.room.messages
    meeting.do("Bea", fc.ReadText())
    assert not meeting.view("Bea")["course"]["text_waits"]
    assert [message.by for message in meeting.room.messages.values()] == ["Bea"]
    meeting.do("Ada", c.Mute(participant="Bea", minutes=5, reason="a pause"))
    meeting.do("Ada", fc.GoToPhase(phase=0))
    meeting.do("Ada", c.Unmute(participant="Bea"))
    meeting.do("Bea", c.DropSession(session="session of Bea"))
    meeting.do("Ada", fc.GoToPhase(phase=0))
    assert [message.by for message in meeting.room.messages.values()] == ["Bea", "Ada", "Ada"]
    assert not meeting.view("Ada")["course"]["text_waits"]


def test_nobody_is_named_who_is_not_here() -> None:
    meeting = shares("Bea")
    meeting.do("Bea", c.Leave())
    for name in ("Bea", "Nobody"):
        assert refusal(meeting, "Ada", fc.NameHelper(participant=name, helper=Helper.READER)).code == "no_such_person"
        assert refusal(meeting, "Ada", fc.Invite(participant=name)).code == "no_such_person"
        assert refusal(meeting, "Ada", fc.MoveHand(participant=name, place=0)).code == "no_hand"
        assert refusal(meeting, "Ada", fc.LastWord(participant=name)).code == "no_hand"


@pytest.mark.parametrize(
    "command",
    [
        fc.NameHelper(participant="Bea", helper=Helper.NONE),
        fc.SetTopic(topic="  "),
        fc.SetFloor(share_minutes=4, first_shares_first=True, call_each=False, protect_minutes=0),
        fc.SkipShare(),
        fc.OpenQueue(),
        fc.AllowChips(on=False),
    ],
    ids=lambda command: type(command).__name__,
)
def test_what_is_so_already(command: c.Command) -> None:
    assert refusal(shares("Bea"), "Ada", command).code == "already_so"


def test_a_hand_that_a_lead_has_moved_keeps_its_place_before_first_shares() -> None:
    meeting = shares("Bea", "Cal", "Dee", "Eve")
    for name in ("Bea", "Cal"):
        meeting.do(name, fc.RaiseHand())
        meeting.say(name, "hello")
        meeting.do(name, fc.FinishShare())
    meeting.do("Dee", fc.RaiseHand())
    for name in ("Bea", "Cal"):
        meeting.do(name, fc.RaiseHand())
    meeting.do("Ada", fc.MoveHand(participant="Cal", place=0))
    meeting.do("Ada", fc.MoveHand(participant="Cal", place=1))
    meeting.do("Eve", fc.RaiseHand())
    assert [hand.participant for hand in meeting.room.floor.queue] == ["Bea", "Cal", "Eve"]


def test_later_is_never_sooner() -> None:
    meeting = shares("Bea", "Cal", "Dee", "Eve", "Fay")
    for name in ("Bea", "Cal", "Dee", "Eve", "Fay"):
        meeting.do(name, fc.RaiseHand())
    meeting.do("Eve", fc.Later(after_next=True))
    assert [hand.participant for hand in meeting.room.floor.queue] == ["Cal", "Dee", "Fay", "Eve"]
    assert refusal(meeting, "Eve", fc.Later(after_next=True)).code == "already_so"


def test_the_last_word_is_given_once() -> None:
    meeting = shares("Bea", "Cal")
    for name in ("Bea", "Cal"):
        meeting.do(name, fc.RaiseHand())
    meeting.do("Ada", fc.LastWord(participant="Cal"))
    assert refusal(meeting, "Ada", fc.LastWord(participant="Cal")).code == "already_so"


def test_the_sharer_is_heard_typing_every_five_seconds_at_most() -> None:
    meeting = shares("Bea")
    meeting.do("Bea", fc.RaiseHand())
    assert meeting.do("Bea", fc.SayTyping())
    meeting.now += 4_999
    assert meeting.do("Bea", fc.SayTyping()) == 0
    meeting.now += 1
    assert meeting.do("Bea", fc.SayTyping())


def test_who_is_muted_or_away_is_passed_over_and_keeps_the_place() -> None:
    meeting = shares("Bea", "Cal", "Dee")
    meeting.do("Ada", fc.SetFloor(share_minutes=4, first_shares_first=True, call_each=True, protect_minutes=0))
    for name in ("Bea", "Cal", "Dee"):
        meeting.do(name, fc.RaiseHand())
    meeting.do("Ada", c.Mute(participant="Bea", minutes=1, reason="quiet"))
    meeting.do("Cal", c.DropSession(session="session of Cal"))
    assert refusal(meeting, "Ada", fc.Invite(participant="Bea")).code == "already_so"
    meeting.do("Ada", fc.SetFloor(share_minutes=4, first_shares_first=True, call_each=False, protect_minutes=0))
    meeting.do("", c.Tick())
    assert meeting.room.floor.holder == "Dee"
    meeting.now += 2 * MINUTE_MS
    meeting.do("Dee", fc.FinishShare())
    assert meeting.room.floor.holder == "Bea"
    meeting.do("Cal", c.OpenSession(session="again", process="here"))
    meeting.do("Bea", fc.FinishShare())
    assert meeting.room.floor.holder == "Cal"


def test_who_comes_without_a_connection_waits_for_the_floor() -> None:
    """A process that lost its lease may still carry commands of people who count as dropped."""
    meeting = shares("Bea")
    meeting.do("Ada", fc.Invite(participant="Bea"))
    meeting.do("", c.Tick(lost_processes=frozenset({"here"})))
    meeting.do("Bea", fc.AcceptFloor())
    assert (meeting.room.floor.holder, meeting.room.floor.hand_of("Bea") is not None) == ("", True)


def test_a_pause_begins_when_the_sharer_was_last_heard() -> None:
    meeting = shares("Bea")
    meeting.do("Bea", fc.RaiseHand())
    meeting.now += MINUTE_MS
    meeting.do("Bea", fc.SayTyping())
    meeting.now += 3_000
    meeting.do("Bea", c.DropSession(session="session of Bea"))
    assert meeting.room.floor.time_used_ms(meeting.now) == MINUTE_MS


def test_nothing_is_given_in_the_last_moment_of_a_phase_that_runs_on_the_clock() -> None:
    meeting = shares("Bea", "Cal", script=(WELCOME, SHARES, CLOSING))
    meeting.do("Ada", fc.RunOnClock(on=True))
    for name in ("Bea", "Cal"):
        meeting.do(name, fc.RaiseHand())
    meeting.now += 31 * MINUTE_MS
    meeting.do("Bea", fc.FinishShare())
    assert meeting.room.floor.holder == ""
    meeting.do("", c.Tick())
    assert meeting.room.course.index == 2
    assert [hand.participant for hand in meeting.room.floor.queue] == ["Cal"]


def test_the_clock_waits_for_someone_who_may_speak_for_the_meeting() -> None:
    meeting = Meeting(opened(script=SCRIPT))
    meeting.come_in("Ada", Role.HOST)
    meeting.do("Ada", fc.RunOnClock(on=True))
    meeting.do("Ada", c.DropSession(session="session of Ada"))
    assert meeting.do("", c.Tick()) == 0
    meeting.do("Ada", c.OpenSession(session="again", process="here"))
    meeting.do("", c.Tick())
    assert [type(entry.event) for entry in meeting.entries[-2:]] == [fe.PhaseStarted, e.MessagePosted]


def test_the_clock_does_not_speak_with_the_voice_of_someone_muted() -> None:
    meeting = shares()
    meeting.come_in("Mo", Role.MODERATOR)
    meeting.do("Ada", fc.NameHelper(participant="Mo", helper=Helper.COHOST))
    meeting.do("Ada", fc.ChangeScript(script=(SHARES, WELCOME), phase=0))
    meeting.do("Ada", fc.RunOnClock(on=True))
    meeting.do("Ada", c.Mute(participant="Mo", minutes=None, reason="a pause"))
    meeting.do("Ada", c.Leave())
    meeting.now += 31 * MINUTE_MS
    assert meeting.do("", c.Tick()) == 0
    assert meeting.room.course.index == 0


def test_the_meeting_goes_on_without_a_gap_until_the_fellowship() -> None:
    meeting = shares("Bea")
    meeting.do("Ada", fc.SetFellowship(minutes=60))
    meeting.do("Bea", fc.RaiseHand())
    meeting.now = meeting.room.ends_at
    assert meeting.say("Bea", "just in time")
    meeting.do("", c.Tick())
    assert meeting.room.ends_at == meeting.now + 60 * MINUTE_MS
    meeting.now = meeting.room.ends_at
    assert refusal(meeting, "Bea", c.Post(origin_id="origin-1", text="late")).code == "no_such_room"
    meeting.do("", c.Tick())
    assert meeting.room.ended


def test_an_erased_message_keeps_its_kind_and_loses_its_words() -> None:
    meeting = shares()
    offset = meeting.do("Ada", fc.GoToPhase(phase=0)) + 1
    meeting.do("Ada", c.Retract(message=offset))
    message = meeting.room.messages[offset]
    assert (message.text, message.name, message.kind, message.gone) == ("", "", MessageKind.READING, "retracted")
    assert meeting.entries[offset - 1].event == e.MessagePosted("Ada", "", message.origin_id, MessageKind.READING)
