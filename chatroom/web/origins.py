"""Whether a request comes from one of our own pages (RFC 6454): asked before a socket is accepted or a room is opened."""

from starlette.datastructures import Headers

from chatroom.web.kinds import origin_of


def is_own_page(headers: Headers, origins: frozenset[str]) -> bool:
    """True when the Origin header is there and names the host of this very request, or is one of `origins`."""
    given = headers.getlist("origin")
    if len(given) != 1:
        return False
    try:
        origin = origin_of(given[0])
    except ValueError:
        return False
    scheme, _, host = origin.partition("://")
    asked = headers.get("host", "").lower().removesuffix(":443" if scheme == "https" else ":80")
    return origin in origins or host == asked
