"""The guard, folded: what is looked at to notice a raid, in bounded windows, and whether the guard is up.

Of what was said only a hash is kept, for a short while.
"""

import string
from bisect import bisect_right
from collections.abc import Callable
from hashlib import sha256
from typing import TYPE_CHECKING, Any

import msgspec

from chatroom.core import door_events as d
from chatroom.core.event_base import Event, MessageKind
from chatroom.core.events import Entry, MessagePosted
from chatroom.core.limits import (
    GUARD_JOINS_AT_LEAST,
    GUARD_JOINS_SECONDS,
    GUARD_SAME_WORDS_CODE_POINTS,
    GUARD_SAME_WORDS_LOOKED_AT,
    GUARD_SAME_WORDS_PEOPLE,
    GUARD_TEXTS,
    GUARD_WORDS_SECONDS,
    GUARD_WRITERS_AT_LEAST,
)

if TYPE_CHECKING:
    from chatroom.core.room import Participant, Room

_NO_LETTERS = dict.fromkeys(
    map(ord, string.punctuation + string.whitespace + "\u2026\u2018\u2019\u201c\u201d\u00ab\u00bb\u2013\u2014\u00b7\u2022")
)


class Watch(msgspec.Struct):
    guard: d.Guard | None = None
    signal: d.Signal = d.Signal.JOINS
    count: int = 0
    at: int = 0
    """When the guard was raised."""
    signal_at: int = 0
    """When there was a signal for it last."""
    joins: list[int] = []
    """When new people came, oldest first."""
    words: dict[bytes, dict[str, int]] = {}
    """Hashes of what was said, the newest last, with who said it and when."""
    writers: dict[str, int] = {}
    """Who wrote in the minute in which they came, and when, the newest last."""


def joins_at_most(room: "Room") -> int:
    """How many new people may come within GUARD_JOINS_SECONDS without a signal."""
    return max(GUARD_JOINS_AT_LEAST, room.opened.capacity // 4)


def joins(room: "Room", now: int) -> int:
    """How many new people came lately."""
    times = room.guard.joins
    return len(times) - bisect_right(times, now - GUARD_JOINS_SECONDS * 1000)


def sayers(room: "Room", text: str, now: int) -> set[str]:
    """Who said the same lately; nobody for what is short, as greetings are."""
    return set(_lately(room.guard.words.get(_hash(text), {}), now)) if _counts(text) else set()


def new_writers(room: "Room", now: int) -> set[str]:
    """Those who wrote lately in the minute in which they came."""
    return set(_lately(room.guard.writers, now))


def new_writers_at_most(room: "Room") -> int:
    """How many may write within GUARD_WORDS_SECONDS, all in the minute in which they came, without a signal.

    Half of the seats, as `joins_at_most` is a quarter in half the time: at the start of a meeting everyone says hello.
    """
    return max(GUARD_WRITERS_AT_LEAST, room.opened.capacity // 2)


def is_new(person: "Participant", now: int) -> bool:
    """Whether this is a participant who came within the last minute."""
    return not person.moderates and person.came_at > now - GUARD_WORDS_SECONDS * 1000


def signal_of(room: "Room", now: int) -> tuple[d.Signal, int] | None:
    """What looks like a raid by now, and how many there are of it; first what may ask people to knock."""
    said = max((len(_lately(people, now)) for people in room.guard.words.values()), default=0)
    if said >= GUARD_SAME_WORDS_PEOPLE:
        return d.Signal.SAME_WORDS, said
    if (count := len(new_writers(room, now))) > new_writers_at_most(room):
        return d.Signal.NEW_NAMES, count
    if (count := joins(room, now)) > joins_at_most(room):
        return d.Signal.JOINS, count
    return None


def joined(room: "Room", at: int) -> None:
    """Someone new came."""
    watch = room.guard
    most = joins_at_most(room)
    watch.joins.append(at)
    del watch.joins[: -most - 1]
    if watch.guard and joins(room, at) > most:
        watch.signal_at = at


def posted(room: "Room", person: "Participant", event: MessagePosted, at: int) -> None:
    """Someone said something."""
    if person.moderates or event.kind is not MessageKind.WORDS:
        return
    watch, most = room.guard, new_writers_at_most(room)
    if is_new(person, at) and person.id not in watch.writers:
        watch.writers = _lately(watch.writers, at) | {person.id: at}
        if len(watch.writers) > most + 1:
            del watch.writers[next(iter(watch.writers))]
    same = 0
    if _counts(event.text):
        people = watch.words.pop(key := _hash(event.text), {})
        watch.words[key] = people = _lately(people, at) | {person.id: at}
        same = len(people)
        if len(watch.words) > GUARD_TEXTS:
            del watch.words[next(iter(watch.words))]
    if watch.guard and (same >= GUARD_SAME_WORDS_PEOPLE or len(new_writers(room, at)) > most):
        watch.signal_at = at


def erased(room: "Room", by: str, text: str) -> None:
    """The words of a message are gone, and so is what was kept of them."""
    if by in (people := room.guard.words.get(key := _hash(text), {})):
        del people[by]
        if not people:
            del room.guard.words[key]


def _lately(times: dict[str, int], now: int) -> dict[str, int]:
    since = now - GUARD_WORDS_SECONDS * 1000
    return {name: at for name, at in times.items() if at > since}


def _counts(text: str) -> bool:
    return len(text) >= GUARD_SAME_WORDS_CODE_POINTS


def _hash(text: str) -> bytes:
    """Of how the text begins, without case, spaces and punctuation."""
    beginning = text[:GUARD_SAME_WORDS_LOOKED_AT].casefold().translate(_NO_LETTERS)
    return sha256(beginning.encode("utf-8", "surrogatepass")).digest()[:8]


def _guard_raised(room: "Room", entry: Entry, event: d.GuardRaised) -> None:
    watch = room.guard
    watch.guard, watch.signal, watch.count = event.guard, event.signal, event.count
    watch.at = watch.signal_at = entry.at


def _guard_lowered(room: "Room", entry: Entry, event: d.GuardLowered) -> None:
    room.guard = Watch()


APPLY: dict[type[Event], Callable[["Room", Entry, Any], None]] = {
    d.GuardRaised: _guard_raised,
    d.GuardLowered: _guard_lowered,
}
