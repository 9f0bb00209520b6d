"""Whether a request comes from one of our own pages (RFC 6454), and whether it comes from this machine alone.

Both are asked before a socket is accepted or a room is opened. A page that resolves its own name to an address of ours (DNS
rebinding) brings a Host and an Origin that agree: so a server that listens on loopback knows loopback names only, and one with
BASE_URL that host only.
"""

from collections.abc import Sequence
from urllib.parse import urlsplit

from chatroom.web.forwarded import is_trusted
from chatroom.web.kinds import is_loopback, origin_of
from chatroom.web.settings import Settings

Headers = Sequence[tuple[bytes, bytes]]
"""As ASGI gives them: names in lower case."""

FORWARDING = frozenset({b"forwarded", b"via", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-proto", b"x-real-ip"})


class Callers:
    """Knows our own pages, and who calls from this machine, by the settings."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._is_on_loopback = is_loopback(settings.host)

    def is_own_page(self, headers: Headers, client: str) -> bool:
        """Whether the one Origin header names the host of this very request with its scheme, or is one of the settings."""
        origin = _origin(headers)
        if origin in self._settings.origins:
            return True
        asked = _asked(headers)
        if not origin or not asked or origin not in (f"http://{asked}", f"https://{asked}"):
            return False
        is_forwarded = not FORWARDING.isdisjoint(name for name, _ in headers)
        if is_forwarded and is_trusted(client, self._settings.trusted_proxies):
            return not self._settings.base_url and _has_scheme(origin, headers)
        if self._is_on_loopback:
            return origin == f"http://{asked}" and is_loopback(_name_of(asked))
        return not self._settings.base_url and (_has_scheme(origin, headers) if is_forwarded else origin == f"http://{asked}")

    def is_local(self, headers: Headers, client: str) -> bool:
        """Whether it comes from this machine, to a server that listens for it only, and through no proxy that says so."""
        names = [_name_of(_asked(headers))]
        if any(name == b"origin" for name, _ in headers):
            names.append(urlsplit(_origin(headers)).hostname or "")
        return (
            self._is_on_loopback
            and is_loopback(client)
            and FORWARDING.isdisjoint(name for name, _ in headers)
            and all(map(is_loopback, names))
        )


def _origin(headers: Headers) -> str:
    """The origin of the one Origin header, empty when there is no such."""
    given = [value for name, value in headers if name == b"origin"]
    try:
        return origin_of(given[0].decode("latin-1")) if len(given) == 1 else ""
    except ValueError:
        return ""


def _asked(headers: Headers) -> str:
    """The host that was asked for, without a port that is the scheme's own; empty when it is not named once."""
    given = [value for name, value in headers if name == b"host"]
    try:
        return origin_of(f"http://{given[0].decode('latin-1')}").removeprefix("http://") if len(given) == 1 else ""
    except ValueError:
        return ""


def _name_of(host: str) -> str:
    return urlsplit(f"//{host}").hostname or ""


def _has_scheme(origin: str, headers: Headers) -> bool:
    """Whether the origin has the scheme that the proxy says; true when it says none."""
    said = [value.decode("latin-1").lower().strip() for name, value in headers if name == b"x-forwarded-proto"]
    return not said or said == [origin.partition("://")[0]]
