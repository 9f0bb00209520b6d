"""How fast people may write, react, report and ask in one room, whichever connection or seat they use."""

import asyncio

import msgspec

from chatroom.core.limits import (
    BUSY_SECONDS,
    EARLIER_PAGES_PER_PERSON,
    PEOPLE_PAGES_PER_PERSON,
    REACTIONS_PER_PERSON,
    REPORTS_PER_PERSON,
    Bucket,
)
from chatroom.core.refusals import Refused
from chatroom.core.room import Room
from chatroom.core.same_person import limit_keys
from chatroom.live.policy import HubPolicy

SWEEP_AT = 500
"""People."""


class Buckets(msgspec.Struct):
    """One person's rates."""

    posts: Bucket
    reactions: Bucket
    reports: Bucket
    people: Bucket
    earlier: Bucket


class Rates:
    """The rates of everyone in a room. Every `take_` raises Refused slow_down."""

    def __init__(self, room: Room, loop: asyncio.AbstractEventLoop, policy: HubPolicy) -> None:
        self._room, self._loop, self._policy = room, loop, policy
        self._people: dict[bytes, Buckets] = {}
        self._sweep_at = SWEEP_AT
        self._posts = Bucket(policy.posts_per_room, loop.time())

    def take_post(self, participant: str) -> None:
        """Raises Refused slow_down or room_busy."""
        self._take(self._of(participant).posts)
        if wait := self._posts.take(self._loop.time()):
            raise Refused("room_busy", max(wait, BUSY_SECONDS))

    def take_reaction(self, participant: str) -> None:
        self._take(self._of(participant).reactions)

    def take_report(self, participant: str) -> None:
        self._take(self._of(participant).reports)

    def take_people(self, participant: str) -> None:
        self._take(self._of(participant).people)

    def take_earlier(self, participant: str) -> None:
        self._take(self._of(participant).earlier)

    def _take(self, bucket: Bucket) -> None:
        if wait := bucket.take(self._loop.time()):
            raise Refused("slow_down", wait)

    def _of(self, participant: str) -> Buckets:
        """The person's buckets; those of a seat that was taken over are carried on."""
        person = self._room.people.get(participant)
        keys = list(limit_keys(self._room, person)) if person else [participant.encode()]
        if buckets := self._people.get(keys[0]):
            return buckets
        before = next((self._people[key] for key in keys if key in self._people), None)
        self._sweep()
        buckets = self._people[keys[0]] = _copy_of(before) if before else self._new()
        return buckets

    def _new(self) -> Buckets:
        now = self._loop.time()
        return Buckets(
            Bucket(self._policy.posts_per_person, now),
            Bucket(REACTIONS_PER_PERSON, now),
            Bucket(REPORTS_PER_PERSON, now),
            Bucket(PEOPLE_PAGES_PER_PERSON, now),
            Bucket(EARLIER_PAGES_PER_PERSON, now),
        )

    def _sweep(self) -> None:
        """Now and then forget those who were quiet: their buckets are as good as new."""
        if len(self._people) < self._sweep_at:
            return
        now = self._loop.time()
        self._people = {key: buckets for key, buckets in self._people.items() if not _are_full(buckets, now)}
        self._sweep_at = max(SWEEP_AT, 2 * len(self._people))

    def clear(self) -> None:
        self._people.clear()


def _buckets(buckets: Buckets) -> tuple[Bucket, ...]:
    return buckets.posts, buckets.reactions, buckets.reports, buckets.people, buckets.earlier


def _copy_of(buckets: Buckets) -> Buckets:
    return Buckets(*(bucket.copy() for bucket in _buckets(buckets)))


def _are_full(buckets: Buckets, now: float) -> bool:
    return all(bucket.full(now) for bucket in _buckets(buckets))
