"""A source is counted without its address being kept."""

import contextlib

import pytest

from chatroom.core.limits import WIDER_NETWORKS, Rate
from chatroom.core.refusals import Refused
from chatroom.live.sources import SALT_SECONDS, Gate, Sources


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_network_has_another_tag_in_every_process_and_on_every_day() -> None:
    clock = Clock()
    here, there = Sources(clock), Sources(clock)
    today = here.of("203.0.113.7")
    assert here.of("203.0.113.7") == today
    assert here.of("203.0.113.8") != today
    assert there.of("203.0.113.7") != today
    clock.seconds = SALT_SECONDS + 1
    assert here.of("203.0.113.7") not in (today, there.of("203.0.113.7"))


@pytest.mark.parametrize(
    ("one", "other", "shared"),
    [
        ("2001:db8:1:100::1", "2001:db8:1:100:ffff::2", 3),
        ("2001:db8:1:100::1", "2001:db8:1:1ff::1", 2),
        ("2001:db8:1:100::1", "2001:db8:1:200::1", 1),
        ("2001:db8:1:100::1", "2001:db8:2:100::1", 0),
        ("203.0.113.7", "203.0.113.8", 0),
        ("203.0.113.7", "::ffff:203.0.113.7", 1),
        ("203.0.113.7", "2001:db8:1:100::1", 0),
    ],
)
def test_addresses_share_the_networks_that_they_are_both_in(one: str, other: str, shared: int) -> None:
    sources = Sources(Clock())
    assert len(set(sources.of(one)) & set(sources.of(other))) == shared


HOME = [f"2001:db8:1:{number:04x}::1" for number in range(0x100, 0x200)]
"""A home has a /56: 256 networks of /64."""


def allowed(gate: Gate, sources: Sources, addresses: list[str]) -> int:
    """How often these addresses, each in turn, are let through."""
    count = 0
    with contextlib.suppress(Refused):
        while count < 10_000:
            gate.take(sources.of(addresses[count % len(addresses)]))
            count += 1
    return count


def test_a_home_or_a_site_counts_as_one_as_well() -> None:
    sources, rate = Sources(Clock()), Rate(1, 10)
    assert allowed(Gate(rate, Clock()), sources, HOME[:1]) == 10
    assert allowed(Gate(rate, Clock()), sources, HOME) == 10 * WIDER_NETWORKS[1]
    site = [f"2001:db8:1:{number:02x}00::1" for number in range(256)]
    assert allowed(Gate(rate, Clock()), sources, site) == 10 * WIDER_NETWORKS[2]
    assert allowed(Gate(rate, Clock()), sources, [f"2001:db8:{number:x}::1" for number in range(9_999)]) == 10_000


def test_what_is_given_back_can_be_taken_again() -> None:
    sources, gate = Sources(Clock()), Gate(Rate(1, 2), Clock())
    home = sources.of(HOME[0])
    for _ in range(5):
        gate.take(home)
        gate.take(home)
        with pytest.raises(Refused):
            gate.take(home)
        gate.give_back(home)
        gate.give_back(home)
    gate.give_back(home)
    assert allowed(gate, sources, HOME[:1]) == 2


def test_too_many_sources_shut_nobody_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("chatroom.live.sources.MAX_BUCKETS", 5)
    sources, gate = Sources(Clock()), Gate(Rate(1, 2), Clock())
    for number in range(20):
        gate.take(sources.of(f"203.0.113.{number}"))
    assert len(gate._buckets) == 5
