"""The interface of a policy: what it is shown, what it answers, and what it must have.

A policy of another package is found through the entry point group `chatroom.policies`: its entry, called without arguments,
gives the policy.
`docs/moderation.md` says how to write one.
"""

from collections.abc import Awaitable
from enum import StrEnum
from typing import Literal, Protocol

import msgspec

from chatroom.moderation.patterns import NO_WORDS, WordList


class Kind(StrEnum):
    """What kind of text it is that someone is about to show to others."""

    MESSAGE = "message"
    """A message, or the words of a chip."""
    NAME = "name"
    TITLE = "title"
    """The title, the welcome and the rules of a room; a topic; a poll. Only a rejection counts."""
    REASON = "reason"
    """What a moderator tells someone, as with a mute. Only inline policies are asked, and only a rejection counts."""
    DIRECT = "direct"
    """From one person to another. What would be held is rejected."""


class Decision(StrEnum):
    ACCEPT = "accept"
    NUDGE = "nudge"
    """Tell the writer, who may change it or send it all the same."""
    HOLD = "hold"
    """Keep it for a moderator."""
    REJECT = "reject"


class Runs(StrEnum):
    """How a policy is called. One second is the limit for each call; then it has failed."""

    INLINE = "inline"
    """At once. Only for what takes less than 0.1 ms for a long text: everyone waits for it."""
    THREAD = "thread"
    """In a thread of its own."""
    TASK = "task"
    """`review` is a coroutine function, run as a task and cancelled when it is late."""


class Recent(msgspec.Struct, frozen=True):
    """A message by the same author; `at` in milliseconds since 1970."""

    text: str
    at: int


class Said(msgspec.Struct, frozen=True, kw_only=True):
    """What is to be reviewed: `text` in NFC; `now` in milliseconds since 1970, on the clock of the room's log.

    `recent`: up to six messages by the author of the last two minutes, oldest first, without those taken back. `words`: the
    operator's and the room's list. `moderates`: the author is a moderator or a host, or acts for one. `names`: skeletons
    (`core.nicknames`) of the names in the room, where the text may address someone by one, that is where it holds an @.
    """

    text: str
    kind: Kind
    now: int
    recent: tuple[Recent, ...] = ()
    words: WordList = NO_WORDS
    moderates: bool = False
    names: frozenset[str] = frozenset()


class Verdict(msgspec.Struct, frozen=True):
    """What a policy answers. `reason` is a sentence for the writer, kind and without blame, at most 200 code points.

    `concern` tells the moderators quietly that someone may be in danger; it is never a sanction, and counts for messages only.
    """

    decision: Decision = Decision.ACCEPT
    reason: str = ""
    concern: Literal["", "self_harm", "overdose"] = ""


ACCEPT = Verdict()


class Policy(Protocol):
    """One rule about words. It may be called for several texts at the same time, and must not keep what it is shown."""

    @property
    def kinds(self) -> frozenset[Kind]:
        """What it looks at."""

    @property
    def runs(self) -> Runs: ...

    def review(self, said: Said) -> Verdict | Awaitable[Verdict]:
        """The verdict; an awaitable of it when `runs` is TASK. An exception counts as a failure."""
