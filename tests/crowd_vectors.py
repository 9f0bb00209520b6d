"""The vectors about a crowded room: `make_vectors.py` makes them."""

from typing import TYPE_CHECKING

from chatroom.core import commands as c
from chatroom.core.events import Role

if TYPE_CHECKING:
    from make_vectors import Story


def _crowd(story: "Story", watcher: str) -> None:
    story.come_in("cal", nickname="Quiet Harbour")
    story.watch(watcher)
    story.come_in("dee", nickname="Kind River")
    story.come_in("eve", nickname="Bright Maple")
    story.drop("dee")
    story.come_back("dee")
    story.drop("mo")
    story.come_back("mo")
    story.come_in("max", Role.MODERATOR, nickname="Max")
    story.do("eve", c.Leave())
    story.do("mo", c.Remove(participant="dee", reason="threats"))
    story.drop("cal")
    story.do("ada", c.ChangeRole(participant="cal", role="moderator"))
    story.come_back("cal")
    story.do("ada", c.ChangeRole(participant="max", role="participant"))
    story.drop("max")
    story.do("mo", c.Leave())


def a_crowd(story: "Story") -> None:
    """A room becomes crowded: participants go on seeing hosts and moderators, and how many are here."""
    _crowd(story, "bea")


def a_crowd_at_the_desk(story: "Story") -> None:
    """Moderators see everyone in a crowded room as well."""
    _crowd(story, "ada")


def made_a_moderator_in_a_crowd(story: "Story") -> None:
    """A role brings everyone onto the screen, and takes them away again."""
    story.come_in("cal", nickname="Quiet Harbour")
    story.watch("bea")
    story.do("ada", c.ChangeRole(participant="bea", role="moderator"))
    story.come_in("dee", nickname="Kind River")
    story.do("ada", c.ChangeRole(participant="bea", role="participant"))
    story.come_in("eve", nickname="Bright Maple")


CROWD_PROGRAMS = {a_crowd: 4, a_crowd_at_the_desk: 4, made_a_moderator_in_a_crowd: 3}
"""With how many people the room is crowded."""
