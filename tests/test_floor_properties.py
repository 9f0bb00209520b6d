"""What holds of the course and the floor, whatever people do: random meetings on the pure core."""

from collections.abc import Iterable
from typing import Any

import msgspec
from floor_vectors import CLOSING, SCRIPT, SHARES, WELCOME
from hypothesis import example, given, settings
from hypothesis import strategies as st
from meeting import MINUTE_MS, Meeting, copy_of, enter, opened, plain
from screen import Screen
from test_fold import NAMES, Watched, changes_role, folded, resumed_frames

from chatroom.core import commands as c
from chatroom.core import events as e
from chatroom.core import floor_commands as fc
from chatroom.core import floor_events as fe
from chatroom.core.events import Entry, LateJoiners, MessageKind, Role
from chatroom.core.floor_events import HandReason, Helper
from chatroom.core.room import Room, apply
from chatroom.core.script import Crosstalk, Mode, Phase
from chatroom.core.snapshot import room_view

TALK = Phase("Talk", mode=Mode.FLOOR, crosstalk=Crosstalk.OPEN, minutes=1)
SCRIPTS = (SCRIPT, (SHARES,), (SHARES, WELCOME, TALK), (TALK, CLOSING), ())
HOLDER = "holder"
ROLES = {"Ada": Role.HOST, "Mo": Role.MODERATOR}


class Step(msgspec.Struct, frozen=True):
    """Someone tries something; the number chooses to whom and with what. The actor may be whoever has the floor."""

    actor: str
    kind: str
    number: int

    def take(self, watched: Watched) -> None:
        watched.meeting.now += self.number * (40_000 if self.kind == "wait" else 500)
        actor = watched.meeting.room.floor.holder if self.actor == HOLDER else self.actor
        watched.attempt(actor, msgspec.structs.replace(self, actor=actor).command(watched.meeting))

    def command(self, meeting: Meeting) -> c.AnyCommand:
        room, number = meeting.room, self.number
        whom, index, session = NAMES[number % len(NAMES)], number % 5 - 1, f"session {len(meeting.entries)}"
        person = room.people.get(self.actor)
        commands: dict[str, c.AnyCommand] = {
            "next": fc.NextPhase(from_=room.course.index if number % 4 else index),
            "go": fc.GoToPhase(phase=index),
            "script": fc.ChangeScript(script=SCRIPTS[number % len(SCRIPTS)], phase=number // 5 % 3),
            "clock": fc.RunOnClock(on=number % 3 > 0),
            "topic": fc.SetTopic(topic=f"topic {number % 3}"),
            "read": fc.ReadText(),
            "chips": fc.AllowChips(on=number % 2 > 0),
            "fellowship": fc.SetFellowship(minutes=number),
            "helper": fc.NameHelper(participant=whom, helper=list(Helper)[number % 5]),
            "chair": fc.TakeChair(),
            "raise": fc.RaiseHand(reason=list(HandReason)[number % 5], words=f"private {number};"),
            "lower": fc.LowerHand(),
            "later": fc.Later(after_next=number % 2 > 0),
            "done": fc.FinishShare(),
            "pass": fc.PassFloor(),
            "typing": fc.SayTyping(holds_words=number % 3 > 0),
            "keep": fc.KeepFloor(),
            "accept": fc.AcceptFloor(),
            "invite": fc.Invite(participant=whom),
            "move": fc.MoveHand(participant=whom, place=number % 7),
            "skip": fc.SkipShare(share=room.floor.share or None if number % 2 else number + 1),
            "close": fc.CloseQueue(),
            "open_queue": fc.OpenQueue(),
            "last": fc.LastWord(participant=whom),
            "set": fc.SetFloor(
                share_minutes=number % 3,
                first_shares_first=number % 2 > 0,
                call_each=number % 5 == 0,
                protect_minutes=30 if number % 7 == 0 else 0,
            ),
            "post": c.Post(origin_id=f"origin-{len(meeting.entries):03}", text=f"words {len(meeting.entries)};"),
            "mute": c.Mute(participant=whom, minutes=1, reason="unkind"),
            "remove": c.Remove(participant=whom, reason="threats"),
            "readmit": c.Readmit(participant=whom),
            "promote": c.ChangeRole(participant=whom, role="moderator"),
            "demote": c.ChangeRole(participant=whom, role="participant"),
            "extend": c.Extend(minutes=5),
            "leave": c.Leave(),
            "enter": enter(self.actor, ROLES.get(self.actor, Role.PARTICIPANT)),
            "return": c.OpenSession(session=session, process="here"),
            "drop": c.DropSession(session=person.session if person else ""),
            "tick": c.Tick(),
            "wait": c.Tick(),
            "lost": c.Tick(lost_processes=frozenset({"here"} if number % 9 == 0 else ())),
        }
        return commands[self.kind]


numbers = st.integers(0, 40)


def steps(kinds: str, actors: Iterable[str] = NAMES) -> st.SearchStrategy[Step]:
    return st.builds(Step, actor=st.sampled_from(list(actors)), kind=st.sampled_from(kinds.split()), number=numbers)


step = st.one_of(
    steps("raise raise raise raise post done pass later lower accept"),
    steps("post post typing typing keep done done pass drop", (HOLDER,)),
    steps("return return return enter enter drop leave tick wait wait lost chair chair"),
    steps("next next go script clock read fellowship helper invite move move skip last", ("Ada", "Ada", "Mo")),
    steps("open_queue close set topic chips mute remove readmit promote demote extend chair", ("Ada", "Ada", "Mo")),
)
START = [Step("Ada", "script", 5), *(Step(name, "enter", 2 + number) for number, name in enumerate(NAMES[3:]))]
meetings = st.lists(step, min_size=30, max_size=60).map(lambda more: START + more)
fast = settings(max_examples=40)

EVERYTHING = [
    *START,
    *(Step(name, "raise", 3) for name in NAMES),
    *(Step("Ada", kind, 1) for kind in ("move", "close", "skip", "helper", "topic", "clock", "set")),
    *(Step("Bea", kind, 2) for kind in ("post", "typing", "keep", "done", "drop", "return", "post")),
    *(Step("Ada", kind, 3) for kind in ("go", "invite", "script", "next", "fellowship", "remove", "readmit")),
]


def played(steps: Iterable[Step]) -> Watched:
    return play_on(Watched(LateJoiners.NOTHING, capacity=len(NAMES)).begin(), steps)


def play_on(watched: Watched, steps: Iterable[Step]) -> Watched:
    for step in steps:
        step.take(watched)
    return watched


def folds(entries: Iterable[Entry]) -> Iterable[tuple[Entry, Room]]:
    """Each entry, with the room before it."""
    room = Room()
    for entry in entries:
        yield entry, room
        apply(room, entry)


@fast
@given(meetings)
@example(EVERYTHING)
def test_at_most_one_person_has_the_floor(steps: list[Step]) -> None:
    holder = ""
    for entry, room in folds(played(steps).meeting.entries):
        assert room.floor.holder == holder
        assert not holder or room.people[holder].seated
        match entry.event:
            case fe.FloorGiven(participant):
                assert not holder
                assert room.people[participant].here
                holder = participant
            case fe.FloorReleased(participant):
                assert participant == holder
                holder = ""


@fast
@given(meetings)
@example(EVERYTHING)
def test_nobody_posts_out_of_turn(steps: list[Step]) -> None:
    mode, crosstalk, holder = Mode.OPEN, Crosstalk.OPEN, ""
    unfinished: set[str] = set()
    for entry, room in folds(played(steps).meeting.entries):
        match entry.event:
            case fe.PhaseStarted(mode=mode, crosstalk=crosstalk):
                pass
            case fe.ScriptChanged(script, index):
                phase = script[index] if 0 <= index < len(script) else Phase("", crosstalk=Crosstalk.OPEN)
                mode, crosstalk = phase.mode, phase.crosstalk
            case fe.FellowshipBegan():
                mode, crosstalk = Mode.OPEN, Crosstalk.OPEN
            case fe.FloorGiven(participant):
                holder = participant
                unfinished.discard(participant)
            case fe.FloorReleased():
                holder = ""
            case fe.ShareUnfinished(participant):
                unfinished.add(participant)
            case e.MessagePosted(participant, kind=kind):
                author = room.people[participant]
                leads = author.role is Role.HOST or author.helper is Helper.COHOST or room.chair == participant
                helps = author.helper in (Helper.READER, Helper.GREETER)
                is_floor = mode is Mode.FLOOR
                is_open = mode is Mode.OPEN or (is_floor and crosstalk is Crosstalk.OPEN)
                in_turn = holder == participant if holder else leads or helps or (is_floor and participant in unfinished)
                unfinished.discard(participant)
                assert is_open or in_turn or (kind is MessageKind.READING and (leads or author.helper is Helper.READER))
                assert author.muted_until <= entry.at


@fast
@given(meetings)
@example(EVERYTHING)
def test_every_hand_is_served_or_withdrawn_or_closed(steps: list[Step]) -> None:
    up: set[str] = set()
    entries = played(steps).meeting.entries
    for entry, room in folds(entries):
        queue = [hand.participant for hand in room.floor.queue]
        assert len(set(queue)) == len(queue)
        assert set(queue) == up
        assert all(room.people[name].seated for name in queue)
        assert room.floor.holder not in up
        match entry.event:
            case fe.HandRaised(participant):
                assert participant not in up
                up.add(participant)
            case fe.HandLowered(participant) | fe.FloorGiven(participant):
                up.discard(participant)
            case fe.FellowshipBegan():
                up.clear()


@fast
@given(meetings, st.sampled_from(NAMES), st.lists(steps("raise later lower", NAMES), min_size=20, max_size=20))
@example(EVERYTHING, "Bea", [Step(name, "raise", 1) for name in NAMES * 4])
def test_nobody_waits_for_ever_while_the_queue_moves(before: list[Step], name: str, others: list[Step]) -> None:
    """Whoever has a hand up and is here speaks in the end, however often all others raise theirs."""
    watched = played(before)
    meeting, room = watched.meeting, watched.meeting.room
    for who in ("Ada", name):
        watched.attempt(who, c.OpenSession(session=f"session of {who} again", process="here"))
    meeting.now = min(max(meeting.now, room.people[name].muted_until), room.ends_at - MINUTE_MS)
    watched.attempt("Ada", fc.ChangeScript(script=(SHARES,), phase=0))
    watched.attempt("Ada", fc.RunOnClock(on=False))
    watched.attempt("Ada", fc.SetFloor(share_minutes=0, first_shares_first=True, call_each=False, protect_minutes=0))
    watched.attempt("Ada", fc.OpenQueue())
    watched.attempt(name, fc.RaiseHand())
    if room.course.script != (SHARES,) or not room.people[name].here or room.people[name].muted_until > meeting.now:
        return
    for step in others:
        watched.attempt("", c.Tick())
        if not room.floor.hand_of(name):
            return
        if step.actor != name:
            watched.attempt(step.actor, step.command(meeting))
        for other in (other for other in NAMES if other != name):
            watched.attempt(other, fc.RaiseHand())
        watched.attempt(room.floor.holder, fc.FinishShare())
    raise AssertionError(f"{name} still waits")


@fast
@given(meetings)
@example(EVERYTHING)
def test_any_prefix_is_a_valid_room(steps: list[Step]) -> None:
    entries = played(steps).meeting.entries
    whole = folded(entries)
    for k in range(1, len(entries) + 1):
        room = folded(entries[:k])
        for person in room.people.values():
            assert plain(room_view(room, person))["floor"]["holder"] == room.floor.holder
        assert folded(entries[k:], copy_of(room)) == whole


@fast
@given(meetings)
@example(EVERYTHING)
def test_every_screen_shows_the_same_floor(steps: list[Step]) -> None:
    watched = played(steps)
    for name, screen in watched.screens.items():
        assert screen.room == watched.meeting.view(name), name


@fast
@given(meetings, st.integers(1, 60))
@example(EVERYTHING, 9)
def test_who_resumes_sees_the_same_floor(steps: list[Step], k: int) -> None:
    watched = played(steps[:k])
    before = {name: (watched.meeting.view(name), person.role) for name, person in watched.meeting.room.people.items()}
    head = watched.meeting.room.offset
    play_on(watched, steps[k:])
    room = watched.meeting.room
    for name, (view, role) in before.items():
        missed = watched.meeting.entries[head:]
        if room.people[name].role == role and not any(changes_role(entry, name) for entry in missed):
            screen = Screen(view)
            for frame in resumed_frames(room, name, missed):
                screen.take(frame)
            assert screen.room == watched.meeting.view(name), name


@fast
@given(meetings)
@example(EVERYTHING)
def test_participants_never_learn_why_a_hand_is_up(steps: list[Step]) -> None:
    watched = played(steps)
    private = {"reason", "words", "script", "by"}
    for name in NAMES[2:]:
        if not any(changes_role(entry, name) for entry in watched.meeting.entries):
            frames: list[dict[str, Any]] = watched.frames[name]
            shown = [frame for frame in frames if frame.get("event") in ("hand_raised", "script_changed", "helper_named")]
            assert not [frame for frame in shown if private & frame.keys()]
            assert not [frame for frame in frames if frame.get("event") in ("invited", "invitation_ended")]


@given(st.lists(st.integers(0, 10), min_size=1, max_size=3))
def test_floor_events_about_nobody_change_nothing(places: list[int]) -> None:
    room = folded([Entry(1, 0, "n", opened())])
    events: list[e.AnyEvent] = [
        *(fe.FloorGiven("who", 1), fe.FloorReleased("who", fe.Ending.DONE), fe.FloorPaused("who", 1), fe.FloorResumed("who")),
        *(fe.HandLowered("who"), fe.Invited("who"), fe.InvitationEnded("who"), fe.Typing("who", True), fe.ChairTaken("who")),
        *(fe.SharerAsked("who"), fe.FloorKept("who"), fe.ShareUnfinished("who")),
        fe.HelperNamed("who", Helper.READER, "by"),
    ]
    for place in places:
        events += [fe.HandRaised("who", place), fe.HandMoved("who", place, "by")]
    before = copy_of(room)
    for i, event in enumerate(events, 2):
        apply(room, Entry(i, 0, "n", event))
    room.offset, room.actions = before.offset, before.actions
    assert room == before


def test_a_share_lasts_as_long_as_it_should() -> None:
    """On its own: a share that says nothing more is asked about half a minute after its time, and ends half a minute later."""
    meeting = Meeting()
    meeting.come_in("Ada", Role.HOST)
    meeting.do("Ada", fc.ChangeScript(script=(SHARES,), phase=0))
    meeting.come_in("Bea")
    meeting.do("Bea", fc.RaiseHand())
    meeting.now += 4 * MINUTE_MS - 1000
    meeting.do("Bea", fc.SayTyping(holds_words=False))
    for _ in range(120):
        if meeting.room.floor.holder:
            meeting.now += 1000
            meeting.do("", c.Tick())
    assert meeting.now - meeting.entries[0].at == 4 * MINUTE_MS + 60_000
