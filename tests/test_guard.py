"""The guard: what looks like a raid and what does not, how it goes up and comes down."""

from itertools import count

import msgspec
import pytest
from door_situation import guarded
from meeting import MINUTE_MS, START_MS, Meeting, enter, opened

from chatroom.core import commands as c
from chatroom.core import door_commands as d
from chatroom.core.door_events import Guard, GuardRaised, Signal
from chatroom.core.door_frames import Work
from chatroom.core.events import MessagePosted, Role
from chatroom.core.limits import GUARD_QUIET_SECONDS, GUARD_TEXTS, WORK_BITS
from chatroom.core.refusals import Refused
from chatroom.core.safety_commands import TakeBreak
from chatroom.live.history import fold
from chatroom.live.opening import OpenRoom
from chatroom.live.proof_of_work import Puzzle, is_proof

NAMES = [f"Fern {first}{second}" for first in "abcdefgh" for second in "kmnpqrst"]
SPAM = "Free pills and money at my place!"


def meeting(capacity: int = 100) -> Meeting:
    meeting = Meeting(opened(capacity=capacity))
    meeting.come_in("Ada", Role.HOST)
    return meeting


def raised(meeting: Meeting) -> tuple[Guard | None, Signal, int]:
    watch = meeting.room.guard
    return watch.guard, watch.signal, watch.count


def come(meeting: Meeting, names: list[str]) -> None:
    for name in names:
        meeting.come_in(name)


def test_nothing_is_kept_of_words_that_are_gone() -> None:
    """So a process that comes later, and finds the log without them, looks at the same."""
    room = meeting()
    come(room, ["Bea", "Cal"])
    said = [room.do(name, c.Post(text=SPAM, origin_id=f"said by {name}")) for name in ("Bea", "Cal")]
    for name, message in zip(("Bea", "Cal"), said, strict=True):
        room.do(name, c.Retract(message=message))
        assert room.room.guard == fold(b"", room.entries).guard
    assert not room.room.guard.words


# ---- many at once --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("capacity", "most"), [(40, 20), (80, 20), (100, 25), (200, 50)])
def test_so_many_may_come_at_once(capacity: int, most: int) -> None:
    room = meeting(capacity)
    for name in NAMES[:most]:
        room.come_in(name)
        assert raised(room)[0] is None
    room.come_in("one more")
    assert raised(room) == (Guard.WORK, Signal.JOINS, most + 1)
    assert isinstance(room.entries[-1].event, GuardRaised), "in the same draft"


def test_who_comes_slowly_is_no_raid() -> None:
    room = meeting()
    for name in NAMES[:60]:
        room.now += 1_200
        room.come_in(name)
    assert raised(room)[0] is None


def test_who_moderates_or_is_known_or_was_let_in_does_not_count() -> None:
    room = meeting()
    for number, name in enumerate(NAMES[:30]):
        room.come_in(name, device=f"phone {number}")
        room.now += 2_000
    for name in NAMES[:30]:
        room.do(name, c.Leave())
    for number, name in enumerate(NAMES[30:60]):
        room.come_in(name, device=f"phone {number}")
    assert raised(room)[0] is None


def test_only_who_worked_comes_in_while_the_guard_is_up() -> None:
    room = meeting()
    guarded(room)
    with pytest.raises(Refused, match="work_needed"):
        room.do("", enter("Bea"))
    raid(room, ["Bea"])
    assert room.room.people["Bea"].here


# ---- the same words ------------------------------------------------------------------------------------------------------


def say(meeting: Meeting, name: str, text: str = SPAM) -> None:
    meeting.say(name, text)


def test_three_people_with_the_same_words_raise_the_guard() -> None:
    room = meeting()
    come(room, ["Bea", "Cal", "Dee"])
    for name, text in (("Bea", SPAM), ("Cal", SPAM.upper()), ("Bea", SPAM), ("Cal", f"...{SPAM}")):
        say(room, name, text)
    assert raised(room)[0] is None
    say(room, "Dee", SPAM.replace(" ", "  "))
    assert raised(room) == (Guard.KNOCK, Signal.SAME_WORDS, 3)


@pytest.mark.parametrize("text", ["Welcome, Bea!", "thank you for that"])
def test_short_greetings_are_no_raid(text: str) -> None:
    room = meeting()
    come(room, NAMES[:6])
    for name in NAMES[:6]:
        say(room, name, text)
    assert raised(room)[0] is None


def test_the_same_words_over_a_longer_time_are_no_raid() -> None:
    room = meeting()
    come(room, ["Bea", "Cal", "Dee"])
    for name in ("Bea", "Cal", "Dee"):
        say(room, name)
        room.now += 31_000
    assert raised(room)[0] is None


def test_of_what_is_watched_only_so_much_is_kept_and_no_words() -> None:
    room = meeting()
    room.come_in("Bea")
    for number in range(GUARD_TEXTS + 10):
        say(room, "Bea", f"{SPAM} {number}")
    assert len(room.room.guard.words) == GUARD_TEXTS
    assert all(len(digest) == 8 for digest in room.room.guard.words)


def test_without_a_moderator_on_duty_nobody_is_asked_to_knock() -> None:
    room = meeting()
    room.come_in("Mo", Role.MODERATOR)
    come(room, ["Bea", "Cal", "Dee"])
    room.do("Mo", TakeBreak())
    room.do("Ada", c.Leave())
    for name in ("Bea", "Cal", "Dee"):
        say(room, name)
    assert raised(room)[:2] == (Guard.WORK, Signal.SAME_WORDS)


def test_what_was_said_in_one_moment_is_noticed_by_the_clock() -> None:
    """Decided without each other, as in two processes: none of the drafts raised the guard."""
    room = meeting()
    come(room, ["Bea", "Cal", "Dee"])
    say(room, "Bea")
    say(room, "Cal")
    room.happens(MessagePosted("Dee", SPAM, "origin-1"))
    assert raised(room)[0] is None
    room.do("", c.Tick())
    assert raised(room) == (Guard.KNOCK, Signal.SAME_WORDS, 3)


# ---- many new names ------------------------------------------------------------------------------------------------------


def raid(room: Meeting, names: list[str]) -> None:
    """They come at once, each with a proof of work."""
    for name in names:
        room.do("", msgspec.structs.replace(enter(name), worked=True))


def all_say_hello(room: Meeting, names: list[str]) -> None:
    for name in names:
        for _ in range(2):
            say(room, name, f"hello from {name}")


@pytest.mark.parametrize("people", [20, 30, 40])
def test_a_meeting_whose_people_come_and_say_hello_in_its_first_minute_is_no_raid(people: int) -> None:
    room = meeting(OpenRoom(title="Tuesday newcomers").capacity)
    for name in NAMES[:people]:
        room.come_in(name)
        room.now += MINUTE_MS // people - 1
        say(room, name, f"hello from {name}")
    room.do("", c.Tick())
    assert raised(room)[0] is None


@pytest.mark.parametrize(("capacity", "most"), [(30, 20), (40, 20), (60, 30), (100, 50)])
def test_so_many_may_write_as_soon_as_they_come(capacity: int, most: int) -> None:
    room = meeting(capacity)
    raid(room, NAMES[: most + 1])
    all_say_hello(room, NAMES[:most])
    room.do("", c.Tick())
    assert raised(room)[1] is Signal.JOINS
    say(room, NAMES[most], "me too")
    assert raised(room) == (Guard.KNOCK, Signal.NEW_NAMES, most + 1)


def test_new_people_who_wrote_in_one_moment_are_noticed_by_the_clock() -> None:
    """Decided without each other, as in two processes: none of the drafts raised the guard."""
    room = meeting(40)
    raid(room, NAMES[:21])
    all_say_hello(room, NAMES[:20])
    room.happens(MessagePosted(NAMES[20], "me too", "origin-1"))
    assert raised(room)[1] is Signal.JOINS, "they still come, too"
    room.do("", c.Tick())
    assert raised(room) == (Guard.KNOCK, Signal.NEW_NAMES, 21)


def test_more_new_people_who_write_keep_the_guard_up() -> None:
    room = meeting(40)
    raid(room, NAMES[:22])
    all_say_hello(room, NAMES[:21])
    assert raised(room)[0] is Guard.KNOCK
    room.now += 50_000
    say(room, NAMES[21], "me too")
    assert room.room.guard.signal_at == START_MS + 50_000
    room.now += 20_000
    say(room, NAMES[20], "still here")
    assert room.room.guard.signal_at == START_MS + 50_000


def test_of_those_who_write_at_once_only_so_many_are_kept() -> None:
    room = meeting(40)
    raid(room, NAMES[:30])
    all_say_hello(room, NAMES[:30])
    assert list(room.room.guard.writers) == NAMES[9:30]


def test_who_has_been_here_for_a_minute_may_write_at_once() -> None:
    room = meeting()
    come(room, NAMES[:20])
    room.now += MINUTE_MS
    for number, name in enumerate(NAMES[:20]):
        say(room, name, f"hello {number}")
    assert raised(room)[0] is None


# ---- up and down ---------------------------------------------------------------------------------------------------------


def test_a_guard_only_becomes_stronger() -> None:
    room = meeting()
    come(room, NAMES[:26])
    assert raised(room)[0] is Guard.WORK
    for name in NAMES[:3]:
        say(room, name)
    assert raised(room)[0] is Guard.KNOCK
    assert not [entry for entry in room.entries[-1:] if getattr(entry.event, "guard", "") is Guard.WORK]


def test_it_comes_down_when_it_was_quiet_and_a_new_signal_keeps_it_up() -> None:
    room = meeting()
    come(room, ["Bea", "Cal", "Dee"])
    for name in ("Bea", "Cal", "Dee"):
        say(room, name)
    room.now += (GUARD_QUIET_SECONDS - 1) * 1000
    for name in ("Bea", "Cal", "Dee"):
        say(room, name, "and " + SPAM)
    room.now += (GUARD_QUIET_SECONDS - 1) * 1000
    room.do("", c.Tick())
    assert raised(room)[0] is Guard.KNOCK
    room.now += 1_000
    room.do("", c.Tick())
    assert raised(room)[0] is None


def test_a_guard_that_was_lowered_needs_a_new_signal() -> None:
    room = meeting()
    come(room, NAMES[:26])
    room.do("Ada", d.LowerGuard())
    come(room, NAMES[26:46])
    room.do("", c.Tick())
    assert raised(room)[0] is None
    come(room, NAMES[46:52])
    assert raised(room)[0] is Guard.WORK


# ---- the puzzle ----------------------------------------------------------------------------------------------------------


def test_a_proof_begins_with_zero_bits() -> None:
    work = Work("salt", 8)
    proofs = [str(nonce) for nonce in range(2_000) if is_proof(work, str(nonce))]
    assert 1 <= len(proofs) <= 30
    assert not is_proof(Work("other", 8), proofs[0])
    assert is_proof(Work("salt", 0), "\ud800")


def test_a_puzzle_stands_until_a_seat_was_taken_for_it() -> None:
    numbers = iter(range(256))
    puzzle = Puzzle(lambda count: bytes([next(numbers)]) * count)
    work = puzzle.ask()
    assert work
    assert (puzzle.ask(), work.bits) == (work, WORK_BITS)
    assert not puzzle.answer("wrong")
    assert puzzle.ask() == work
    nonce = next(nonce for nonce in map(str, count()) if is_proof(work, nonce))
    assert puzzle.answer(nonce)
    assert (puzzle.ask(), puzzle.answer("")) == (None, True)
    puzzle.spend()
    again = puzzle.ask()
    assert again
    assert again.salt != work.salt
    assert not puzzle.answer("")
