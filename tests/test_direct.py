"""Direct messages: the refusals and limits that no scene shows, and who is told what of them in random meetings."""

import json
from typing import Any

import msgspec
import pytest
from fake_time import in_fake_time
from house import two_houses
from hypothesis import given, settings
from hypothesis import strategies as st
from meeting import Meeting, four_people, plain, refused
from safety_situation import talk, write
from screen import Frame, Screen

from chatroom.core import commands as c
from chatroom.core import direct_commands as d
from chatroom.core.direct import TalkState
from chatroom.core.direct_events import DirectReported
from chatroom.core.events import Entry, ReportReason, Role
from chatroom.core.limits import DIRECT_QUESTIONS_PER_PERSON, OPEN_REPORTS_PER_PERSON, OUTBOX_BYTES
from chatroom.core.refusals import Refused
from chatroom.core.room import Room, apply
from chatroom.core.snapshot import room_view


@pytest.fixture
def meeting() -> Meeting:
    meeting = four_people()
    meeting.do("Ada", d.SetDirect(on=True))
    return meeting


def say(text: str, whom: str = "Cal", origin_id: str = "origin-1") -> d.SayDirect:
    return d.SayDirect(participant=whom, origin_id=origin_id, text=text)


def test_the_same_words_again_answer_the_first_offset(meeting: Meeting) -> None:
    talk(meeting, "Bea", "Cal")
    offset = meeting.do("Bea", say("hello"))
    assert meeting.do("Bea", say("hello")) == offset
    for step in (c.Mute(participant="Bea", minutes=5, reason="a pause"), d.SetDirect(on=False)):
        meeting.do("Ada", step)
        assert meeting.do("Bea", say("hello")) == offset
        assert refused(meeting, "Bea", say("other words")) in ("muted", "direct_off")


def test_other_words_under_the_same_id_are_refused(meeting: Meeting) -> None:
    talk(meeting, "Bea", "Cal")
    meeting.do("Bea", say("hello"))
    assert refused(meeting, "Bea", say("other words")) == "origin_reused"


@pytest.mark.parametrize(
    ("command", "code"),
    [
        (d.AskDirect(participant="Bea"), "no_such_person"),
        (d.AskDirect(participant="Nobody"), "no_such_person"),
        (d.AnswerDirect(participant="Cal", yes=True), "no_direct"),
        (d.EndDirect(participant="Cal"), "no_direct"),
        (d.ReportDirect(participant="Cal", said=1, reason=ReportReason.OTHER), "no_direct"),
        (say("hello"), "no_direct"),
        (say("hello", "Nobody"), "no_such_person"),
    ],
)
def test_there_is_nothing_with_whom_nothing_was_agreed(meeting: Meeting, command: c.Command, code: str) -> None:
    assert refused(meeting, "Bea", command) == code


def test_so_many_questions_of_one_person_wait(meeting: Meeting) -> None:
    names = [f"Person {number}" for number in range(DIRECT_QUESTIONS_PER_PERSON + 1)]
    for name in names:
        meeting.come_in(name)
    for name in names[:-1]:
        meeting.do("Bea", d.AskDirect(participant=name))
    last = d.AskDirect(participant=names[-1])
    assert refused(meeting, "Bea", last) == "direct_waiting"
    meeting.do("Bea", d.EndDirect(participant=names[0]))
    meeting.do("Bea", last)


def test_the_muted_do_not_ask_and_do_not_write(meeting: Meeting) -> None:
    talk(meeting, "Bea", "Cal")
    meeting.do("Mo", c.Mute(participant="Bea", minutes=5, reason="a pause"))
    assert refused(meeting, "Bea", say("hello")) == "muted"
    assert refused(meeting, "Bea", d.AskDirect(participant="Mo")) == "muted"
    meeting.do("Bea", d.EndDirect(participant="Cal"))


def test_who_ended_it_may_ask_again_and_the_other_may_not(meeting: Meeting) -> None:
    talk(meeting, "Bea", "Cal")
    meeting.do("Bea", d.EndDirect(participant="Cal"))
    assert refused(meeting, "Cal", d.AskDirect(participant="Bea")) == "no_direct"
    talk(meeting, "Bea", "Cal")
    meeting.do("Ada", d.SetDirect(on=False))
    meeting.do("Ada", d.SetDirect(on=True))
    talk(meeting, "Cal", "Bea")


def test_what_is_reported_is_what_the_other_one_wrote(meeting: Meeting) -> None:
    talk(meeting, "Bea", "Cal")
    mine = write(meeting, "Bea", "Cal", "my words") - 1
    theirs = write(meeting, "Cal", "Bea", "their words")

    def report(said: int) -> d.ReportDirect:
        return d.ReportDirect(participant="Cal", said=said, reason=ReportReason.UNSAFE)

    for said in (mine, mine + 1, theirs - 1, theirs + 1, 1, 2**53):
        assert refused(meeting, "Bea", report(said)) == "no_such_message"
    offset = meeting.do("Bea", report(theirs))
    assert meeting.entries[offset - 1].event == DirectReported("Bea", "Cal", theirs, "their words", ReportReason.UNSAFE)
    assert meeting.do("Bea", report(theirs)) == 0
    for number in range(OPEN_REPORTS_PER_PERSON - 1):
        meeting.do("Bea", report(write(meeting, "Cal", "Bea", f"more {number}")))
    assert refused(meeting, "Bea", report(write(meeting, "Cal", "Bea", "and more"))) == "already_reported"


def test_all_that_a_person_has_fits_into_an_outbox(meeting: Meeting) -> None:
    names = [f"Person {number}" for number in range(20)]
    for name in names:
        meeting.come_in(name)
        talk(meeting, name, "Bea")
    for number in range(3):
        for name in names:
            write(meeting, name, "Bea", f"{number}" + "\U0001f33f" * 1_900)
    view = msgspec.json.encode(meeting.view("Bea"))
    assert view.count("\U0001f33f".encode() * 1_900) == 12
    assert len(view) < OUTBOX_BYTES


@in_fake_time
async def test_two_who_write_to_each_other_on_two_processes_miss_nothing_when_they_come_back() -> None:
    async with two_houses() as (here, there):
        ada, bea = await here.join("Ada", "host"), await here.join("Bea")
        cal, mo = await there.join("Cal"), await there.join("Mo", "moderator")
        await ada.ask("set_direct", on=True)
        await bea.ask("ask_direct", participant=cal.me)
        screen = cal.screen()
        cal.cut()
        await bea.ask("ask_direct", participant=mo.me)
        late = await there.back(cal)
        await late.ask("answer_direct", participant=bea.me, yes=True)
        said = (await bea.ask("say_direct", participant=cal.me, origin_id="origin-1", text="between us"))["id"]
        late.cut()
        await bea.ask("say_direct", participant=cal.me, origin_id="origin-2", text="and more")
        again = await there.back(cal)
        assert again.last("welcome")["recovered"] is True
        for frame in [*late.all("entry"), *late.all("personal"), *again.all("entry"), *again.all("personal")]:
            screen.take(frame)
        (shown,) = screen.room["me"]["direct"].values()
        assert (shown["state"], [one["text"] for one in shown["said"]]) == ("open", ["between us", "and more"])
        assert shown["said"][0]["said"] == said + 1
        assert "between us" not in json.dumps(mo.frames + ada.frames)


# ---- random meetings -----------------------------------------------------------------------------------------------------

NAMES = ("Ada", "Mo", "Bea", "Cal", "Dee")
MODERATORS = ("Ada", "Mo")
KINDS = (
    "on", "off", "ask", "yes", "yes", "no", "say", "say", "say", "end", "report", "mute", "remove", "promote", "demote", "drop",
    "return",
)  # fmt: skip
steps = st.lists(st.tuples(st.sampled_from(KINDS), st.sampled_from(NAMES), st.sampled_from(NAMES)), min_size=20, max_size=60)


def step_of(meeting: Meeting, kind: str, actor: str, whom: str) -> tuple[str, c.AnyCommand]:
    number = len(meeting.entries)
    talk = meeting.room.direct.talk(actor, whom)
    said = talk.said[-1].offset if talk and talk.said else 1
    commands: dict[str, c.AnyCommand] = {
        "on": d.SetDirect(on=True),
        "off": d.SetDirect(on=False),
        "ask": d.AskDirect(participant=whom),
        "yes": d.AnswerDirect(participant=whom, yes=True),
        "no": d.AnswerDirect(participant=whom, yes=False),
        "say": say(f"words {number} from {actor} to {whom};", whom, f"origin-{number:03}"),
        "end": d.EndDirect(participant=whom),
        "report": d.ReportDirect(participant=whom, said=said, reason=ReportReason.UNSAFE),
        "mute": c.Mute(participant=whom, minutes=1, reason="a pause"),
        "remove": c.Remove(participant=whom, reason="threats"),
        "promote": c.ChangeRole(participant=whom, role="moderator"),
        "demote": c.ChangeRole(participant=whom, role="participant"),
        "drop": c.DropSession(session=meeting.room.people[actor].session),
        "return": c.OpenSession(session=f"session {number}", process="here"),
    }
    by_leads = ("on", "off", "promote", "demote", "mute", "remove")
    return ("Ada" if kind in by_leads else actor), commands[kind]


@settings(max_examples=60, deadline=None)
@given(steps)
def test_direct_messages_reach_the_two_alone_and_screens_show_what_the_server_sees(steps: list[tuple[str, str, str]]) -> None:
    meeting, screens, told = Meeting(), dict[str, Screen](), dict[str, list[Frame]]()
    reported: set[str] = set()

    def hear(entry: Entry) -> None:
        if isinstance(entry.event, DirectReported):
            reported.add(entry.event.text)
        for name, screen in screens.items():
            for frame in meeting.frames(name, entry) if meeting.room.people[name].seated else ():
                told[name].append(frame)
                if frame["is"] == "welcome":
                    screen.room = frame["room"]
                else:
                    screen.take(frame)

    for name in NAMES:
        meeting.come_in(name, {"Ada": Role.HOST, "Mo": Role.MODERATOR}.get(name, Role.PARTICIPANT))
    for name in NAMES:
        screens[name], told[name] = Screen(meeting.view(name)), []
    meeting.heard.append(hear)
    meeting.do("Ada", d.SetDirect(on=True))
    talk(meeting, "Bea", "Cal")
    for step in steps:
        actor, command = step_of(meeting, *step)
        try:
            meeting.do(actor, command)
        except Refused:
            continue
    again = Room()
    for entry in meeting.entries:
        apply(again, entry)
    assert again == meeting.room
    for name, person in meeting.room.people.items():
        known = json.dumps([told[name], plain(room_view(meeting.room, person))])
        assert not foreign(known, name, reported), name
        if person.seated:
            assert screens[name].room == meeting.view(name)


def foreign(known: str, name: str, reported: set[str]) -> list[str]:
    """The words in what someone knows that are neither from nor to this person, nor reported."""
    found: list[Any] = [part.split(";")[0] + ";" for part in known.split("words ")[1:] if " from " in part[:12]]
    texts = [f"words {text}" for text in found]
    return [text for text in texts if f"from {name} " not in text and f"to {name};" not in text and text not in reported]


def test_the_search_for_foreign_words_finds_them() -> None:
    text = "words 12 from Bea to Cal;"
    assert foreign(f"x {text} y", "Ada", set()) == [text]
    assert foreign(text, "Ada", {text}) == foreign(text, "Cal", set()) == []


def test_states_are_those_of_the_wire() -> None:
    assert {str(state) for state in TalkState} == {"asked", "asks_me", "open", "over"}
