"""Who may stay connected to this process when there are too many: seats and roles first, then strangers, fairly by network."""

from collections import Counter
from collections.abc import Callable
from typing import Generic, Protocol, TypeVar

from chatroom.core.limits import HELLO_PATIENCE_SECONDS, KEPT_PLACES, WIDER_NETWORKS
from chatroom.live.sources import Source

One = TypeVar("One")


class Waiters(Generic[One]):
    """Those who wait for something, by their networks, the longest first."""

    def __init__(self) -> None:
        self._by_network: dict[bytes, dict[One, None]] = {}
        self._by_widest: dict[bytes, dict[One, None]] = {}
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def add(self, one: One, source: Source) -> None:
        """Let one wait, behind all others. Nothing happens when it waits already."""
        if one in self._by_network.get(source[0], ()):
            return
        self._count += 1
        for network in source:
            self._by_network.setdefault(network, {})[one] = None
        self._by_widest[source[-1]] = self._by_network[source[-1]]

    def discard(self, one: One, source: Source) -> None:
        """It waits no longer, if it did."""
        if one not in self._by_network.get(source[0], ()):
            return
        self._count -= 1
        for network in source:
            del self._by_network[network][one]
            if not self._by_network[network]:
                del self._by_network[network]
                self._by_widest.pop(network, None)

    def count(self, network: bytes) -> int:
        """How many wait in this network."""
        return len(self._by_network.get(network, ()))

    def longest(self, network: bytes | None = None) -> One | None:
        """Who has waited longest in this network; without one, in the network of which most wait."""
        waiting = max(self._by_widest.values(), key=len, default=None) if network is None else self._by_network.get(network)
        return next(iter(waiting)) if waiting else None


class Connected(Protocol):
    """A session, as its place sees it."""

    source: Source

    def come_back(self) -> None:
        """Close, and say that another try is worth it. It calls `Places.gone`."""


class Places:
    """The connections of one process, at most `most`, and `per_source` of one network; wider networks may have more.

    A new one takes the place of a stranger when there is no other: of one who waits at a door, else of one who has not said
    hello within HELLO_PATIENCE_SECONDS. So strangers keep out nobody who has a seat or a role, and each other only for a while.
    """

    def __init__(self, most: int, per_source: int, monotonic: Callable[[], float]) -> None:
        self._most, self._per_source, self._monotonic = most, per_source, monotonic
        self._arrived: dict[Connected, float] = {}
        self._live: Counter[bytes] = Counter()
        self._new: Waiters[Connected] = Waiters()
        self._at_door: Waiters[Connected] = Waiters()

    def arrive(self, session: Connected) -> bool:
        """Give a new connection a place; False when there is none."""
        for network, factor in zip(session.source, WIDER_NETWORKS, strict=False):
            if self._live[network] >= factor * self._per_source and not self._free_one(network):
                return False
        if len(self._arrived) >= self._most and not self._free_one():
            return False
        self._arrived[session] = self._monotonic()
        self._live.update(session.source)
        self._new.add(session, session.source)
        return True

    def wait(self, session: Connected, *, is_stranger: bool) -> None:
        """It waits at a door; a stranger may have to make room."""
        self._new.discard(session, session.source)
        (self._at_door.add if is_stranger else self._at_door.discard)(session, session.source)

    def keep(self, session: Connected) -> None:
        """It has a seat: nobody takes its place."""
        self._new.discard(session, session.source)
        self._at_door.discard(session, session.source)

    def gone(self, session: Connected) -> None:
        """The connection of one that had arrived is closed."""
        self.keep(session)
        del self._arrived[session]
        self._live.subtract(session.source)
        for network in session.source:
            if not self._live[network]:
                del self._live[network]

    @property
    def has_seats(self) -> bool:
        """Whether a stranger may take a seat: some places are kept for seats that come back, and for roles."""
        kept = len(self._arrived) - len(self._new) - len(self._at_door)
        return kept < self._most - int(self._most * KEPT_PLACES)

    def _free_one(self, network: bytes | None = None) -> bool:
        longest = self._at_door.longest(network) or self._slowest(network)
        if longest is not None:
            longest.come_back()
        return longest is not None

    def _slowest(self, network: bytes | None) -> Connected | None:
        """One that has had its time to say hello."""
        longest = self._new.longest(network)
        has_had_time = longest is not None and self._monotonic() - self._arrived[longest] >= HELLO_PATIENCE_SECONDS
        return longest if has_had_time else None
