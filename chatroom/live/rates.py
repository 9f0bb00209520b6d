"""How fast people may write, react, report and ask in one room, whichever connection they use."""

import asyncio

import msgspec

from chatroom.core.limits import (
    BUSY_SECONDS,
    PEOPLE_PAGES_PER_PERSON,
    REACTIONS_PER_PERSON,
    REPORTS_PER_PERSON,
    Bucket,
)
from chatroom.core.refusals import Refused
from chatroom.live.policy import HubPolicy


class Buckets(msgspec.Struct):
    """One person's rates."""

    posts: Bucket
    reactions: Bucket
    reports: Bucket
    people: Bucket


class Rates:
    """The rates of everyone in a room. Every `take_` raises Refused slow_down."""

    def __init__(self, loop: asyncio.AbstractEventLoop, policy: HubPolicy) -> None:
        self._loop, self._policy = loop, policy
        self._people: dict[str, Buckets] = {}
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

    def _take(self, bucket: Bucket) -> None:
        if wait := bucket.take(self._loop.time()):
            raise Refused("slow_down", wait)

    def _of(self, participant: str) -> Buckets:
        buckets = self._people.get(participant)
        if buckets is None:
            now = self._loop.time()
            buckets = self._people[participant] = Buckets(
                Bucket(self._policy.posts_per_person, now),
                Bucket(REACTIONS_PER_PERSON, now),
                Bucket(REPORTS_PER_PERSON, now),
                Bucket(PEOPLE_PAGES_PER_PERSON, now),
            )
        return buckets

    def forget(self, participant: str) -> None:
        """This person has left."""
        self._people.pop(participant, None)

    def clear(self) -> None:
        self._people.clear()
