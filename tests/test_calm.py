"""The calm, the pace, and a room without a moderator: what no scene shows, and what holds whatever people do."""

import pytest
from fake_time import fake_time_loop, in_fake_time
from house import SharedMemory, generous, house, second_house, two_houses
from hypothesis import given
from hypothesis import strategies as st
from meeting import MINUTE_MS, Frame, Meeting, opened, refusal
from screen import Screen

from chatroom.core import commands as c
from chatroom.core import door_commands as d
from chatroom.core import floor_commands as fc
from chatroom.core import support_commands as s
from chatroom.core.door_events import Attended, Door, PostingResumed, PostingStopped, Unattended
from chatroom.core.events import MessagePosted, Role
from chatroom.core.refusals import Refused
from chatroom.core.safety_commands import AcceptHeld, EndBreak, TakeBreak
from chatroom.core.script import Crosstalk, Mode, Phase


def meeting(**fields: object) -> Meeting:
    meeting = Meeting(opened(**fields))
    meeting.come_in("Ada", Role.HOST)
    meeting.come_in("Mo", Role.MODERATOR)
    for name in ("Bea", "Cal"):
        meeting.come_in(name)
    return meeting


def pace(slow_seconds: int = 0, listen_minutes: int = 0, *, hold_new: bool = False) -> d.SetPace:
    return d.SetPace(slow_seconds=slow_seconds, listen_minutes=listen_minutes, hold_new=hold_new)


def texts(meeting: Meeting, name: str) -> list[str]:
    return [message["text"] for message in meeting.view(name)["messages"]]


# ---- calm ----------------------------------------------------------------------------------------------------------------

SAYS: tuple[c.Command, ...] = (
    c.Post(origin_id="origin-1", text="hello"),
    s.Thank(origin_id="origin-2", reply=s.ThanksReply.ME_TOO),
    s.TakeChip(origin_id="origin-3", chip=s.Chip.DAYS_30),
)


@pytest.mark.parametrize("says", SAYS, ids=lambda command: type(command).__name__)
def test_nothing_is_said_while_posting_is_stopped_but_by_those_who_moderate(says: c.Command) -> None:
    room = meeting()
    room.do("Ada", fc.AllowChips(on=True))
    room.do("Mo", d.StopPosting())
    assert refusal(room, "Bea", says).code == "calm"
    assert room.do("Mo", says)
    room.do("Mo", d.ResumePosting())
    assert room.do("Bea", says)


steps = st.lists(
    st.tuples(
        st.sampled_from(("Ada", "Mo", "Bea", "Cal")),
        st.sampled_from(
            ("post", "post", "thank", "chip", "stop", "resume", "calm", "end", "mute", "demote", "promote", "tick")
        ),
    ),
    min_size=20,
    max_size=60,
)


@given(steps)
def test_nothing_by_a_participant_stands_after_posting_was_stopped(steps: list[tuple[str, str]]) -> None:
    room = meeting(needs_moderator=True)
    room.do("Ada", fc.AllowChips(on=True))
    for number, (actor, kind) in enumerate(steps):
        room.now += 500
        commands: dict[str, c.AnyCommand] = {
            "post": c.Post(origin_id=f"origin-{number:03}", text=f"words {number}"),
            "thank": s.Thank(origin_id=f"origin-{number:03}", reply=s.ThanksReply.ME_TOO),
            "chip": s.TakeChip(origin_id=f"origin-{number:03}", chip=s.Chip.DAYS_30),
            "stop": d.StopPosting(),
            "resume": d.ResumePosting(),
            "calm": d.Calm(),
            "end": d.EndCalm(),
            "mute": c.Mute(participant="Cal", minutes=1, reason="quiet"),
            "demote": c.ChangeRole(participant="Mo", role="participant"),
            "promote": c.ChangeRole(participant="Mo", role="moderator"),
            "tick": c.Tick(),
        }
        try:
            room.do("" if kind == "tick" else actor, commands[kind])
        except Refused:
            continue
    stopped = False
    for entry in room.entries:
        stopped = (stopped or isinstance(entry.event, PostingStopped)) and not isinstance(entry.event, PostingResumed)
        if isinstance(entry.event, MessagePosted) and stopped:
            assert room.room.messages[entry.offset].role is not Role.PARTICIPANT


def test_the_end_of_the_calm_leaves_the_door_as_someone_set_it_meanwhile() -> None:
    room = meeting()
    room.do("Mo", d.Calm())
    room.do("Ada", d.SetDoor(door=Door.LOCKED))
    room.do("Mo", d.EndCalm())
    assert room.room.gate.door is Door.LOCKED


# ---- the veil ------------------------------------------------------------------------------------------------------------


def test_the_veil_covers_the_last_minute_of_participants() -> None:
    room = meeting()
    room.say("Bea", "long ago")
    room.now += MINUTE_MS
    for name in ("Bea", "Ada", "Cal"):
        room.say(name, f"by {name}")
    room.do("Mo", d.Veil())
    room.say("Cal", "after")
    assert texts(room, "Bea") == ["long ago", "", "by Ada", "", "after"]
    assert texts(room, "Mo") == ["long ago", "by Bea", "by Ada", "by Cal", "after"]
    assert [message["veiled"] for message in room.view("Mo")["messages"]] == [False, True, False, True, False]


def test_who_reads_under_the_veil_again_gets_no_words_and_gets_them_when_it_is_lifted() -> None:
    """By `earlier`, by resuming, by a snapshot."""
    room = meeting()
    screen = Screen(room.view("Bea"))
    frames: list[Frame] = []
    room.heard.append(lambda entry: frames.extend(room.frames("Bea", entry)))
    room.say("Cal", "something awful")
    room.do("Mo", d.Veil())
    resumed = [frame for entry in room.entries[-2:] for frame in room.frames("Bea", entry)]
    assert [frame["text"] for frame in resumed if frame["event"] == "message_posted"] == [""]
    assert [frame["text"] for entry in room.entries[-2:-1] for frame in room.frames("Mo", entry)] == ["something awful"]
    room.do("Mo", d.Unveil())
    for frame in frames:
        screen.take(frame)
    assert screen.room == room.view("Bea")
    assert texts(room, "Bea") == ["something awful"]


@in_fake_time
async def test_a_resume_over_the_veil_gives_no_words() -> None:
    async with house() as inn:
        ada, bea, cal = await inn.join("Ada", "host"), await inn.join("Bea"), await inn.join("Cal")
        cal.cut()
        await bea.ask("post", origin_id="origin-1", text="something awful")
        await ada.ask("veil")
        again = await inn.back(cal)
        assert again.last("welcome")["recovered"]
        assert again.texts == [""]
        (message,) = (await again.ask("earlier", before=1000))["messages"]
        assert (message["text"], message["veiled"]) == ("", True)
        await ada.ask("unveil")
        (message,) = (await again.ask("earlier", before=1000))["messages"]
        assert (message["text"], message["veiled"]) == ("something awful", False)


# ---- the pace ------------------------------------------------------------------------------------------------------------


def test_who_has_the_floor_is_not_slowed_down() -> None:
    room = meeting(script=(Phase("Shares", mode=Mode.FLOOR, crosstalk=Crosstalk.OPEN),))
    room.do("Ada", fc.NextPhase(from_=-1))
    room.do("Bea", fc.RaiseHand())
    room.do("Mo", pace(slow_seconds=30))
    assert room.room.floor.holder == "Bea"
    for _ in range(2):
        room.say("Bea", "my share")
    room.say("Cal", "one")
    slow = refusal(room, "Cal", c.Post(origin_id="origin-9", text="two"))
    assert (slow.code, slow.retry_after_seconds) == ("slow_mode", 30)


def test_who_comes_back_with_the_same_device_has_listened_before() -> None:
    room = meeting()
    room.do("Mo", pace(listen_minutes=5))
    room.come_in("Dee", device="a phone")
    room.now += 4 * MINUTE_MS
    room.do("Dee", c.Leave())
    room.come_in("Eve", device="a phone")
    listening = refusal(room, "Eve", c.Post(origin_id="origin-1", text="hello"))
    assert (listening.code, listening.retry_after_seconds) == ("listening", 60)
    room.now += MINUTE_MS
    assert room.say("Eve", "hello")


def test_words_of_the_new_wait_until_one_of_them_stands() -> None:
    room = meeting()
    room.say("Bea", "I was here before")
    room.do("Cal", s.Thank(origin_id="origin-0", reply=s.ThanksReply.ME_TOO))
    room.do("Mo", pace(hold_new=True))
    room.say("Bea", "and again")
    room.say("Ada", "welcome")
    held = room.say("Cal", "my first words")
    assert texts(room, "Bea") == ["I was here before", "", "and again", "welcome"]
    assert [(one["held"], one["policy"]) for one in room.view("Mo")["desk"]["held"]] == [(held, "new")]
    room.do("Mo", AcceptHeld(held=held))
    room.say("Cal", "and more")
    assert texts(room, "Bea")[-2:] == ["my first words", "and more"]


@in_fake_time
async def test_two_posts_in_one_moment_are_one_too_many_in_slow_mode() -> None:
    async with two_houses() as (inn, other):
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        await ada.ask("set_pace", slow_seconds=30, listen_minutes=0, hold_new=False)
        await inn.loop.settle()
        refs = [bea.say("post", origin_id=f"origin-{number}", text=f"{number}") for number in range(2)]
        await inn.loop.settle()
        assert [bea.answer(ref).get("code", "done") for ref in refs] == ["done", "slow_mode"]
        assert ada.texts == ["0"]


# ---- without a moderator -------------------------------------------------------------------------------------------------


def attendance(room: Meeting) -> list[str]:
    names = {Attended: "attended", Unattended: "unattended"}
    return [names[type(entry.event)] for entry in room.entries if type(entry.event) in names]


def test_a_room_is_unattended_a_minute_after_its_last_moderator_went() -> None:
    room = meeting(needs_moderator=True)
    room.do("Ada", c.Leave())
    room.do("Mo", c.DropSession(session="session of Mo"))
    room.now += 44_000
    room.do("", c.Tick())
    assert attendance(room) == ["attended"], "the connection was lost 15 seconds before that was noticed"
    room.now += 1_000
    room.do("", c.Tick())
    assert attendance(room) == ["attended", "unattended"]
    assert refusal(room, "Bea", c.Post(origin_id="origin-1", text="hello")).code == "no_moderator"
    room.do("Mo", c.OpenSession(session="again", process="here"))
    assert attendance(room)[2:] == ["attended"]
    assert room.say("Bea", "hello")


def test_a_break_counts_as_gone_and_its_end_as_being_back() -> None:
    room = meeting(needs_moderator=True)
    room.do("Mo", TakeBreak())
    room.do("Ada", c.Leave())
    room.now += MINUTE_MS
    room.do("", c.Tick())
    assert attendance(room) == ["attended", "unattended"]
    room.do("Mo", EndBreak())
    assert attendance(room)[2:] == ["attended"]


def test_who_is_made_a_moderator_attends() -> None:
    room = meeting(needs_moderator=True)
    room.happens(Unattended())
    room.do("Ada", c.ChangeRole(participant="Bea", role="moderator"))
    assert attendance(room)[1:] == ["unattended", "attended"]


def test_a_room_that_needs_nobody_is_never_unattended() -> None:
    room = meeting()
    for name in ("Ada", "Mo"):
        room.do(name, c.Leave())
    room.now += 10 * MINUTE_MS
    room.do("", c.Tick())
    assert not attendance(room)
    assert room.say("Bea", "hello")


@in_fake_time
async def test_of_two_processes_one_says_that_nobody_moderates() -> None:
    async with house(generous(), SharedMemory(clock=fake_time_loop().milliseconds), needs_moderator=True) as inn:
        other = await second_house(inn)
        bea = await inn.join("Bea")
        ada = await other.join("Ada", "host")
        await ada.ask("leave")
        await inn.loop.advance(120)
        assert [event for event in bea.events if event.endswith("attended")] == ["attended", "unattended"]
        await other.hub.stop()
