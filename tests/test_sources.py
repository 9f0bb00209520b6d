"""A source is counted without its address being kept."""

from chatroom.live.sources import SALT_SECONDS, Sources


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_network_has_another_tag_in_every_process_and_on_every_day() -> None:
    clock = Clock()
    here, there = Sources(clock), Sources(clock)
    today = here.tag("203.0.113.7")
    assert here.tag("203.0.113.7") == today
    assert here.tag("203.0.113.8") != today
    assert there.tag("203.0.113.7") != today
    clock.seconds = SALT_SECONDS + 1
    assert here.tag("203.0.113.7") not in (today, there.tag("203.0.113.7"))


def test_what_is_counted_is_the_tag_and_only_while_connected() -> None:
    sources = Sources(Clock())
    tag = sources.tag("203.0.113.7")
    assert [sources.arrived(tag), sources.arrived(tag)] == [1, 2]
    assert list(sources._live) == [tag]
    sources.gone(tag)
    sources.gone(tag)
    assert list(sources._live) == []
