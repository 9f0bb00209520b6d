"""Two commands at the very same moment, in two processes or in one, come to what the one after the other comes to.

Each command that there is is given twice, by whoever may give it; then come pairs that are about the same thing.
"""

import asyncio
from collections.abc import Callable, Sequence

import pytest
from fake_time import fake_time_loop, in_fake_time
from followers import FAR_MS
from house import SlowLog, SlowMemory
from meeting import Meeting, new_nonce
from safety_situation import hold
from test_rules import ACTORS, TABLE, Situation

from chatroom.core import commands as c
from chatroom.core import safety_commands as s
from chatroom.core.commands import AnyCommand
from chatroom.core.direct_events import DirectSaid
from chatroom.core.events import ORDINARY, AnyEvent, Draft, Entry, MessagePosted, Outcome, Reacted, Reaction, ReportReason, Role
from chatroom.core.formats import FORMAT
from chatroom.core.limits import HELD_PER_PERSON, NOTES_PER_PERSON, OPEN_REPORTS_PER_PERSON
from chatroom.core.refusals import Refused
from chatroom.core.room import Room, apply
from chatroom.core.rules import decide
from chatroom.core.safety_events import TeamSaid, Topic
from chatroom.core.support_events import LineSaid
from chatroom.live.writer import Writer
from chatroom.log.base import Held

Asked = tuple[str, AnyCommand]
Result = tuple[list[int | str], list[AnyEvent], Room]
"""What each was answered: where it stands, or how it was refused; what is in the log from then on; the room."""
KEY = bytes(32)


class Answer:
    def __init__(self) -> None:
        self.said: int | str | None = None

    def done(self, offset: int) -> None:
        self.said = offset

    def refused(self, refusal: Refused) -> None:
        self.said = refusal.code


class Process:
    """One process that has the room: its writer, its fold, and its way to the log, which can be held up."""

    def __init__(self, logs: SlowMemory) -> None:
        self.room = Room()
        self.log: SlowLog = logs.log(KEY)
        begin = asyncio.get_running_loop().create_task
        self.writer = Writer(self.room, self.log, logs.now, lambda: FORMAT, new_nonce, begin, lambda: None, lambda *told: None)

    async def follow(self) -> "Process":
        self.entries((await self.log.follow(self)).entries)
        return self

    def entries(self, entries: Sequence[Entry]) -> None:
        for entry in entries:
            apply(self.room, entry)

    def gone(self) -> None: ...
    def unreadable(self) -> None: ...
    def trouble(self, reaching: bool) -> None: ...
    def renamed(self, epoch: str) -> None: ...
    def reopened(self, opened: object) -> None: ...
    def held(self) -> Held | None:
        raise AssertionError

    def fold(self, snapshot: bytes, entries: Sequence[Entry]) -> bytes:
        raise AssertionError


def one_after_the_other(meeting: Meeting, *asked: Asked) -> Result:
    answers: list[int | str] = []
    before = len(meeting.entries)
    for actor, command in asked:
        try:
            answers.append(meeting.do(actor, command))
        except Refused as refused:
            answers.append(refused.code)
    return answers, [entry.event for entry in meeting.entries[before:]], meeting.room


async def at_once(meeting: Meeting, processes: int, *asked: Asked) -> Result:
    """Both are decided before either is stored; then what was asked first comes to the log first."""
    times = [entry.at for entry in meeting.entries]
    logs = SlowMemory(clock=lambda: times[0])
    await logs.create(KEY, meeting.entries[0].event, meeting.now + FAR_MS)
    while len(times) > 1:
        times.pop(0)
        before = meeting.entries[-len(times)]
        draft = Draft((before.event,), str(before.offset))
        await logs.log(KEY).append([draft], decided_at=before.offset - 1, expires_at=meeting.now + FAR_MS)
    times[0] = meeting.now
    running = [await Process(logs).follow() for _ in range(processes)]
    answers = [Answer() for _ in asked]
    for process in running:
        process.log.requests.clear()
    for number, ((actor, command), answer) in enumerate(zip(asked, answers, strict=True)):
        running[number % processes].writer.submit(actor, command, answer)
    await fake_time_loop().settle()
    for process in running:
        process.log.requests.set()
        await fake_time_loop().settle()
    events = [entry.event for entry in logs.room(KEY).entries]
    assert all(process.room.offset == len(events) for process in running)
    assert all(answer.said is not None for answer in answers)
    return [answer.said for answer in answers if answer.said is not None], events[len(meeting.entries) :], running[0].room


async def alike(prepared: Callable[[], tuple[Meeting, Asked, Asked]], processes: int) -> None:
    meeting, *asked = prepared()
    answers, events, room = await at_once(meeting, processes, *asked)
    meeting, *asked = prepared()
    expected_answers, expected, expected_room = one_after_the_other(meeting, *asked)
    if any(isinstance(command, c.React) for _, command in asked):  # counts once, though it may be stored twice
        assert reactions(room) == reactions(expected_room)
        return
    assert (offsets(answers), events) == (offsets(expected_answers), expected)


def offsets(answers: list[int | str]) -> list[int | None]:
    """Where each stands. How it was refused may be told from what was known before."""
    return [answer if isinstance(answer, int) else None for answer in answers]


def reactions(room: Room) -> dict[int, dict[Reaction, set[str]]]:
    return {offset: message.reactions for offset, message in room.messages.items() if message.reactions}


GIVEN_BY = [(kind, role) for kind, roles in TABLE.items() for role in Role if role in roles]


@pytest.mark.parametrize("processes", [2, 1])
@pytest.mark.parametrize(("kind", "role"), GIVEN_BY, ids=[f"{kind.__name__}-{role}" for kind, role in GIVEN_BY])
@in_fake_time
async def test_a_command_given_twice_at_once(kind: type[c.Command], role: Role, processes: int) -> None:
    def prepared() -> tuple[Meeting, Asked, Asked]:
        situation = Situation(ACTORS[role])
        asked = ACTORS[role], situation.command(kind)
        return situation.meeting, asked, asked

    await alike(prepared, processes)


BY_TWO = [kind for kind, roles in TABLE.items() if {Role.MODERATOR, Role.HOST} <= roles]


@pytest.mark.parametrize("processes", [2, 1])
@pytest.mark.parametrize("kind", BY_TWO, ids=lambda kind: kind.__name__)
@in_fake_time
async def test_a_command_given_by_two_moderators_at_once(kind: type[c.Command], processes: int) -> None:
    def prepared() -> tuple[Meeting, Asked, Asked]:
        situation = Situation("Mo")
        command = situation.command(kind)
        return situation.meeting, ("Mo", command), ("Ada", command)

    await alike(prepared, processes)


# ---- two commands about the same -----------------------------------------------------------------------------------------

Pair = Callable[[Situation], tuple[Asked, Asked]]
PAIRS: dict[str, Pair] = {}


def pair(make: Pair) -> Pair:
    PAIRS[make.__name__] = make
    return make


@pair
def taken_back_and_taken_away(room: Situation) -> tuple[Asked, Asked]:
    return ("Bea", c.Retract(message=room.mine)), ("Mo", c.Redact(message=room.mine))


@pair
def taken_away_and_taken_back(room: Situation) -> tuple[Asked, Asked]:
    return ("Mo", c.Redact(message=room.mine)), ("Bea", c.Retract(message=room.mine))


@pair
def taken_away_and_reported(room: Situation) -> tuple[Asked, Asked]:
    return ("Mo", c.Redact(message=room.message)), ("Bea", c.Report(message=room.message, reason=ReportReason.SPAM))


@pair
def taken_away_and_liked(room: Situation) -> tuple[Asked, Asked]:
    return ("Mo", c.Redact(message=room.message)), ("Bea", c.React(message=room.message, reaction=Reaction.HUG))


@pair
def taken_away_and_marked(room: Situation) -> tuple[Asked, Asked]:
    return ("Mo", c.Redact(message=room.message)), ("Ada", s.NoteContent(message=room.message, topic=Topic.DEATH))


@pair
def said_and_removed_with_all_that_was_said(room: Situation) -> tuple[Asked, Asked]:
    said = c.Post(origin_id="origin-1", text="you are all worthless")
    return ("Cal", said), ("Mo", c.Remove(participant="Cal", reason="insults", erase=True))


@pair
def said_and_all_taken_away(room: Situation) -> tuple[Asked, Asked]:
    said = c.Post(origin_id="origin-1", text="you are all worthless")
    return ("Cal", said), ("Mo", s.RedactAll(participant="Cal"))


@pair
def reported_and_removed(room: Situation) -> tuple[Asked, Asked]:
    room.meeting.do("Ada", c.ResolveReport(report=room.report, outcome=Outcome.ACTED))
    report = c.Report(message=room.message, reason=ReportReason.UNKIND)
    return ("Bea", report), ("Mo", c.Remove(participant="Cal", reason="insults"))


@pair
def held_and_removed(room: Situation) -> tuple[Asked, Asked]:
    said = c.Post(origin_id="origin-1", text="call me")
    return ("Cal", c.Reviewed(command=said, hold="contact")), ("Mo", c.Remove(participant="Cal", reason="insults"))


@pair
def the_last_two_words_that_can_wait(room: Situation) -> tuple[Asked, Asked]:
    for _ in range(HELD_PER_PERSON - 1):
        hold(room.meeting, "Cal")
    one, other = (c.Reviewed(command=c.Post(origin_id=f"origin-{i}", text="call me"), hold="contact") for i in (1, 2))
    return ("Cal", one), ("Cal", other)


@pair
def the_last_two_reports(room: Situation) -> tuple[Asked, Asked]:
    messages = [room.meeting.say("Cal", f"words {i}") for i in range(OPEN_REPORTS_PER_PERSON + 1)]
    reports = [c.Report(message=message, reason=ReportReason.SPAM) for message in messages]
    for report in reports[:-2]:
        room.meeting.do("Bea", report)
    return ("Bea", reports[-2]), ("Bea", reports[-1])


@pair
def the_last_two_notes(room: Situation) -> tuple[Asked, Asked]:
    for i in range(NOTES_PER_PERSON - 1):
        room.meeting.do("Mo", s.WriteNote(participant="Cal", text=f"note {i}"))
    return ("Mo", s.WriteNote(participant="Cal", text="one")), ("Ada", s.WriteNote(participant="Cal", text="other"))


@pair
def one_reaction_from_two_seats_of_a_device(room: Situation) -> tuple[Asked, Asked]:
    for name in ("Fay", "Gil"):
        room.meeting.come_in(name, device="one phone")
    message = room.meeting.say("Ada", "welcome")
    hug = c.React(message=message, reaction=Reaction.HUG)
    return ("Fay", hug), ("Gil", hug)


@pytest.mark.parametrize("processes", [2, 1])
@pytest.mark.parametrize("name", PAIRS)
@in_fake_time
async def test_two_at_once(name: str, processes: int) -> None:
    def prepared() -> tuple[Meeting, Asked, Asked]:
        situation = Situation("Bea")
        return situation.meeting, *PAIRS[name](situation)

    await alike(prepared, processes)


# ---- what is said by many at once stays cheap ----------------------------------------------------------------------------


def test_a_decision_stands_after_words_and_reactions_and_after_nothing_else() -> None:
    """`test_ordinary_entries_do_not_conflict` holds every log to it. Who adds to this list adds pairs above as well."""
    assert {MessagePosted, Reacted, LineSaid, TeamSaid, DirectSaid} == ORDINARY
    for kind in (c.Post, s.SayToTeam):
        situation = Situation("Mo")
        assert not decide(situation.meeting.room, "Mo", situation.command(kind), situation.meeting.now).exact
