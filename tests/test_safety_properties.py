"""What holds of words that wait, concerns and the moderators' own words, whatever people do: random meetings on the core."""

import json
import re
from collections.abc import Iterable

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st
from meeting import Meeting, copy_of, opened, plain
from screen import Frame, Screen

from chatroom.core import commands as c
from chatroom.core import safety_commands as s
from chatroom.core import support_commands as sc
from chatroom.core.events import Entry, LateJoiners, Role
from chatroom.core.refusals import REFUSALS, Refused
from chatroom.core.room import Room, apply
from chatroom.core.safety_events import ConcernNoted, Danger, HeldState, MessageHeld, Sign, Topic
from chatroom.core.views import for_everyone, for_moderators, for_subject

NAMES = ("Ada", "Mo", "Bea", "Cal", "Dee", "Eve")
PRIVATE = {
    *("message_held", "held_resolved", "concern_noted", "concern_resolved", "claimed", "team_said", "note_written"),
    *("break_taken", "break_over", "words_set"),
}
"""Events that participants never see under these names."""


def recent(offsets: Iterable[int], number: int) -> int:
    """One of the newest three; 1, where nothing such stands, when there is none."""
    known = [1, *offsets]
    return known[-1 - number % min(3, len(known))]


class Step(msgspec.Struct, frozen=True):
    """Someone tries something; the number chooses what exactly."""

    actor: str
    kind: str
    number: int

    def command(self, meeting: Meeting) -> c.AnyCommand:
        room, number = meeting.room, self.number
        entries, whom = len(meeting.entries), NAMES[number % len(NAMES)]
        held, concern, message = (recent(known, number) for known in (room.cases.held, room.cases.concerns, room.messages))
        said = c.Post(origin_id=f"origin-{entries:03}", text=f"words {entries} of {self.actor};", topic=list(Topic)[number % 8])
        danger = list(Danger)[number % 3]
        commands: dict[str, c.AnyCommand] = {
            "say": said,
            "held": c.Reviewed(command=said, hold="contact", reason=f"words {entries} of {self.actor};", concern=danger),
            "risky": c.Reviewed(command=said, concern=danger),
            "accept": s.AcceptHeld(held=held),
            "reject": s.RejectHeld(held=held, reason="no numbers"),
            "claim": s.Claim(item=held if number % 2 else concern),
            "take_back": c.Retract(message=held if number % 3 else message),
            "redact": c.Redact(message=message),
            "redact_all": s.RedactAll(participant=whom),
            "worry": s.Worry(participant=whom),
            "resolve": s.ResolveConcern(concern=concern),
            "team": s.SayToTeam(origin_id=f"origin-{entries:03}", text=f"among us {entries}"),
            "note": s.WriteNote(participant=whom, text=f"among us {entries}"),
            "break": s.TakeBreak(),
            "back": s.EndBreak(),
            "mark": s.NoteContent(message=message, topic=list(Topic)[number % 8]),
            "line": s.OpenLine(participant=whom),
            "privately": sc.SayPrivately(origin_id=f"origin-{entries:03}", text="between us", line=whom),
            "drop": c.DropSession(session=room.people[self.actor].session),
            "return": c.OpenSession(session=f"session {entries}", process="here"),
            "leave": c.Leave(),
            "remove": c.Remove(participant=whom, reason="threats"),
            "promote": c.ChangeRole(participant=whom, role="moderator"),
            "demote": c.ChangeRole(participant=whom, role="participant"),
        }
        return commands[self.kind]


def steps(kinds: str, actors: tuple[str, ...] = NAMES) -> st.SearchStrategy[Step]:
    return st.builds(Step, actor=st.sampled_from(actors), kind=st.sampled_from(kinds.split()), number=st.integers(0, 119))


step = st.one_of(
    steps("held held held say risky take_back mark worry"),
    steps("accept reject reject claim resolve", NAMES[:3]),
    steps("team note break back mark line privately redact redact_all", NAMES[:3]),
    steps("promote demote", ("Ada",)),
    steps("drop return return leave remove", NAMES[1:]),
)
meetings = st.tuples(st.sampled_from(LateJoiners), st.lists(step, min_size=30, max_size=70))
fast = settings(max_examples=60, deadline=None)


class Watched:
    """A meeting with what each person was sent while not a moderator, and each screen."""

    def __init__(self, late_joiners: LateJoiners) -> None:
        self.meeting = Meeting(opened(late_joiners=late_joiners))
        self.sent: list[tuple[str, Entry, Frame]] = []
        self.screens: dict[str, Screen] = {}
        self.ever_moderated = set(NAMES[:2])
        self.refusals = set[str]()
        self.worries: list[tuple[str, Entry]] = []
        self.meeting.heard.append(self._heard)
        for name in NAMES:
            self.meeting.come_in(name, {"Ada": Role.HOST, "Mo": Role.MODERATOR}.get(name, Role.PARTICIPANT))
        for name in NAMES:
            self.screens[name] = Screen(self.meeting.view(name))

    def _heard(self, entry: Entry) -> None:
        people = self.meeting.room.people
        self.ever_moderated |= {person.id for person in people.values() if person.moderates}
        if isinstance(entry.event, ConcernNoted) and entry.event.sort is Sign.FRIEND:
            self.worries.append((entry.event.by, entry))
        for name, screen in self.screens.items():
            if not people[name].seated:
                continue
            for frame in self.meeting.frames(name, entry):
                self.sent.append((name, entry, frame))
                if frame["is"] == "welcome":
                    screen.room = frame["room"]
                else:
                    screen.take(frame)

    def run(self, steps: list[Step]) -> "Watched":
        for one in steps:
            try:
                self.meeting.do(one.actor, one.command(self.meeting))
            except Refused as refusal:
                self.refusals.add(refusal.code)
        return self


def said_publicly(watched: Watched) -> set[str]:
    return {frame["text"] for _, _, frame in watched.sent if frame.get("event") == "message_posted" and frame["text"]}


@fast
@given(meetings)
def test_held_words_are_seen_by_their_author_and_the_moderators_alone(meeting: tuple[LateJoiners, list[Step]]) -> None:
    watched = Watched(meeting[0]).run(meeting[1])
    public = said_publicly(watched)
    for name in set(NAMES) - watched.ever_moderated:
        frames = [frame for whom, _, frame in watched.sent if whom == name]
        known = json.dumps([frames, watched.meeting.view(name)])
        words = set(re.findall(r"words \d+ of \w+;", known))
        assert {text for text in words if not text.endswith(f" {name};")} <= public
        assert not PRIVATE & {str(frame.get("event")) for frame in frames}
        assert "among us" not in known
        assert "contact" not in known


@fast
@given(meetings)
def test_nobody_is_told_who_is_worried(meeting: tuple[LateJoiners, list[Step]]) -> None:
    watched = Watched(meeting[0]).run(meeting[1])
    for friend, entry in watched.worries:
        told = [(name, frame) for name, at, frame in watched.sent if at is entry]
        assert not [frame for _, frame in told if frame["is"] == "personal"]
        people = {name for name, _ in told}
        assert people <= watched.ever_moderated
        about = getattr(entry.event, "participant", "")
        assert all({friend, about} & {frame["participant"]} == {about} for _, frame in told)
    for name in NAMES:
        for concern in watched.meeting.view(name).get("desk", {"concerns": []})["concerns"]:
            assert concern.keys() == {
                *("at", "concern", "participant", "nickname", "sort", "topic", "message", "claimed_by"),
            }


@fast
@given(meetings)
def test_held_words_are_nowhere_once_they_wait_no_more_but_in_what_was_said(meeting: tuple[LateJoiners, list[Step]]) -> None:
    watched = Watched(meeting[0]).run(meeting[1])
    room, entries = watched.meeting.room, watched.meeting.entries
    kept = msgspec.msgpack.encode([room, entries]).decode("latin-1")
    kept += json.dumps([screen.room for name, screen in watched.screens.items() if room.people[name].seated])
    allowed = {message.text for message in room.messages.values()}
    allowed |= {held.text for held in room.cases.held.values()} | {held.held_for for held in room.cases.held.values()}
    assert set(re.findall(r"words \d+ of \w+;", kept)) <= allowed
    for held in room.cases.held.values():
        event = entries[held.offset - 1].event
        assert isinstance(event, MessageHeld)
        assert bool(event.text) is bool(held.text) is (held.state is HeldState.WAITING)


@fast
@given(meetings)
def test_every_screen_shows_the_room_as_the_server_sees_it(meeting: tuple[LateJoiners, list[Step]]) -> None:
    watched = Watched(meeting[0]).run(meeting[1])
    again = Room()
    for entry in watched.meeting.entries:
        apply(again, entry)
    assert again == watched.meeting.room == copy_of(again)
    assert watched.refusals <= REFUSALS.keys()
    for name, screen in watched.screens.items():
        if watched.meeting.room.people[name].seated:
            assert screen.room == watched.meeting.view(name)


@fast
@given(meetings, st.integers(0, 60))
def test_who_comes_back_sees_the_same_as_who_stayed(meeting: tuple[LateJoiners, list[Step]], away: int) -> None:
    """Frames of what was missed are made of the room as it is at the end."""
    watched = Watched(meeting[0])
    watched.run(meeting[1][:away])
    room, start = watched.meeting.room, len(watched.meeting.entries)
    screens = {name: Screen(watched.meeting.view(name)) for name in NAMES if room.people[name].seated}
    roles = {name: person.role for name, person in room.people.items()}
    watched.run(meeting[1][away:])
    missed = watched.meeting.entries[start:]
    changed = {getattr(entry.event, "participant", "") for entry in missed if hasattr(entry.event, "role")}
    for name, screen in screens.items():
        person = room.people[name]
        if not person.seated or name in changed or person.role is not roles[name]:
            continue
        for entry in missed:
            mine = for_subject(room, entry) if getattr(entry.event, "participant", "") == name else None
            shared = (person.moderates and for_moderators(room, entry)) or for_everyone(room, entry)
            for frame in (mine, shared):
                if frame:
                    screen.take(plain(frame))
        expected = watched.meeting.view(name)
        assert screen.room["me"]["held"] == expected["me"]["held"]
        assert screen.room["me"]["care"] == expected["me"]["care"]
        if person.moderates:
            for part in ("held", "concerns", "team", "notes", "on_break", "words"):
                assert screen.room["desk"][part] == expected["desk"][part], part
