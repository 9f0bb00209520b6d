"""Limits by where a connection comes from, without keeping addresses.

A source is the BLAKE2b (RFC 7693) of a network, keyed with a salt that is in this process's memory only and changes every day.
"""

import secrets
from collections import Counter
from collections.abc import Callable
from hashlib import blake2b

from chatroom.core.identity import network_of
from chatroom.core.limits import Bucket, Rate
from chatroom.core.refusals import Refused

SALT_SECONDS = 24 * 3600
SOURCE_BYTES = 16
BUCKETS_AT_MOST = 50_000


class Sources:
    """Turns addresses into tags, and counts the live connections of each."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        self._monotonic = monotonic
        self._salt, self._salted_at = secrets.token_bytes(32), monotonic()
        self._live: Counter[bytes] = Counter()

    def tag(self, address: str) -> bytes:
        if self._monotonic() - self._salted_at > SALT_SECONDS:
            self._salt, self._salted_at = secrets.token_bytes(32), self._monotonic()
        return blake2b(network_of(address), key=self._salt, digest_size=SOURCE_BYTES).digest()

    def arrived(self, source: bytes) -> int:
        """Count a connection in; how many the source has now."""
        self._live[source] += 1
        return self._live[source]

    def gone(self, source: bytes) -> None:
        self._live[source] -= 1
        if not self._live[source]:
            del self._live[source]


class Gate:
    """One token bucket a key; keys that have been quiet are forgotten."""

    def __init__(self, rate: Rate, monotonic: Callable[[], float], code: str = "slow_down") -> None:
        self._rate, self._monotonic, self._code = rate, monotonic, code
        self._buckets: dict[bytes, Bucket] = {}

    def take(self, key: bytes) -> None:
        """Take one token. Raises Refused with the time until there is one."""
        now = self._monotonic()
        bucket = self._buckets.get(key)
        if bucket is None:
            if len(self._buckets) >= BUCKETS_AT_MOST:
                self.sweep()
            if len(self._buckets) >= BUCKETS_AT_MOST:
                raise Refused("server_busy", 60)
            bucket = self._buckets[key] = Bucket(self._rate, now)
        if wait := bucket.take(now):
            raise Refused(self._code, wait)

    def check(self, key: bytes) -> None:
        """Raise Refused when there is no token, without taking one."""
        bucket = self._buckets.get(key)
        if bucket and (wait := bucket.wait(self._monotonic())):
            raise Refused(self._code, wait)

    def forget(self, key: bytes) -> None:
        """Forget one key."""
        self._buckets.pop(key, None)

    def sweep(self) -> None:
        """Forget the keys that have been quiet."""
        now = self._monotonic()
        self._buckets = {key: bucket for key, bucket in self._buckets.items() if not bucket.full(now)}
