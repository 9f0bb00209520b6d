"""The network address that limits count: the socket's own, or a forwarded one when a trusted proxy says so."""

import ipaddress
import re
from collections.abc import Iterator, Sequence

from starlette.types import Scope

from chatroom.web.kinds import Network

_FOR = re.compile(r"""(?:^|[;,\s])for="?(\[[^\]]{0,64}\]|[^;,"\s]*)""", re.IGNORECASE)


def client_address(scope: Scope, trusted: Sequence[Network]) -> str:
    """The client's address, without a port; empty for a Unix socket.

    Hops are read from the right (X-Forwarded-For, else RFC 7239 Forwarded) for as long as the one before is trusted, so
    what a client wrote into these headers itself is never believed.
    """
    client = scope.get("client")
    address = client[0] if client else ""
    if not trusted:
        return address
    address = _plain(address)
    for hop in _hops(scope):
        if not _is_trusted(address, trusted):
            break
        plain = _plain(hop)
        if not plain:
            break
        address = plain
    return address


def is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    """Whether a socket's own address, empty for a Unix socket, is that of a trusted proxy."""
    return bool(trusted) and _is_trusted(_plain(address), trusted)


def _hops(scope: Scope) -> Iterator[str]:
    """The forwarded addresses, nearest first."""
    headers = scope["headers"]
    listed = ",".join(value.decode("latin-1") for name, value in headers if name == b"x-forwarded-for")
    if listed:
        yield from reversed(listed.split(","))
    else:
        forwarded = ",".join(value.decode("latin-1") for name, value in headers if name == b"forwarded")
        yield from reversed(_FOR.findall(forwarded))


def _plain(hop: str) -> str:
    """An address without port, brackets and zone, an IPv4 address in IPv6 form as IPv4; empty when it is none."""
    text = hop.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text.partition("%")[0])
    except ValueError:
        return ""
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return str(mapped or address)


def _is_trusted(address: str, trusted: Sequence[Network]) -> bool:
    if not address:
        return "unix" in trusted
    parsed = ipaddress.ip_address(address)
    return any(not isinstance(network, str) and parsed in network for network in trusted)
