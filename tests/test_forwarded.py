"""Whose address counts: the socket's, unless a trusted proxy says otherwise."""

import pytest

from chatroom.web.forwarded import client_address
from chatroom.web.settings import Settings

PROXY, CLIENT = "10.0.0.1", "203.0.113.7"
XFF, RFC = "X-Forwarded-For", "Forwarded"

CASES: list[tuple[str, str | None, list[tuple[str, str]], str]] = [
    # trusted proxies, peer, headers, the address that counts
    ("", CLIENT, [(XFF, "198.51.100.1")], CLIENT),
    ("", PROXY, [(RFC, "for=198.51.100.1")], PROXY),
    ("10.0.0.0/8", CLIENT, [(XFF, "198.51.100.1")], CLIENT),
    ("10.0.0.0/8", PROXY, [], PROXY),
    ("10.0.0.0/8", PROXY, [(XFF, CLIENT)], CLIENT),
    ("10.0.0.0/8", PROXY, [(XFF, f"198.51.100.1, {CLIENT}")], CLIENT),
    ("10.0.0.0/8", PROXY, [(XFF, "198.51.100.1"), (XFF, CLIENT)], CLIENT),
    ("10.0.0.0/8", PROXY, [(XFF, f"198.51.100.1, {CLIENT}, 10.9.9.9")], CLIENT),
    ("10.0.0.0/8", PROXY, [(XFF, "10.1.1.1, 10.2.2.2")], "10.1.1.1"),
    ("10.0.0.0/8", PROXY, [(XFF, f"{CLIENT}:4711")], CLIENT),
    ("10.0.0.0/8", PROXY, [(XFF, "[2001:db8::7]:4711")], "2001:db8::7"),
    ("10.0.0.0/8", PROXY, [(XFF, "::ffff:203.0.113.7")], CLIENT),
    ("10.0.0.0/8", PROXY, [(XFF, "198.51.100.1, nonsense")], PROXY),
    ("10.0.0.0/8", PROXY, [(XFF, "nonsense, 10.3.3.3")], "10.3.3.3"),
    ("10.0.0.0/8", PROXY, [(XFF, ",")], PROXY),
    ("10.0.0.0/8", PROXY, [(RFC, 'by=x;FOR="[2001:db8::7]:80";proto=https')], "2001:db8::7"),
    ("10.0.0.0/8", PROXY, [(RFC, f"for=198.51.100.1, for={CLIENT};by=x")], CLIENT),
    ("10.0.0.0/8", PROXY, [(RFC, "for=unknown")], PROXY),
    ("10.0.0.0/8", PROXY, [(RFC, "for=198.51.100.1"), (XFF, CLIENT)], CLIENT),
    ("10.0.0.0/8", "::ffff:10.0.0.1", [(XFF, CLIENT)], CLIENT),
    ("2001:db8::/32", "2001:db8::1", [(XFF, CLIENT)], CLIENT),
    ("unix", None, [(XFF, CLIENT)], CLIENT),
    ("10.0.0.0/8", None, [(XFF, CLIENT)], ""),
    ("unix", PROXY, [(XFF, CLIENT)], PROXY),
    ("10.0.0.0/8", "fe80::1%eth0", [], "fe80::1"),
]


@pytest.mark.parametrize(("trusted", "peer", "headers", "address"), CASES)
def test_the_address_that_counts(trusted: str, peer: str | None, headers: list[tuple[str, str]], address: str) -> None:
    scope = {
        "client": (peer, 4711) if peer else None,
        "headers": [(name.lower().encode(), value.encode()) for name, value in headers],
    }
    networks = Settings.from_environment({"TRUSTED_PROXIES": trusted}).trusted_proxies
    assert client_address(scope, networks) == address


def test_thousands_of_hops_are_read_only_as_far_as_they_are_trusted() -> None:
    scope = {"client": (PROXY, 1), "headers": [(b"x-forwarded-for", b"1.1.1.1," * 8000 + CLIENT.encode())]}
    networks = Settings.from_environment({"TRUSTED_PROXIES": "10.0.0.0/8"}).trusted_proxies
    assert client_address(scope, networks) == CLIENT
