"""Whether a request comes from one of our own pages (RFC 6454): asked before a socket is accepted or a room is opened."""

from collections.abc import Sequence
from functools import lru_cache

from chatroom.web.kinds import origin_of

PAGES_KNOWN = 64
"""How many answers are kept: nearly all requests come from the same page."""


def is_own_page(headers: Sequence[tuple[bytes, bytes]], origins: frozenset[str]) -> bool:
    """True when the Origin header is there once and names the host of this very request, or is one of `origins`.

    `headers` as ASGI gives them: names in lower case.
    """
    given = [value for name, value in headers if name == b"origin"]
    asked = next((value for name, value in headers if name == b"host"), b"")
    return len(given) == 1 and _is_own(given[0].decode("latin-1"), asked.decode("latin-1").lower(), origins)


@lru_cache(PAGES_KNOWN)
def _is_own(given: str, asked: str, origins: frozenset[str]) -> bool:
    try:
        origin = origin_of(given)
    except ValueError:
        return False
    scheme, _, host = origin.partition("://")
    return origin in origins or host == asked.removesuffix(":443" if scheme == "https" else ":80")
