"""What holds of check-ins, polls and private lines, whatever people do: random meetings on the pure core."""

import json
from collections import Counter
from typing import Any

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st
from meeting import Meeting, copy_of, opened, plain
from screen import Frame, Screen

from chatroom.core import commands as c
from chatroom.core import support_commands as s
from chatroom.core import support_events as se
from chatroom.core.events import Entry, LateJoiners, Role
from chatroom.core.refusals import Refused
from chatroom.core.room import Room, apply
from chatroom.core.snapshot import room_view
from chatroom.core.support_events import Feeling, PollKind

NAMES = ("Ada", "Mo", "Bea", "Cal", "Dee", "Eve", "Fay", "Gus")
SHARED_KEYS = {
    "check_in_started": {"round", "in_turn"},
    "checked_in": {"round", "answers"},
    "check_in_closed": {"round", "answers", "picture"},
    "poll_opened": {"poll", "question", "options", "kind", "live"},
    "voted": {"poll", "votes", "counts"},
    "poll_closed": {"poll", "votes", "counts"},
}
OWN = {"my_check_in", "my_vote", "my_line", "my_line_said"}


class Step(msgspec.Struct, frozen=True):
    """Someone tries something; the number chooses what exactly."""

    actor: str
    kind: str
    number: int

    def command(self, meeting: Meeting) -> c.AnyCommand:
        room, number = meeting.room, self.number
        poll = [*room.polls, 1][-1 if number % 5 else 0]
        whom = NAMES[number % len(NAMES)]
        options = ("red", "green", "blue", "none")[: 2 + number % 3]
        session = f"session {len(meeting.entries)}"
        commands: dict[str, c.AnyCommand] = {
            "start": s.StartCheckIn(),
            "check_in": s.CheckIn(feeling=list(Feeling)[number % 10], urge=number % 11),
            "pass": s.PassCheckIn(),
            "close": s.CloseCheckIn(),
            "open_poll": s.OpenPoll(question="which?", options=options, kind=list(PollKind)[number % 3], live=number % 2 == 0),
            "vote": s.Vote(poll=poll, choices=CHOICES[number % len(CHOICES)]),
            "close_poll": s.ClosePoll(poll=poll),
            "ask": s.AskSupport(),
            "say": s.SayPrivately(origin_id=f"origin-{number:02}", text=f"private words {len(meeting.entries)};"),
            "answer": s.SayPrivately(origin_id=f"answer-{number:02}", text=f"private words {len(meeting.entries)};", line=whom),
            "claim": s.ClaimLine(line=whom),
            "close_line": s.CloseLine(line=whom),
            "promote": c.ChangeRole(participant=whom, role="moderator"),
            "demote": c.ChangeRole(participant=whom, role="participant"),
            "drop": c.DropSession(session=room.people[self.actor].session),
            "return": c.OpenSession(session=session, process="here"),
            "leave": c.Leave(),
            "mute": c.Mute(participant=whom, minutes=None, reason="unkind"),
            "remove": c.Remove(participant=whom, reason="threats"),
        }
        return commands[self.kind]


CHOICES = ((0,), (1,), (2,), (0, 1), (1, 0), (2, 0, 1), (3, 2, 1, 0), (), (0, 0), (4,), (-1,), (0, 7))
numbers = st.integers(0, 119)


def steps(kinds: str, actors: tuple[str, ...] = NAMES) -> st.SearchStrategy[Step]:
    return st.builds(Step, actor=st.sampled_from(actors), kind=st.sampled_from(kinds.split()), number=numbers)


step = st.one_of(
    steps("check_in check_in check_in pass vote vote vote"),
    steps("start close open_poll close_poll start open_poll", ("Ada",)),
    steps("ask say say start open_poll close_poll claim"),
    steps("answer answer claim close_line", ("Ada", "Mo")),
    steps("promote demote", ("Ada",)),
    steps("drop return return leave mute remove", NAMES[1:]),
)
meetings = st.tuples(st.sampled_from(LateJoiners), st.lists(step, min_size=30, max_size=80))
fast = settings(max_examples=60, deadline=None)


class Watched:
    """A meeting with what each person was sent, and what was accepted of each."""

    def __init__(self, late_joiners: LateJoiners) -> None:
        self.meeting = Meeting(opened(late_joiners=late_joiners))
        self.votes: dict[int, list[tuple[str, tuple[int, ...]]]] = {}
        self.answers: dict[int, list[tuple[str, Feeling, int]]] = {}
        self.sent: list[tuple[str, Entry, Frame]] = []
        self.screens: dict[str, Screen] = {}
        self.meeting.heard.append(self._heard)
        for name in NAMES:
            self.meeting.come_in(name, {"Ada": Role.HOST, "Mo": Role.MODERATOR}.get(name, Role.PARTICIPANT))
            self._show(name)

    def _show(self, name: str) -> None:
        self.screens[name] = Screen(self.meeting.view(name))

    def _heard(self, entry: Entry) -> None:
        for name, screen in self.screens.items():
            if not self.meeting.room.people[name].seated:
                continue
            for frame in self.meeting.frames(name, entry):
                self.sent.append((name, entry, frame))
                if frame["is"] == "welcome":
                    screen.room = frame["room"]
                else:
                    screen.take(frame)

    def run(self, steps: list[Step]) -> "Watched":
        for one in steps:
            command = one.command(self.meeting)
            try:
                offset = self.meeting.do(one.actor, command)
            except Refused:
                continue
            if isinstance(command, s.Vote):
                self.votes.setdefault(command.poll, []).append((one.actor, command.choices))
            elif isinstance(command, s.CheckIn):
                event = self.meeting.entries[offset - 1].event
                assert isinstance(event, se.CheckedIn)
                self.answers.setdefault(event.round, []).append((one.actor, command.feeling, command.urge))
        return self


def expected_counts(kind: str, options: int, votes: list[tuple[str, tuple[int, ...]]]) -> list[int]:
    counts = Counter[int]()
    for _, choices in votes:
        for rank, choice in enumerate(choices):
            counts[choice] += options - rank if kind == "ranked" else 1
    return [counts[option] for option in range(options)]


@fast
@given(meetings)
def test_counts_equal_votes_and_each_seat_has_one(meeting: tuple[LateJoiners, list[Step]]) -> None:
    watched = Watched(meeting[0]).run(meeting[1])
    for view in (
        watched.meeting.view("Ada"),
        plain(room_view(copy_of(watched.meeting.room), watched.meeting.room.people["Ada"])),
    ):
        for poll in view["polls"]:
            votes = watched.votes.get(poll["poll"], [])
            counts = expected_counts(poll["kind"], len(poll["options"]), votes)
            assert poll["counts"] == (counts if poll["live"] or not poll["open"] else None)
            assert poll["votes"] == len(votes) == len({voter for voter, _ in votes})
            assert all(choices and max(choices) < len(poll["options"]) for _, choices in votes)


def checked_in_by(count: int) -> list[Step]:
    answers = [Step(name, "check_in", number) for number, name in enumerate(NAMES[:count])]
    return [Step("Ada", "start", 0), *answers, Step("Ada", "close", 0)]


@fast
@given(meetings)
@example((LateJoiners.NOTHING, [*checked_in_by(4), *checked_in_by(5)]))
def test_a_check_in_shows_sums_at_its_close_only_and_from_five_answers_on(meeting: tuple[LateJoiners, list[Step]]) -> None:
    watched = Watched(meeting[0]).run(meeting[1])
    for round in watched.meeting.view("Ada")["rounds"]:
        answers = watched.answers.get(round["round"], [])
        assert round["answers"] == len(answers) == len({name for name, _, _ in answers})
        feelings = Counter(str(feeling) for _, feeling, _ in answers)
        urges = Counter(urge for _, _, urge in answers)
        shown = {"feelings": dict(feelings), "urges": [urges[urge] for urge in range(11)]}
        assert round["picture"] == (shown if len(answers) >= 5 and not round["open"] else None)
    for _, entry, frame in watched.sent:
        if frame.get("event") == "check_in_closed":
            assert (frame["picture"] is None) == (frame["answers"] < 5), entry


@fast
@given(meetings)
def test_nobody_else_is_told_who_answered_what(meeting: tuple[LateJoiners, list[Step]]) -> None:
    watched = Watched(meeting[0]).run(meeting[1])
    for name, entry, frame in watched.sent:
        kind = frame.get("event", "")
        if kind in SHARED_KEYS:
            assert frame.keys() == SHARED_KEYS[kind] | {"is", "event", "id", "at", "position"}
        if kind in OWN:
            assert getattr(entry.event, "participant", "") == name
    for name in NAMES:
        view = watched.meeting.view(name)
        mine = {str(poll) for poll, votes in watched.votes.items() if name in dict(votes)}
        assert view["me"]["votes"].keys() == mine
        asked: Any = (view["rounds"], view["polls"])
        assert not any(f'"{other}"' in json.dumps(asked) for other in NAMES)


@fast
@given(meetings)
def test_a_private_line_is_told_to_its_owner_and_the_moderators_only(meeting: tuple[LateJoiners, list[Step]]) -> None:
    watched = Watched(meeting[0])
    told: list[tuple[str, str, bool]] = []

    def heard(entry: Entry) -> None:
        if isinstance(entry.event, se.LineOpened | se.LineSaid | se.LineClaimed | se.LineClosed):
            moderators = {person.id for person in watched.meeting.room.people.values() if person.moderates}
            for name in NAMES:
                frames = [frame for whom, at, frame in watched.sent if whom == name and at is entry]
                may = name in moderators or name == entry.event.participant
                told.extend((name, frame["event"], may) for frame in frames)

    watched.meeting.heard.append(heard)
    watched.run(meeting[1])
    assert all(may for _, _, may in told)
    for name in NAMES:
        person, view = watched.meeting.room.people[name], watched.meeting.view(name)
        if not person.moderates:
            line = watched.meeting.room.lines.get(name)
            assert json.dumps(view).count("private words") == (len(line.said) if line else 0)


@fast
@given(meetings)
def test_every_screen_shows_the_room_as_the_server_sees_it(meeting: tuple[LateJoiners, list[Step]]) -> None:
    watched = Watched(meeting[0]).run(meeting[1])
    again = Room()
    for entry in watched.meeting.entries:
        apply(again, entry)
    assert again == watched.meeting.room
    for name, screen in watched.screens.items():
        if watched.meeting.room.people[name].seated:
            assert screen.room == watched.meeting.view(name)
