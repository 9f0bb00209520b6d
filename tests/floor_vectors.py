"""The vectors about the course and the floor: `make_vectors.py` makes them."""

from typing import TYPE_CHECKING

from meeting import MINUTE_MS

from chatroom.core import commands as c
from chatroom.core import floor_commands as fc
from chatroom.core.events import Role
from chatroom.core.floor_events import HandReason, Helper
from chatroom.core.script import Crosstalk, Mode, Phase, PhaseKind

if TYPE_CHECKING:
    from make_vectors import Story

WELCOME = Phase("Welcome", text="Good evening. <b>Please</b> listen.", mode=Mode.HOST, minutes=5, cue="Slowly.")
SHARES = Phase("Shares", mode=Mode.FLOOR, crosstalk=Crosstalk.THANKS, minutes=30)
CLOSING = Phase("One word", mode=Mode.OPEN, crosstalk=Crosstalk.OPEN, minutes=5, kind=PhaseKind.CLOSING)
SCRIPT = (WELCOME, SHARES, CLOSING)


def _people(story: "Story") -> None:
    story.come_in("cal", nickname="Quiet Harbour")
    story.come_in("dee", nickname="Kind River")


def _shares(story: "Story") -> None:
    """Cal and Dee are there, and people share one after the other."""
    _people(story)
    story.do("ada", fc.ChangeScript(script=SCRIPT, phase=1))


def _course(story: "Story", watcher: str) -> None:
    _people(story)
    story.watch(watcher)
    story.do("ada", fc.ChangeScript(script=SCRIPT, phase=-1))
    story.do("ada", fc.NextPhase(from_=-1))
    story.do("ada", fc.SetTopic(topic="Letting go"))
    story.do("ada", fc.RunOnClock(on=True))
    story.do("ada", fc.GoToPhase(phase=2))
    story.do("ada", fc.ChangeScript(script=(WELCOME, CLOSING), phase=1))
    story.do("ada", fc.AllowChips(on=True))
    story.do("ada", fc.GoToPhase(phase=0))
    story.do("ada", fc.NameHelper(participant="cal", helper=Helper.READER))
    story.do("cal", fc.ReadText())
    story.do("ada", fc.GoToPhase(phase=0))
    story.do("ada", fc.ChangeScript(script=(WELCOME, SHARES), phase=0))
    story.do("cal", fc.ReadText())
    story.do("ada", fc.GoToPhase(phase=0))
    story.do("ada", fc.NameHelper(participant="cal", helper=Helper.NONE))


def course(story: "Story") -> None:
    """A script is set, followed and changed; the topic, the clock and a reader."""
    _course(story, "bea")


def course_at_the_desk(story: "Story") -> None:
    """The same as a moderator sees it: the whole script, and who named a helper."""
    _course(story, "mo")


def a_cohost(story: "Story") -> None:
    """Who is named co-host moderates as well, and is neither when the role is taken away."""
    _shares(story)
    story.watch("bea")
    story.do("ada", fc.NameHelper(participant="bea", helper=Helper.COHOST))
    story.do("bea", fc.GoToPhase(phase=0))
    story.do("ada", c.ChangeRole(participant="bea", role="participant"))
    story.do("ada", fc.NextPhase(from_=0))


def cohost_of_others(story: "Story") -> None:
    """The same as another participant sees it, with a co-host who leaves at last."""
    story.watch("bea")
    _people(story)
    for name in ("cal", "mo"):
        story.do("ada", fc.NameHelper(participant=name, helper=Helper.COHOST))
    story.do("ada", c.ChangeRole(participant="cal", role="participant"))
    story.do("mo", c.Leave())


def _chair(story: "Story", watcher: str) -> None:
    story.come_in("max", Role.MODERATOR, nickname="Max")
    story.watch(watcher)
    story.drop("ada")
    story.now += MINUTE_MS
    story.do("mo", fc.TakeChair())
    story.come_back("ada")
    story.do("ada", c.Leave())
    story.now += 2 * MINUTE_MS
    story.do("mo", fc.TakeChair())
    story.do("mo", c.Leave())
    story.do("max", fc.TakeChair())
    story.come_in("abe", Role.HOST, nickname="Abe")


def chair(story: "Story") -> None:
    """A moderator takes the chair; it goes back when a host is here, and is free when who has it leaves."""
    _chair(story, "bea")


def chair_at_the_desk(story: "Story") -> None:
    """The same as a moderator sees it."""
    _chair(story, "max")


def my_share(story: "Story") -> None:
    """One's own turn: the hand, the clock, several messages, still typing, done; passing; the next ones."""
    _shares(story)
    story.watch("bea")
    story.do("cal", fc.RaiseHand())
    story.do("bea", fc.RaiseHand(reason=HandReason.OWN, words="thirty days"))
    story.do("dee", fc.RaiseHand())
    story.do("bea", fc.Later())
    story.post("cal", "I am Cal")
    story.do("cal", fc.FinishShare())
    story.do("dee", fc.PassFloor())
    story.post("bea", "I am Bea")
    story.do("bea", fc.SayTyping())
    story.now += MINUTE_MS
    story.do("bea", fc.SayTyping(holds_words=False))
    story.now += MINUTE_MS
    story.do("bea", fc.SayTyping())
    story.post("bea", "and I am here")
    story.do("bea", fc.FinishShare())
    story.do("bea", fc.RaiseHand())
    story.do("bea", fc.PassFloor())
    story.do("cal", fc.RaiseHand())
    story.do("cal", fc.PassFloor())


def _queue(story: "Story", watcher: str) -> None:
    _shares(story)
    story.do("bea", fc.RaiseHand())
    story.do("cal", fc.RaiseHand(reason=HandReason.FIRST_TIME))
    story.watch(watcher)
    story.do("dee", fc.RaiseHand(reason=HandReason.OWN, words="a hard day"))
    story.do("ada", fc.MoveHand(participant="dee", place=0))
    story.do("ada", fc.SkipShare(share=story.room.floor.share))
    story.do("ada", fc.SetFloor(share_minutes=0, first_shares_first=False, call_each=True, protect_minutes=10))
    story.do("bea", fc.RaiseHand())
    story.do("ada", fc.LastWord(participant="cal"))
    story.do("ada", fc.OpenQueue())
    story.do("dee", fc.FinishShare())
    story.do("ada", fc.Invite(participant="cal"))
    story.do("ada", fc.CloseQueue())
    story.do("ada", fc.NextPhase(from_=1))
    story.do("bea", fc.LowerHand())


def queue(story: "Story") -> None:
    """Hands are moved, the queue closed and opened, each is called on; the phase ends a share."""
    _queue(story, "bea")


def queue_at_the_desk(story: "Story") -> None:
    """The same as a moderator sees it: why the hands are up."""
    _queue(story, "mo")


def _invitations(story: "Story", watcher: str) -> None:
    _shares(story)
    story.watch(watcher)
    for answer in (fc.PassFloor(), fc.AcceptFloor()):
        story.do("ada", fc.Invite(participant="bea"))
        story.do("bea", answer)
    story.do("ada", fc.Invite(participant="cal"))
    story.do("cal", fc.AcceptFloor())
    story.do("ada", fc.Invite(participant="dee"))
    story.do("bea", fc.FinishShare())
    story.do("ada", fc.Invite(participant="bea"))
    story.do("bea", fc.RaiseHand())
    story.do("ada", fc.Invite(participant="mo"))
    story.do("mo", c.Leave(quiet=True))


def my_invitation(story: "Story") -> None:
    """One is called on, passes, is called on again, and speaks."""
    _invitations(story, "bea")


def invitations_of_others(story: "Story") -> None:
    """Nobody else sees an invitation."""
    _invitations(story, "dee")


def invitations_at_the_desk(story: "Story") -> None:
    """Moderators see who was called on, and that it is over."""
    _invitations(story, "mo")


def a_lost_sharer(story: "Story") -> None:
    """The clock stands still while the sharer is away; who is away for long, or leaves, gives up the floor."""
    _shares(story)
    story.watch("bea")
    for name in ("cal", "dee", "bea"):
        story.do(name, fc.RaiseHand())
    story.post("cal", "I am")
    story.now += 20_000
    story.drop("cal")
    story.come_back("cal")
    story.drop("cal")
    story.now += MINUTE_MS
    story.do("", c.Tick())
    story.do("mo", c.Remove(participant="dee", reason="threats"))
    story.do("", c.Tick())
    story.do("cal", c.OpenSession(session="again", process="here"))
    story.do("cal", fc.RaiseHand())
    story.do("cal", c.Leave())


def _over_time(story: "Story", watcher: str) -> None:
    """Bea is asked, keeps the floor, is asked again after the connection was lost, and is silent with words in the field."""
    _shares(story)
    story.watch(watcher)
    story.do("bea", fc.RaiseHand())
    story.do("cal", fc.RaiseHand())
    story.now += 5 * MINUTE_MS
    story.do("", c.Tick())
    story.do("bea", fc.KeepFloor())
    story.now += 2 * MINUTE_MS
    story.do("", c.Tick())
    story.drop("bea")
    story.come_back("bea")
    story.do("bea", fc.SayTyping())
    for _ in range(2):
        story.now += 2 * MINUTE_MS
        story.do("", c.Tick())
    story.do("ada", fc.CloseQueue())
    story.do("bea", fc.RaiseHand())
    story.do("cal", fc.FinishShare())
    story.now += 5 * MINUTE_MS
    story.do("", c.Tick())
    story.do("bea", fc.SayTyping())
    story.now += MINUTE_MS
    story.do("", c.Tick())
    story.now += 2 * MINUTE_MS
    story.do("", c.Tick())
    story.post("bea", "what I began")


def over_time(story: "Story") -> None:
    """One's time is over: one is asked, keeps the floor, loses it with words in the field, and ends what one began."""
    _over_time(story, "bea")


def over_time_of_others(story: "Story") -> None:
    """Nobody else sees the question."""
    _over_time(story, "dee")


def _grace(story: "Story", watcher: str) -> None:
    _people(story)
    story.watch(watcher)
    story.now = story.room.ends_at - 5_000
    story.do("cal", fc.SayTyping())
    story.now = story.room.ends_at
    story.do("", c.Tick())
    story.post("cal", "until next week")
    story.do("ada", c.Extend(minutes=5))


def grace(story: "Story") -> None:
    """Someone writes at the end: there is a little more time, and nobody is told for whom."""
    _grace(story, "bea")


def grace_at_the_desk(story: "Story") -> None:
    """The same as a moderator sees it."""
    _grace(story, "mo")


def a_lost_sharer_in_a_crowd(story: "Story") -> None:
    """The same where people are not told who drops out: the floor is right all the same."""
    a_lost_sharer(story)


def _fellowship(story: "Story", watcher: str) -> None:
    _shares(story)
    story.do("bea", fc.RaiseHand())
    story.do("cal", fc.RaiseHand())
    story.watch(watcher)
    story.do("ada", fc.SetFellowship(minutes=15))
    story.do("ada", fc.Invite(participant="dee"))
    story.now = story.room.ends_at
    story.do("", c.Tick())
    story.post("dee", "see you next week")


def fellowship(story: "Story") -> None:
    """At the end people stay on: the floor is free, the queue empty, everyone may talk."""
    _fellowship(story, "bea")


def fellowship_at_the_desk(story: "Story") -> None:
    """The same as a moderator sees it."""
    _fellowship(story, "mo")


FLOOR_PROGRAMS = (
    course, course_at_the_desk, a_cohost, cohost_of_others, chair, chair_at_the_desk, my_share, queue, queue_at_the_desk,
    my_invitation, invitations_of_others, invitations_at_the_desk, a_lost_sharer, fellowship, fellowship_at_the_desk,
    over_time, over_time_of_others, grace, grace_at_the_desk,
)  # fmt: skip
CROWDED_FLOOR_PROGRAMS = (a_lost_sharer_in_a_crowd,)
