"""The vectors about check-ins, polls and private lines: `make_vectors.py` makes them."""

from typing import TYPE_CHECKING

from chatroom.core import commands as c
from chatroom.core import support_commands as s
from chatroom.core.support_events import Feeling, PollKind

if TYPE_CHECKING:
    from make_vectors import Story

FEELINGS = (Feeling.SAD, Feeling.CALM, Feeling.SAD, Feeling.PROUD, Feeling.ANXIOUS)


def _company(story: "Story") -> list[str]:
    """Ada, Mo, Bea and three more."""
    names = {"cal": "Quiet Harbour", "dee": "Kind River", "eve": "Bright Maple"}
    for name, nickname in names.items():
        story.come_in(name, nickname=nickname)
    return ["ada", "mo", "cal", "dee", "eve"]


def _answer(story: "Story", names: list[str]) -> None:
    for name, feeling in zip(names, FEELINGS, strict=False):
        story.do(name, s.CheckIn(feeling=feeling, urge=2 * FEELINGS.index(feeling)))


def check_ins(story: "Story") -> None:
    """Six answers make a picture, four do not; one's own are there at once, and a pass may become an answer."""
    others = _company(story)
    story.watch("bea")
    story.do("ada", s.StartCheckIn())
    _answer(story, others)
    story.do("bea", s.PassCheckIn())
    story.do("bea", s.CheckIn(feeling=Feeling.HOPEFUL, urge=10))
    story.do("ada", s.CloseCheckIn())
    story.do("ada", s.StartCheckIn())
    story.do("bea", s.PassCheckIn())
    _answer(story, others[:4])
    story.do("ada", s.CloseCheckIn())


def a_check_in_under_way(story: "Story") -> None:
    """Who comes late sees the check-in that is open, not the one that is over."""
    others = _company(story)
    for _ in range(2):
        story.do("ada", s.StartCheckIn())
        _answer(story, others)
        if len(story.room.rounds) == 1:
            story.do("ada", s.CloseCheckIn())
    story.come_in("fay", nickname="Still Water")
    story.watch("fay")
    story.do("bea", s.CheckIn(feeling=Feeling.NUMB, urge=0))
    story.do("fay", s.CheckIn(feeling=Feeling.TIRED, urge=3))
    story.do("ada", s.CloseCheckIn())


def _ask(story: "Story", kind: PollKind, *, live: bool) -> int:
    options = ("Gratitude", "Step one", "<b>open</b>")
    return story.do("ada", s.OpenPoll(question="What shall we talk about?", options=options, kind=kind, live=live))


def polls(story: "Story") -> None:
    """A live poll shows its counts at each vote, the others at the close; one's own vote is known to oneself."""
    others = _company(story)
    story.watch("bea")
    votes = {PollKind.SINGLE: ((2,), (0,)), PollKind.SEVERAL: ((0, 2), (1,)), PollKind.RANKED: ((1, 0), (2, 1, 0))}
    for kind, (mine, theirs) in votes.items():
        poll = _ask(story, kind, live=kind is not PollKind.SINGLE)
        story.do("bea", s.Vote(poll=poll, choices=mine))
        for name in others[:2]:
            story.do(name, s.Vote(poll=poll, choices=theirs))
        story.do("ada", s.ClosePoll(poll=poll))


def a_poll_under_way(story: "Story") -> None:
    """Who comes late sees the poll that is open, not the one that is over."""
    for live in (True, False):
        poll = _ask(story, PollKind.SINGLE, live=live)
        story.do("bea", s.Vote(poll=poll, choices=(1,)))
        if live:
            story.do("ada", s.ClosePoll(poll=poll))
    story.come_in("fay", nickname="Still Water")
    story.watch("fay")
    story.do("mo", s.Vote(poll=poll, choices=(1,)))
    story.do("ada", s.ClosePoll(poll=poll))


def _talk(story: "Story") -> None:
    def say(name: str, text: str, line: str = "") -> None:
        story.do(name, s.SayPrivately(origin_id=f"private-{len(story.entries):03}", text=text, line=line))

    story.do("bea", s.AskSupport())
    say("bea", "it is a hard <b>day</b>")
    story.do("mo", s.ClaimLine(line="bea"))
    say("mo", "I am here", "bea")
    story.do("mo", s.CloseLine(line="bea"))
    story.do("bea", s.AskSupport())
    say("bea", "me again")
    say("ada", "good that you say so", "bea")
    story.do("ada", s.ClaimLine(line="bea"))


def my_private_line(story: "Story") -> None:
    """Asked, claimed, answered, closed, asked again: as its owner sees it."""
    story.watch("bea")
    _talk(story)


def private_lines_at_the_desk(story: "Story") -> None:
    """The same as a host sees it, who asks for support as well."""
    story.watch("ada")
    _talk(story)
    story.do("ada", s.AskSupport())
    story.do("mo", s.SayPrivately(origin_id="private-to-ada", text="of course", line="ada"))
    story.do("mo", s.ClaimLine(line="ada"))


def private_lines_of_others(story: "Story") -> None:
    """Nobody else sees anything of a private line."""
    story.come_in("cal", nickname="Quiet Harbour")
    story.watch("cal")
    _talk(story)
    story.do("mo", s.CloseLine(line="bea"))


def made_a_moderator_beside_a_private_line(story: "Story") -> None:
    """The private lines come with the role and go with it."""
    story.come_in("cal", nickname="Quiet Harbour")
    _talk(story)
    story.watch("cal")
    story.do("ada", c.ChangeRole(participant="cal", role="moderator"))
    story.do("cal", s.SayPrivately(origin_id="private-by-cal", text="we are here", line="bea"))
    story.do("ada", c.ChangeRole(participant="cal", role="participant"))
    story.do("mo", s.CloseLine(line="bea"))


SUPPORT_PROGRAMS = (
    check_ins,
    a_check_in_under_way,
    polls,
    a_poll_under_way,
    my_private_line,
    private_lines_at_the_desk,
    private_lines_of_others,
    made_a_moderator_beside_a_private_line,
)
