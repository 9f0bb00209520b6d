"""Shares and meetings whose time is nearly over, by a clock that the test moves."""

from collections.abc import Iterator

from floor_vectors import CLOSING, SHARES
from meeting import Meeting

from chatroom.core import commands as c
from chatroom.core import floor_commands as fc
from chatroom.core import floor_events as fe
from chatroom.core.events import Role
from chatroom.core.limits import SHARE_MINUTES

SECOND_MS = 1_000
WORDS, EMPTY = fc.SayTyping(holds_words=True), fc.SayTyping(holds_words=False)


def bea_shares(minutes: int = 1, *others: str) -> Meeting:
    """Bea has just been given the floor."""
    meeting = Meeting()
    meeting.come_in("Ada", Role.HOST)
    meeting.do("Ada", fc.ChangeScript(script=(SHARES, CLOSING), phase=0))
    if minutes != SHARE_MINUTES:
        meeting.do("Ada", fc.SetFloor(share_minutes=minutes, first_shares_first=True, call_each=False, protect_minutes=0))
    for name in ("Bea", "Cal", *others):
        meeting.come_in(name)
    meeting.do("Bea", fc.RaiseHand())
    return meeting


def wait(meeting: Meeting, seconds: int) -> None:
    """The clock ticks each second, as it does in every process."""
    for _ in range(seconds):
        meeting.now += SECOND_MS
        meeting.do("", c.Tick())


def endings(meeting: Meeting) -> Iterator[fe.Ending]:
    return (entry.event.ending for entry in meeting.entries if isinstance(entry.event, fe.FloorReleased))


def silent_bea(*others: str) -> Meeting:
    """Bea's share has ended with words in the field."""
    meeting = bea_shares(1, *others)
    meeting.say("Bea", "My mother died in May")
    wait(meeting, 2)
    meeting.do("Bea", WORDS)
    for name in others:
        meeting.do(name, fc.RaiseHand())
    wait(meeting, 59 + 30 + 120)
    assert list(endings(meeting)) == [fe.Ending.TIME]
    assert meeting.view("Bea")["me"]["unfinished"]
    return meeting


def near_the_end(seconds: int) -> Meeting:
    """An open room, so many seconds before it is over."""
    meeting = Meeting()
    meeting.come_in("Ada", Role.HOST)
    meeting.come_in("Bea")
    meeting.now = meeting.room.ends_at - seconds * SECOND_MS
    return meeting
