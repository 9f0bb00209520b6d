"""Two histories of a room that are joined: what each process took for granted is put right, the same for everyone."""

import copy
import itertools
import json
import subprocess
from collections.abc import Callable
from shutil import which

import msgspec
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from inside import WIRE
from meeting import MINUTE_MS, Meeting, copy_of, enter, new_nonce, opened
from need import NO_NODE
from screen import Frame, Screen
from serving import ROOT

from chatroom.core import commands as c
from chatroom.core import door_commands as dc
from chatroom.core import floor_commands as fc
from chatroom.core import safety_commands as sc
from chatroom.core import support_commands as s
from chatroom.core.door_events import Door
from chatroom.core.events import AnyEvent, Draft, Entry, Role
from chatroom.core.floor_events import Helper
from chatroom.core.nicknames import skeleton
from chatroom.core.refusals import Refused
from chatroom.core.room import Room, Standing
from chatroom.core.rules import mending
from chatroom.core.script import Crosstalk, Mode
from chatroom.core.script import Phase as Part
from chatroom.core.support_events import Feeling, PollKind
from chatroom.core.team import on_duty
from chatroom.log.merge import Fork

NAMES = ("Ada", "Mo", "Bea", "Cal", "Dee")
NEW = ("Eve", "E v e")
SCRIPT = (Part("Shares", mode=Mode.FLOOR, crosstalk=Crosstalk.OPEN), Part("Talk", mode=Mode.OPEN, crosstalk=Crosstalk.OPEN))
MOST_MENDINGS = 3


class Step(msgspec.Struct, frozen=True):
    """Someone tries something on one of two processes; the number chooses what exactly."""

    actor: str
    kind: str
    number: int

    def take(self, meeting: Meeting, side: str) -> None:
        meeting.now += self.number * (MINUTE_MS if self.kind == "wait" else 500)
        actor = "" if self.kind in ("enter", "knock_in", "tick", "wait") else self.actor
        try:
            if not actor or actor in meeting.room.people:
                meeting.do(actor, self.command(meeting, side))
        except Refused:
            pass

    def command(self, meeting: Meeting, side: str) -> c.AnyCommand:
        room, number = meeting.room, self.number
        people = list(room.people)
        whom, name, person = people[number % len(people)], NEW[number % len(NEW)], room.people.get(self.actor)
        session, knock = f"session {side} {len(meeting.entries)}", next(iter(room.gate.knocks), "nobody")
        message = next(reversed(room.messages), 1)
        commands: dict[str, Callable[[], c.AnyCommand]] = {
            "enter": lambda: enter(f"{name} {side} {len(meeting.entries)}", nickname=name),
            "knock_in": lambda: dc.GoIn(knock=knock, session=session, process="here"),
            "door": lambda: dc.SetDoor(door=list(Door)[number % 3]),
            "admit": lambda: dc.Admit(knock=knock),
            "decline": lambda: dc.Decline(knock=knock),
            "back": lambda: dc.SendBack(participant=whom, reason="a word first"),
            "leave": c.Leave,
            "drop": lambda: c.DropSession(session=person.session if person else ""),
            "return": lambda: c.OpenSession(session=session, process="here"),
            "remove": lambda: c.Remove(participant=whom, reason="threats"),
            "readmit": lambda: c.Readmit(participant=whom),
            "promote": lambda: c.ChangeRole(participant=whom, role="moderator"),
            "demote": lambda: c.ChangeRole(participant=whom, role="participant"),
            "mute": lambda: c.Mute(participant=whom, minutes=1, reason="unkind"),
            "helper": lambda: fc.NameHelper(participant=whom, helper=list(Helper)[number % 5]),
            "chair": fc.TakeChair,
            "extend": lambda: c.Extend(minutes=5 if number % 2 else 10),
            "raise": fc.RaiseHand,
            "done": fc.FinishShare,
            "invite": lambda: fc.Invite(participant=whom),
            "accept": fc.AcceptFloor,
            "next": lambda: fc.NextPhase(from_=room.course.index),
            "go": lambda: fc.GoToPhase(phase=number % 2),
            "poll": lambda: s.OpenPoll(question="Tea?", options=("yes", "no"), kind=PollKind.SINGLE),
            "close_poll": lambda: s.ClosePoll(poll=next(reversed(room.polls), 1)),
            "vote": lambda: s.Vote(poll=next(reversed(room.polls), 1), choices=(number % 2,)),
            "check_in": lambda: s.StartCheckIn(in_turn=number % 2 > 0),
            "answer": lambda: s.CheckIn(feeling=Feeling.TIRED, urge=number % 10),
            "close_check_in": s.CloseCheckIn,
            "say": lambda: c.Post(origin_id=f"origin-{side}-{len(meeting.entries):03}", text=f"words {number}"),
            "held": lambda: c.Reviewed(
                command=c.Post(origin_id=f"origin-{side}-{len(meeting.entries):03}", text=f"words {number}"), hold="contact"
            ),
            "accept_held": lambda: sc.AcceptHeld(held=next(reversed(room.cases.held), 1)),
            "redact": lambda: c.Redact(message=message),
            "support": s.AskSupport,
            "line": lambda: s.ClaimLine(line=next(iter(room.lines), "nobody")),
            "break": sc.TakeBreak,
            "end_break": sc.EndBreak,
            "tick": c.Tick,
            "wait": c.Tick,
        }
        return commands[self.kind]()


def steps(kinds: str, actors: tuple[str, ...] = NAMES) -> st.SearchStrategy[Step]:
    return st.builds(Step, actor=st.sampled_from(actors), kind=st.sampled_from(kinds.split()), number=st.integers(0, 29))


step = st.one_of(
    steps("enter enter enter knock_in"),
    steps("raise raise done accept say held support answer vote"),
    steps("leave drop return return tick wait wait chair break end_break", NAMES[1:]),
    steps("door admit decline back remove readmit mute helper line accept_held redact", NAMES[:2]),
    steps("promote demote extend invite next go poll close_poll check_in close_check_in", NAMES[:1]),
)
some = st.lists(step, min_size=3, max_size=14)


class Logged(Meeting):
    """Every draft has an origin, as a writer gives it one."""

    def _append(self, draft: Draft) -> int:
        return super()._append(msgspec.structs.replace(draft, origin=draft.origin or new_nonce()))

    def fork(self) -> "Logged":
        """The same so far, and from here on by itself."""
        other = copy.copy(self)
        other.room, other.entries = copy_of(self.room), [*self.entries]
        other.heard, other._origins = [], {**self._origins}
        return other


def together() -> Logged:
    meeting = Logged(opened(script=SCRIPT, needs_moderator=True, capacity=16))
    meeting.name_of = WIRE.id_of
    for name in NAMES:
        meeting.come_in(name, {"Ada": Role.HOST, "Mo": Role.MODERATOR}.get(name, Role.PARTICIPANT))
    return meeting


def origins(*meetings: Meeting) -> dict[str, bytes]:
    return {
        meeting.entries[offset - 1].nonce: origin.encode()
        for meeting in meetings
        for origin, (offset, _) in meeting._origins.items()
    }


class Joined:
    """The log found, as people on other processes see it, then what it lacked, then what is put right."""

    def __init__(self, before: list[Step], here: list[Step], there: list[Step]) -> None:
        common = together()
        for one in before:
            one.take(common, "before")
        self.held, self.found = common, common.fork()
        for meeting, side, more in ((self.held, "here", here), (self.found, "there", there)):
            for one in more:
                one.take(meeting, side)
        self.meeting = self.found.fork()
        self.meeting.now = max(self.held.now, self.found.now)
        self.screens = {name: Screen(self.meeting.view(name)) for name in seated(self.meeting.room)}
        self.cases: list[Frame] = [{"name": name, "room": self.meeting.view(name), "frames": []} for name in self.screens]
        self.mendings = 0
        if not (self.held.room.ended or self.found.room.ended):
            self._join()

    def _join(self) -> None:
        self.meeting.heard.append(self._shown)
        entries = Fork(self.held.entries, self.found.entries, origins(self.held, self.found)).joined()
        for entry in entries[len(self.found.entries) :]:
            self.meeting.now = entry.at
            self.meeting._nonce = lambda entry=entry: entry.nonce  # type: ignore[misc]
            self.meeting.happens(entry.event)
        numbers = itertools.count()
        self.meeting._nonce = lambda: f"mended {next(numbers)}"
        while self.mendings < 10 and (draft := self._next()):
            self.mendings += 1
            self.meeting.happens(*draft)

    def _next(self) -> tuple[AnyEvent, ...]:
        return mending.due(self.meeting.room, self.meeting.now)

    def _shown(self, entry: Entry) -> None:
        for case, screen in zip(self.cases, self.screens.values(), strict=True):
            frames = self.meeting.frames(case["name"], entry) if case["name"] in self.meeting.room.people else []
            case["frames"] += frames
            for frame in frames:
                if frame["is"] == "welcome":
                    screen.room = copy.deepcopy(frame["room"])
                else:
                    screen.take(frame)


def seated(room: Room) -> list[str]:
    return [person.id for person in room.people.values() if person.seated]


def check(room: Room) -> None:
    """What the fold and the rules take for granted."""
    people = [person for person in room.people.values() if person.seated]
    wholes = [skeleton(person.nickname) for person in people]
    assert len(set(wholes)) == len(wholes), wholes
    assert not room.namesakes
    assert not room.seen_again
    for person, whole in zip(people, wholes, strict=True):
        assert room.names[whole] == person.id
        assert room.seats[person.seat_hash] == person.id
    assert room.seated == len(people)
    assert set(room.dropped) == {person.id for person in people if person.standing is Standing.DROPPED}
    assert sorted(room.moderators) == sorted(person.id for person in room.people.values() if person.moderates)
    floor, ids = room.floor, {person.id for person in people}
    waiting = [hand.participant for hand in floor.queue]
    assert len(set(waiting)) == len(waiting)
    assert {floor.holder, floor.invited, *waiting} - {""} <= ids
    assert floor.holder not in waiting
    if floor.holder:
        assert room.course.phase.mode is Mode.FLOOR
        assert bool(floor.paused_at) is (floor.holder in room.dropped)
    hosts_here = [person for person in people if person.role is Role.HOST and person.here]
    assert bool(room.host_gone_at) is not bool(hosts_here)
    assert not room.chair or (room.chair in ids and room.people[room.chair].moderates and not hosts_here)
    assert all(name in ids and room.people[name].moderates for name in room.team.on_break)
    assert all(person.moderates for person in people if person.helper is Helper.COHOST)
    duty = any(on_duty(room, person) for person in people)
    assert (room.gate.no_duty_since is None) is duty
    assert not (duty and room.gate.unattended)
    for asked in (room.rounds, room.polls):
        assert sum(not one.closed for one in asked.values()) <= 1
    removed = {person.id for person in room.people.values() if person.standing is Standing.REMOVED}
    assert room.removed == removed
    assert {name for names in room.devices.values() for name in names} | {*room.just_left} <= room.people.keys()


@settings(max_examples=250, deadline=None)
@given(some, some, some)
def test_what_the_fold_takes_for_granted_holds_again(before: list[Step], here: list[Step], there: list[Step]) -> None:
    joined = Joined(before, here, there)
    check(joined.held.room)
    check(joined.found.room)
    check(joined.meeting.room)
    assert joined.mendings <= MOST_MENDINGS
    assert copy_of(joined.meeting.room) == joined.meeting.room


@settings(max_examples=250, deadline=None)
@given(some, some, some)
def test_every_screen_shows_what_was_put_right(before: list[Step], here: list[Step], there: list[Step]) -> None:
    joined = Joined(before, here, there)
    for name, screen in joined.screens.items():
        if name in seated(joined.meeting.room):
            assert screen.room == joined.meeting.view(name)


def test_every_page_shows_what_was_put_right() -> None:
    """The same for the fold of the pages, all cases at once."""
    node = which("node")
    if not node:
        pytest.fail(NO_NODE)
    cases: list[Frame] = []

    @settings(max_examples=150, deadline=None, database=None, phases=[Phase.generate])
    @given(some, some, some)
    def collect(before: list[Step], here: list[Step], there: list[Step]) -> None:
        joined = Joined(before, here, there)
        still = [case for case in joined.cases if case["name"] in seated(joined.meeting.room)]
        cases.extend(case | {"expect": joined.meeting.view(case["name"])} for case in still)

    collect()
    assert any(frame.get("event") == "renamed" for case in cases for frame in case["frames"])
    program = str(ROOT / "tests" / "js" / "fold_cases.mjs")
    done = subprocess.run((node, program), input=json.dumps(cases), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@settings(max_examples=150, deadline=None)
@given(some, some, some)
def test_nobody_is_removed_or_left_out_by_joining(before: list[Step], here: list[Step], there: list[Step]) -> None:
    """Whoever is in after one of the histories and did nothing to leave in the other is still in."""
    joined = Joined(before, here, there)
    if joined.held.room.ended or joined.found.room.ended:
        return
    for one, other in ((joined.held.room, joined.found.room), (joined.found.room, joined.held.room)):
        for name in seated(one):
            if name not in other.people or other.people[name].seated:
                assert joined.meeting.room.people[name].seated
