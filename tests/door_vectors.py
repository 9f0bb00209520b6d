"""The vectors about the door, the pace and the calm: `make_vectors.py` makes them."""

from typing import TYPE_CHECKING

from door_situation import guarded
from meeting import MINUTE_MS, enter

from chatroom.core import commands as c
from chatroom.core import door_commands as d
from chatroom.core import door_events as e
from chatroom.core.door_events import Door, Guard
from chatroom.core.events import Role
from chatroom.core.identity import token_hash
from chatroom.core.safety_commands import EndBreak, TakeBreak

if TYPE_CHECKING:
    from make_vectors import Story


def _set_door(story: "Story") -> None:
    for door in (Door.KNOCK, Door.LOCKED, Door.OPEN):
        story.do("mo", d.SetDoor(door=door))


def the_door(story: "Story") -> None:
    """The door is set to each of its ways, as a participant sees it."""
    story.watch("bea")
    _set_door(story)


def the_door_at_the_desk(story: "Story") -> None:
    """The same as a moderator sees it."""
    story.watch("mo")
    _set_door(story)


def _knocking(story: "Story") -> None:
    story.do("ada", d.SetDoor(door=Door.KNOCK))
    for name, nickname in (("kim", "Kind River"), ("lou", "Still Water"), ("max", "Bright Maple"), ("ned", "Calm Bay")):
        story.do("", enter(name, nickname=nickname))
    story.do("mo", d.Admit(knock="kim"))
    story.do("", d.GoIn(knock="kim", session="session of kim", process="here"))
    story.do("mo", d.Decline(knock="lou"))
    story.do("", d.Withdraw(knock="max"))
    story.do("mo", d.AdmitAll())
    story.do("", d.GoIn(knock="ned", session="session of ned", process="here"))
    story.do("ada", d.SendBack(participant="kim", reason="please wait a moment"))
    story.do("", enter("pam", nickname="Small Pine", address="address of kim"))


def knocks_at_the_desk(story: "Story") -> None:
    """People knock, are admitted, declined, give up; one is sent back."""
    story.watch("mo")
    _knocking(story)


def knocks_of_others(story: "Story") -> None:
    """Participants see who comes in, and that someone is gone, but not who knocked."""
    story.watch("bea")
    _knocking(story)


def the_moderator_link(story: "Story") -> None:
    """It is taken back with the role of a moderator, and a host makes a new one."""
    story.come_in("max", Role.MODERATOR, nickname="Max")
    story.watch("mo")
    story.do("ada", c.ChangeRole(participant="max", role="participant"))
    story.do("ada", d.NewModeratorLink(command=d.ReplaceModeratorLink(), token_hash=token_hash("a new token")))
    story.do("ada", c.ChangeRole(participant="max", role="moderator"))
    story.do("ada", c.Remove(participant="max", reason="threats"))


def _calm(story: "Story") -> None:
    story.post("bea", "long ago")
    story.now += 2 * MINUTE_MS
    message = story.post("bea", "a raid")
    story.post("ada", "please stop")
    story.do("bea", c.Retract(message=story.post("bea", "regretted")))
    story.post("cal", "more of it")
    story.do("mo", d.Calm())
    story.do("mo", c.Redact(message=message))
    story.do("ada", d.ResumePosting())
    story.post("cal", "is it over?")
    story.do("ada", d.Veil())
    story.do("mo", d.Unveil())
    story.post("cal", "it is")
    story.do("ada", d.StopPosting())
    story.do("ada", d.EndCalm())


def calm(story: "Story") -> None:
    """Posting stops, the last minute is covered, all is walked back: as a participant sees it, who asks for the words."""
    story.come_in("cal", nickname="Quiet Harbour")
    story.watch("bea")
    _calm(story)


def calm_at_the_desk(story: "Story") -> None:
    """The same as a moderator sees it, who reads on."""
    story.come_in("cal", nickname="Quiet Harbour")
    story.watch("mo")
    _calm(story)


def _removed_while_calm(story: "Story") -> None:
    for name in ("bea", "cal", "dee"):
        story.post(name, f"by {name}")
    story.do("mo", d.Calm())
    story.do("mo", c.Remove(participant="cal", reason="insults"))
    story.do("mo", d.EndCalm())
    story.post("dee", "once more")
    story.do("mo", d.Veil())
    story.do("mo", c.Remove(participant="dee", reason="insults"))
    story.do("ada", d.Unveil(show_removed=True))


def removed_while_calm(story: "Story") -> None:
    """What removed people said goes with the veil, unless a moderator shows it: as a participant sees it."""
    story.come_in("cal", nickname="Quiet Harbour")
    story.come_in("dee", nickname="Kind River")
    story.watch("bea")
    _removed_while_calm(story)


def removed_while_calm_at_the_desk(story: "Story") -> None:
    """The same as a moderator sees it: the redactions stand in one action."""
    story.come_in("cal", nickname="Quiet Harbour")
    story.come_in("dee", nickname="Kind River")
    story.watch("mo")
    _removed_while_calm(story)


def _pace(story: "Story") -> None:
    story.do("mo", d.SetPace(slow_seconds=10, listen_minutes=0, hold_new=False))
    story.post("bea", "my first")
    story.do("ada", d.SetPace(slow_seconds=0, listen_minutes=5, hold_new=True))


def the_pace(story: "Story") -> None:
    """The pace is set; when one wrote last is known to oneself."""
    story.watch("bea")
    _pace(story)


def the_pace_at_the_desk(story: "Story") -> None:
    """The same as a moderator sees it."""
    story.watch("mo")
    _pace(story)


def no_moderator_here(story: "Story") -> None:
    """Hosts and moderators go, and one comes back."""
    story.watch("bea")
    story.do("mo", TakeBreak())
    story.drop("ada")
    story.happens(e.Unattended())
    story.do("mo", EndBreak())
    story.do("mo", c.Leave())
    story.happens(e.Unattended())
    story.come_in("nia", Role.MODERATOR, nickname="Nia")


def the_guard(story: "Story") -> None:
    """The guard goes up, becomes stronger, is lowered, and comes down by itself."""
    story.watch("mo")
    guarded(story)
    guarded(story, Guard.KNOCK)
    story.do("mo", d.LowerGuard())
    guarded(story)
    story.now += 4 * MINUTE_MS
    story.do("", c.Tick())


def a_knock_at_a_guarded_door(story: "Story") -> None:
    """Who knocks while the room is guarded goes in by itself when it is no longer."""
    story.watch("ada")
    guarded(story, Guard.KNOCK)
    story.do("", enter("kim", nickname="Kind River"))
    story.do("mo", d.LowerGuard())
    story.do("", d.GoIn(knock="kim", session="session of kim", process="here"))


DOOR_PROGRAMS = (
    the_door,
    the_door_at_the_desk,
    knocks_at_the_desk,
    the_moderator_link,
    knocks_of_others,
    calm,
    calm_at_the_desk,
    removed_while_calm,
    removed_while_calm_at_the_desk,
    the_pace,
    the_pace_at_the_desk,
    no_moderator_here,
    the_guard,
    a_knock_at_a_guarded_door,
)
