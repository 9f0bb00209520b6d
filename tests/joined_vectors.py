"""The vectors about two histories that were joined, and what is put right then: `make_vectors.py` makes them."""

from typing import TYPE_CHECKING

from floor_vectors import SCRIPT
from meeting import START_MS

from chatroom.core import commands as c
from chatroom.core import direct_commands as dc
from chatroom.core import floor_commands as fc
from chatroom.core import floor_events as fe
from chatroom.core import safety_commands as sc
from chatroom.core import support_commands as s
from chatroom.core.door_events import Unattended
from chatroom.core.events import Extended, Joined, Reaction, Role, SessionOpened
from chatroom.core.identity import token_hash
from chatroom.core.safety_events import BreakTaken
from chatroom.core.support_events import CheckInStarted, PollKind, PollOpened

if TYPE_CHECKING:
    from make_vectors import Story


def _comes_elsewhere(story: "Story", name: str, nickname: str, role: Role = Role.PARTICIPANT) -> None:
    """Someone came in on a process that did not know who is here."""
    joined = Joined(name, nickname, role, token_hash(f"seat of {name}"), name.encode())
    story.happens(joined, SessionOpened(name, f"session of {name}", "there"))


def _names(story: "Story", watcher: str) -> None:
    story.come_in("cal", nickname="Quiet Harbour")
    said = story.post("mo", "hello")
    story.watch(watcher)
    _comes_elsewhere(story, "dee", "Morning Fern")
    _comes_elsewhere(story, "max", "Mo", Role.MODERATOR)
    story.post("dee", "it is me")
    story.do("ada", c.Redact(message=story.post("dee", "no")))
    story.do("ada", c.Mute(participant="dee", minutes=5, reason="unkind"))
    story.do("max", c.Mute(participant="cal", minutes=5, reason="unkind"))
    story.react("cal", said, Reaction.HEART)
    story.do("dee", s.AskSupport())
    story.do("max", s.ClaimLine(line="dee"))
    story.do("bea", s.AskSupport())
    story.do("max", s.ClaimLine(line="bea"))
    story.do("ada", dc.SetDirect(on=True))
    story.do("bea", dc.AskDirect(participant="dee"))
    story.do("cal", sc.Worry(participant="dee"))
    held = c.Post(origin_id="origin-of-held", text="call me")
    story.do("ada", c.Unmute(participant="dee"))
    story.do("dee", c.Reviewed(command=held, hold="contact"))
    story.do("ada", fc.ChangeScript(script=SCRIPT, phase=1))
    story.do("dee", fc.RaiseHand())
    story.do("max", fc.RaiseHand())
    story.do("", c.Tick())


def two_of_one_name(story: "Story") -> None:
    """The later one is called otherwise; what was said keeps its name."""
    _names(story, "bea")


def two_of_one_name_at_the_desk(story: "Story") -> None:
    """Reports, lines and actions as well."""
    _names(story, "ada")


def another_name_of_mine(story: "Story") -> None:
    """Someone else had the name before."""
    _comes_elsewhere(story, "cal", "Morning Fern")
    story.watch("cal")
    story.do("", c.Tick())


def _rest(story: "Story", watcher: str) -> None:
    story.do("ada", fc.ChangeScript(script=SCRIPT, phase=1))
    for name, nickname in (("cal", "Quiet Harbour"), ("dee", "Kind River"), ("eve", "Bright Maple")):
        story.come_in(name, nickname=nickname)
    poll = s.OpenPoll(question="Tea?", options=("yes", "no"), kind=PollKind.SINGLE)
    story.do("ada", poll)
    story.do("ada", s.StartCheckIn())
    story.do("eve", c.Leave())
    story.do("ada", fc.Invite(participant="bea"))
    story.watch(watcher)
    story.happens(
        PollOpened("ada", "Biscuits?", ("yes", "no"), PollKind.SINGLE, False),
        CheckInStarted("ada"),
        fe.Invited("cal"),
        fe.HandRaised("eve", 0),
        fe.HandRaised("cal", 1),
        fe.HandRaised("cal", 2),
        fe.FloorGiven("eve", 0),
        fe.SharerAsked("bea"),
        fe.Typing("bea", True),
        fe.ChairTaken("mo"),
        fe.HelperNamed("bea", fe.Helper.COHOST, "ada"),
        Extended(START_MS + 60_000, "ada"),
        BreakTaken("bea"),
        Unattended(),
    )
    story.do("", c.Tick())


def what_two_histories_leave(story: "Story") -> None:
    """Two polls, two check-ins, an invitation too many, and the floor and hands of someone who left."""
    _rest(story, "bea")


def what_two_histories_leave_at_the_desk(story: "Story") -> None:
    """The same for a moderator."""
    _rest(story, "mo")


JOINED_PROGRAMS = (
    two_of_one_name,
    two_of_one_name_at_the_desk,
    another_name_of_mine,
    what_two_histories_leave,
    what_two_histories_leave_at_the_desk,
)
