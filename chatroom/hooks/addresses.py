"""Which network addresses a webhook may go to: public ones, and no others.

The networks are those of the IANA special-purpose address registries (RFC 6890) and of multicast. Nothing here goes by a name.
"""

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

NOT_PUBLIC_V4 = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.0.0/24",
            "192.0.2.0/24",
            "192.31.196.0/24",
            "192.52.193.0/24",
            "192.88.99.0/24",
            "192.168.0.0/16",
            "192.175.48.0/24",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "224.0.0.0/3",
        ),
    )
)
UNICAST_V6 = IPv6Network("2000::/3")
"""Outside of it are loopback, link-local, unique local, multicast, IPv4-mapped and NAT64 addresses (RFC 4291, section 2.4)."""
NOT_PUBLIC_V6 = tuple(map(IPv6Network, ("2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20")))
"""IETF protocols with Teredo, documentation, 6to4, AS112, documentation."""

Check = Callable[[str], bool]


def is_public(address: str) -> bool:
    """Whether an IP address is one that anyone on the Internet may reach."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return _is_public_v4(parsed) if isinstance(parsed, IPv4Address) else _is_public_v6(parsed)


def _is_public_v4(address: IPv4Address) -> bool:
    return not any(address in network for network in NOT_PUBLIC_V4)


def _is_public_v6(address: IPv6Address) -> bool:
    return address in UNICAST_V6 and not any(address in network for network in NOT_PUBLIC_V6)


async def resolve(host: str, port: int) -> list[str]:
    """The IP addresses of a host name, in the order to try them. Raises OSError.

    It asks in a thread that nobody waits for at the end of the process: a resolver may take a minute.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[str]] = loop.create_future()

    def ask() -> None:
        answer: list[str] | OSError
        try:
            infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            answer = list(dict.fromkeys(str(info[4][0]) for info in infos))
        except (OSError, UnicodeError):
            answer = OSError("the name was not resolved")
        with suppress(RuntimeError):  # the loop is closed
            loop.call_soon_threadsafe(give, answer)

    def give(answer: list[str] | OSError) -> None:
        if found.done():
            return
        if isinstance(answer, OSError):
            found.set_exception(answer)
        else:
            found.set_result(answer)

    threading.Thread(target=ask, name="resolve", daemon=True).start()
    return await found
