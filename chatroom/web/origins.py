"""Whether a request comes from one of our own pages (RFC 6454): asked before a socket is accepted or a room is opened."""

from collections.abc import Sequence

from chatroom.web.kinds import origin_of


def is_own_page(headers: Sequence[tuple[bytes, bytes]], origins: frozenset[str]) -> bool:
    """True when the Origin header is there once and names the host of this very request, or is one of `origins`.

    `headers` as ASGI gives them: names in lower case.
    """
    given = [value for name, value in headers if name == b"origin"]
    if len(given) != 1:
        return False
    try:
        origin = origin_of(given[0].decode("latin-1"))
    except ValueError:
        return False
    scheme, _, host = origin.partition("://")
    asked = next((value for name, value in headers if name == b"host"), b"").decode("latin-1").lower()
    return origin in origins or host == asked.removesuffix(":443" if scheme == "https" else ":80")
