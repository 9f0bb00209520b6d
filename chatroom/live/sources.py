"""Limits by where a connection comes from, without keeping addresses.

A source is a BLAKE2b (RFC 7693) of each of its networks, keyed with a salt that is in this process's memory only and changes
every day.
"""

import secrets
from collections.abc import Callable
from hashlib import blake2b

from chatroom.core.identity import networks_of
from chatroom.core.limits import WIDER_NETWORKS, Bucket, Rate
from chatroom.core.refusals import Refused

SALT_SECONDS = 24 * 3600
SOURCE_BYTES = 16
MAX_BUCKETS = 50_000

Source = tuple[bytes, ...]
"""Tags of the networks an address is in, the narrowest first."""


class Sources:
    """Turns addresses into sources."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._salt, self._salted_at = secrets.token_bytes(32), monotonic()

    def of(self, address: str) -> Source:
        """The source of an address; what is no address counts as one network."""
        if self._monotonic() - self._salted_at > SALT_SECONDS:
            self._salt, self._salted_at = secrets.token_bytes(32), self._monotonic()
        return tuple(blake2b(network, key=self._salt, digest_size=SOURCE_BYTES).digest() for network in networks_of(address))


class Gate:
    """A token bucket for each network, larger ones for wider networks; networks that have been quiet are forgotten."""

    def __init__(self, rate: Rate, monotonic: Callable[[], float]) -> None:
        self._rates = [Rate(factor * rate.per_second, factor * rate.burst) for factor in WIDER_NETWORKS]
        self._monotonic = monotonic
        self._buckets: dict[bytes, Bucket] = {}

    def take(self, source: Source) -> None:
        """Take one token of each of its networks. Raises Refused slow_down with the time until there is one."""
        if wait := self.wait(source):
            raise Refused("slow_down", wait)
        for network in source:
            self._buckets[network].tokens -= 1

    def give_back(self, source: Source) -> None:
        """Undo one `take`."""
        for network in source:
            if bucket := self._buckets.get(network):
                bucket.tokens = min(bucket.rate.burst, bucket.tokens + 1)

    def wait(self, source: Source) -> float:
        """The seconds until `take` succeeds, 0.0 when it does now."""
        now = self._monotonic()
        return max(self._bucket(network, rate, now).wait(now) for network, rate in zip(source, self._rates, strict=False))

    def _bucket(self, network: bytes, rate: Rate, now: float) -> Bucket:
        bucket = self._buckets.get(network)
        if bucket is None:
            if len(self._buckets) >= MAX_BUCKETS:
                self.sweep()
            if len(self._buckets) >= MAX_BUCKETS:
                del self._buckets[next(iter(self._buckets))]  # a stranger's rate is forgotten before anyone is shut out
            bucket = self._buckets[network] = Bucket(rate, now)
        return bucket

    def sweep(self) -> None:
        """Forget the networks that have been quiet."""
        now = self._monotonic()
        self._buckets = {network: bucket for network, bucket in self._buckets.items() if not bucket.full(now)}
