"""What holds for every room, whatever its people do: random meetings on the pure core."""

import json
from collections.abc import Iterable
from typing import Any

import msgspec
from hypothesis import example, given, settings
from hypothesis import strategies as st
from meeting import Meeting, copy_of, enter, opened, plain
from screen import Frame, Screen

from chatroom.core import commands as c
from chatroom.core import direct_events as de
from chatroom.core import door_commands as dc
from chatroom.core import door_events as door
from chatroom.core import events as e
from chatroom.core import safety_commands as sc
from chatroom.core import safety_events as se
from chatroom.core.door_events import Door
from chatroom.core.events import Entry, LateJoiners, Outcome, Reaction, ReportReason, Role
from chatroom.core.nicknames import skeleton
from chatroom.core.refusals import REFUSALS, Refused
from chatroom.core.room import Room, Standing, apply
from chatroom.core.snapshot import room_view
from chatroom.core.views import for_everyone, for_moderators, for_subject

NAMES = ("Ada", "Mo", "Bea", "Cal", "Dee", "Eve")
NICKNAMES = ("Morning Fern", "morning fern", "Quiet Harbour", "Kind River", "Bright Maple", "Host")
CAPACITY = 4


class Step(msgspec.Struct, frozen=True):
    """Someone tries something; the numbers choose to whom and with what."""

    actor: str
    kind: str
    whom: str
    number: int

    def command(self, meeting: Meeting) -> c.AnyCommand:
        offset = self._one_of(meeting.room.messages, len(meeting.entries))
        report = self._one_of(meeting.room.reports, len(meeting.entries))
        minutes: Any = (1, 5, 15, None)[self.number % 4]
        whom = self._whom(meeting.room)
        person = meeting.room.people.get(self.actor)
        session = person.session if person and self.number % 2 else f"session {self.number % 3} of {self.actor}"
        commands: dict[str, c.AnyCommand] = {
            "post": c.Post(origin_id=f"origin-{self.number:02}", text=f"words {len(meeting.entries)};"),
            "retract": c.Retract(message=offset),
            "react": c.React(message=offset, reaction=list(Reaction)[self.number % 5], on=self.number % 3 > 0),
            "report": c.Report(message=offset, reason=ReportReason.OTHER, words=f"see {self.number}"),
            "leave": c.Leave(),
            "claim": sc.Claim(item=report),
            "resolve": c.ResolveReport(report=report, outcome=list(Outcome)[self.number % 2]),
            "mute": c.Mute(participant=whom, minutes=minutes, reason="unkind"),
            "unmute": c.Unmute(participant=whom),
            "redact": c.Redact(message=offset, reason="private"),
            "remove": c.Remove(participant=whom, reason="threats"),
            "readmit": c.Readmit(participant=whom),
            "clear": c.ClearAddress(participant=whom),
            "lock": dc.SetDoor(door=Door.LOCKED),
            "unlock": dc.SetDoor(door=Door.OPEN),
            "promote": c.ChangeRole(participant=whom, role="moderator"),
            "demote": c.ChangeRole(participant=whom, role="participant"),
            "extend": c.Extend(minutes=15),
            "end": c.End(),
            "open": c.OpenSession(session=session, process="here"),
            "drop": c.DropSession(session=session),
            "tick": c.Tick(),
            "lost": c.Tick(lost_processes=frozenset({"here"})),
            "enter": self._enter(),
        }
        return commands[self.kind]

    def _whom(self, room: Room) -> str:
        """Mostly someone of whom this can be undone."""
        undone = {"unmute": "muted_until", "readmit": "removed_reason", "clear": "removed_reason"}.get(self.kind, "")
        people = [person.id for person in room.people.values() if undone and getattr(person, undone)]
        return people[self.number % len(people)] if people else self.whom

    def _one_of(self, offsets: Iterable[int], head: int) -> int:
        """Mostly an offset that means something."""
        known = list(offsets)
        return known[self.number % len(known)] if known and self.number % 8 else self.number % (head + 1) + 1

    def _enter(self) -> c.Enter:
        role = {"Ada": Role.HOST, "Mo": Role.MODERATOR}.get(self.actor, Role.PARTICIPANT)
        return enter(self.actor, role, address=f"address {self.number % 3}", nickname=NICKNAMES[self.number % len(NICKNAMES)])


BY_ANYONE = ("post", "retract", "react", "report", "leave", "open", "open", "drop", "enter", "tick", "lost")
BY_MODERATORS = ("claim", "resolve", "mute", "unmute", "redact", "remove", "readmit", "clear", "lock", "unlock")
BY_HOSTS = ("promote", "demote", "extend", "end")


def steps(kinds: Iterable[str], actors: Iterable[str]) -> st.SearchStrategy[Step]:
    people = st.sampled_from(NAMES[::-1])
    return st.builds(Step, actor=st.sampled_from(list(actors)), kind=st.sampled_from(list(kinds)), whom=people, number=numbers)


numbers = st.integers(0, 40)
step = st.one_of(
    steps(("post", "post", "react", "report"), NAMES),
    steps(BY_ANYONE, NAMES),
    steps(BY_MODERATORS * 2 + BY_MODERATORS[:3], ("Mo", "Ada", "Ada")),
    steps(BY_HOSTS[:3] * 5 + BY_HOSTS, ("Ada", "Ada", "Mo")),
)
meetings = st.tuples(st.sampled_from(LateJoiners), st.lists(step, min_size=30, max_size=60))
fast = settings(max_examples=40)


class Watched:
    """A meeting, with a screen for each person that is sent what a server would send."""

    def __init__(self, late_joiners: LateJoiners, capacity: int = CAPACITY) -> None:
        self.meeting = Meeting(opened(capacity=capacity, late_joiners=late_joiners))
        self.screens: dict[str, Screen] = {}
        self.frames: dict[str, list[Frame]] = {name: [] for name in NAMES}
        self.erased: list[str] = []
        self.refusals: set[str] = set()
        self.meeting.heard.append(self._heard)

    def begin(self) -> "Watched":
        for name, nickname in zip(NAMES[:3], ("Ada", "Mo", "Bea"), strict=True):
            role = {"Ada": Role.HOST, "Mo": Role.MODERATOR}.get(name, Role.PARTICIPANT)
            self.attempt(name, enter(name, role, nickname=nickname))
        return self

    def run(self, steps: Iterable[Step]) -> "Watched":
        for step in steps:
            self.meeting.now += step.number * 500
            self.attempt(step.actor, step.command(self.meeting))
        return self

    def attempt(self, actor: str, command: c.AnyCommand) -> None:
        """Let someone try something; it may be refused."""
        before = self._text_of(command)
        if isinstance(command, c.Enter) and actor in self.meeting.room.people:
            return
        try:
            self.meeting.do("" if isinstance(command, c.Enter | c.Tick) else actor, command)
        except Refused as refusal:
            self.refusals.add(refusal.code)
            return
        if before:
            self.erased.append(before)
        if isinstance(command, c.Enter | c.OpenSession):
            self.screens[actor] = Screen(self.meeting.view(actor))

    def _text_of(self, command: c.AnyCommand) -> str:
        """The words that the command would erase."""
        offset = command.message if isinstance(command, c.Retract | c.Redact) else 0
        return self.meeting.room.messages[offset].text if offset in self.meeting.room.messages else ""

    def _heard(self, entry: Entry) -> None:
        check_entry(self.meeting.room, entry)
        people = self.meeting.room.people
        for name in [name for name in self.screens if name not in people or not people[name].session]:
            del self.screens[name]
        for name, screen in self.screens.items():
            for frame in self.meeting.frames(name, entry):
                self.frames[name].append(frame)
                if frame["is"] == "welcome":
                    self.screens[name] = screen = Screen(frame["room"])
                else:
                    screen.take(frame)


def check_entry(room: Room, entry: Entry) -> None:
    """What holds after every entry."""
    seated = [person for person in room.people.values() if person.seated]
    assert room.seated == len(seated)
    assert len({skeleton(person.nickname) for person in seated}) == len(seated)
    assert {person.id for person in seated} <= set(room.names.values())
    assert set(room.dropped) == {person.id for person in seated if person.standing is Standing.DROPPED}
    assert not [person.id for person in room.people.values() if person.session and not person.seated]
    sessions = [person.session for person in room.people.values() if person.session]
    assert len(set(sessions)) == len(sessions)
    if isinstance(entry.event, e.MessagePosted):
        author = room.people[entry.event.participant]
        assert author.seated
        assert author.muted_until <= entry.at


def folded(entries: Iterable[Entry], room: Room | None = None) -> Room:
    room = room or Room()
    for entry in entries:
        apply(room, entry)
    return room


EVERYTHING = (
    LateJoiners.EVERYTHING,
    [
        Step("Bea", "post", "", 1),
        Step("Cal", "enter", "", 2),
        Step("Cal", "react", "", 7),
        Step("Mo", "post", "", 3),
        Step("Cal", "report", "", 7),
        Step("Mo", "claim", "", 13),
        Step("Ada", "promote", "Cal", 0),
        Step("Cal", "mute", "Bea", 1),
        Step("Bea", "retract", "", 7),
        Step("Ada", "remove", "Bea", 0),
    ],
)


@fast
@given(meetings)
@example(EVERYTHING)
def test_a_snapshot_and_the_rest_are_the_whole(case: tuple[LateJoiners, list[Step]]) -> None:
    entries = Watched(case[0]).begin().run(case[1]).meeting.entries
    whole = folded(entries)
    for k in range(1, len(entries) + 1):
        assert folded(entries[k:], copy_of(folded(entries[:k]))) == whole


@fast
@given(meetings)
@example(EVERYTHING)
def test_every_screen_shows_what_the_server_knows(case: tuple[LateJoiners, list[Step]]) -> None:
    watched = Watched(case[0]).begin().run(case[1])
    for name, screen in watched.screens.items():
        assert screen.room == watched.meeting.view(name), name


@fast
@given(meetings, st.integers(1, 40))
@example(EVERYTHING, 9)
@example((LateJoiners.NOTHING, [Step("Mo", "lock", "", 0), Step("Bea", "post", "", 1), Step("Ada", "promote", "Bea", 0)]), 1)
def test_who_resumes_sees_what_who_stayed_sees(case: tuple[LateJoiners, list[Step]], k: int) -> None:
    """Frames for a resume are made from the log as it is now, and from the room as it is now."""
    watched = Watched(case[0]).begin().run(case[1][:k])
    before = {name: (watched.meeting.view(name), person.role) for name, person in watched.meeting.room.people.items()}
    head = watched.meeting.room.offset
    watched.run(case[1][k:])
    room = watched.meeting.room
    for name, (view, role) in before.items():
        missed = watched.meeting.entries[head:]
        if room.people[name].role == role and not any(changes_role(entry, name) for entry in missed):
            screen = Screen(view)
            for frame in resumed_frames(room, name, missed):
                screen.take(frame)
            assert screen.room == watched.meeting.view(name), name


def changes_role(entry: Entry, name: str) -> bool:
    return isinstance(entry.event, e.RoleChanged) and entry.event.participant == name


def resumed_frames(room: Room, name: str, entries: Iterable[Entry]) -> list[Frame]:
    person, frames = room.people[name], list[object]()
    for entry in entries:
        if getattr(entry.event, "participant", "") == name:
            frames.append(for_subject(room, entry))
        frames.append((person.moderates and for_moderators(room, entry)) or for_everyone(room, entry))
    return [plain(frame) for frame in frames if frame]


@fast
@given(meetings)
@example(EVERYTHING)
def test_erased_words_are_nowhere(case: tuple[LateJoiners, list[Step]]) -> None:
    watched = Watched(case[0]).begin().run(case[1])
    kept = msgspec.msgpack.encode([watched.meeting.room, watched.meeting.entries]).decode("latin-1")
    kept += json.dumps([screen.room for screen in watched.screens.values()])
    assert not [text for text in watched.erased if text in kept]
    assert folded(watched.meeting.entries) == watched.meeting.room
    assert watched.refusals <= REFUSALS.keys()


@fast
@given(meetings)
@example(EVERYTHING)
def test_nothing_follows_the_end(case: tuple[LateJoiners, list[Step]]) -> None:
    entries = Watched(case[0]).begin().run(case[1]).meeting.entries
    assert not any(isinstance(entry.event, e.Ended) for entry in entries[:-1])


@fast
@given(meetings)
@example(EVERYTHING)
def test_seats_are_not_given_twice(case: tuple[LateJoiners, list[Step]]) -> None:
    """Only who came with a role, or was let in again, is there beyond the capacity."""
    meeting = Watched(case[0]).begin().run(case[1]).meeting
    beyond = sum(
        isinstance(entry.event, e.Readmitted)
        or (isinstance(entry.event, e.Joined) and entry.event.role is not Role.PARTICIPANT)
        for entry in meeting.entries
    )
    assert meeting.room.seated <= CAPACITY + beyond


@fast
@given(meetings)
@example(EVERYTHING)
def test_participants_see_nothing_that_is_for_moderators(case: tuple[LateJoiners, list[Step]]) -> None:
    watched = Watched(case[0]).begin().run(case[1])
    private = {"reported", "claimed", "report_resolved", "muted", "unmuted", "removed", "readmitted", "address_cleared"}
    for name in NAMES[2:]:
        if not any(changes_role(entry, name) for entry in watched.meeting.entries):
            assert not [frame for frame in watched.frames[name] if frame.get("event") in private or "by_nickname" in frame]


@fast
@given(meetings, st.sampled_from(NAMES))
@example(EVERYTHING, "Ada")
def test_nobody_can_tell_who_reported_or_reacted(case: tuple[LateJoiners, list[Step]], other: str) -> None:
    """The same log with other reporters, and with the reactions of others, looks the same to everyone."""
    meeting = Watched(case[0]).begin().run(case[1]).meeting
    room, swapped = Room(), Room()
    for entry in meeting.entries:
        apply(room, entry)
        twin = entry
        if isinstance(entry.event, e.Reported):
            twin = msgspec.structs.replace(entry, event=msgspec.structs.replace(entry.event, participant=other))
        apply(swapped, twin)
        for make in (for_everyone, for_moderators):
            assert plain(make(room, entry)) == plain(make(swapped, twin))
        frame = for_everyone(room, entry)
        if isinstance(entry.event, e.Reacted) and frame:
            assert entry.event.participant not in plain(frame).values()
    reporters = {entry.event.participant for entry in meeting.entries if isinstance(entry.event, e.Reported)} | {other}
    for name in room.people.keys() - reporters:
        assert room_view(room, room.people[name]) == room_view(swapped, swapped.people[name])


@given(st.lists(st.integers(0, 10), min_size=1))
def test_events_about_what_is_not_there_change_nothing(offsets: list[int]) -> None:
    room = folded([Entry(1, 1, "n", opened())])
    events: list[e.AnyEvent] = [
        *(
            e.Dropped("who"),
            e.Returned("who"),
            e.Left("who"),
            e.MessagePosted("who", "x", "o"),
            e.SessionOpened("who", "s", "p"),
        ),
        *(e.Muted("who", 1, "by", ""), e.Unmuted("who", "by"), e.Removed("who", "by", ""), e.Readmitted("who", "by")),
        *(e.AddressCleared("who", "by"), e.RoleChanged("who", Role.MODERATOR, "by")),
        se.MessageHeld("who", "x", "o", e.MessageKind.WORDS, "", se.Topic.NONE, "contact", "a number"),
        *(se.ConcernNoted("who", se.Sign.FRIEND, by="by"), se.TeamSaid("who", "x", "o"), se.NoteWritten("who", "x", "by")),
        *(door.SentBack("who", "by", ""), door.KnockEnded("who", "Who", door.KnockEnding.ADMITTED, "by")),
        *(se.BreakTaken("who"), se.BreakOver("who"), de.DirectSaid("who", "other", True, "x", "o")),
    ]
    for offset in offsets:
        events += [e.Retracted("who", offset), e.Redacted(offset, "by"), e.Reacted("who", offset, Reaction.HUG, True)]
        events += [e.Reported("who", offset, ReportReason.SPAM), se.Claimed(offset, "by")]
        events += [e.ReportResolved(offset, "by", Outcome.ACTED)]
        events += [se.HeldResolved(offset, "who", se.HeldState.REJECTED, "by"), se.ConcernResolved(offset, "who", "by")]
        events += [se.ContentNoted(offset, se.Topic.DEATH, "by")]
    before = copy_of(room)
    for i, event in enumerate(events, 2):
        apply(room, Entry(i, 1, "n", event))
    room.offset, room.actions = before.offset, before.actions
    assert room == before
