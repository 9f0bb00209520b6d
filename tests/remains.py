"""What is still there when a room is gone: in the hub, in the loop, and in any object that lives."""

import asyncio
import gc
from collections import Counter
from collections.abc import Iterator, Sequence
from types import ModuleType

from fake_time import FakeTimeLoop

from chatroom.live.hub import Hub


def living() -> Iterator[object]:
    """Every object that any living object leads to, also those that the garbage collector does not track."""
    gc.collect()
    level, seen = gc.get_objects(), dict[int, object]()
    while level:
        fresh = {id(one): one for one in level if id(one) not in seen}
        seen |= fresh
        yield from fresh.values()
        level = gc.get_referents(*(one for one in fresh.values() if not isinstance(one, type | ModuleType)))
        level += [key for one in fresh.values() if isinstance(one, dict) for key in one]  # text keys are no referents


def remaining(backwards: dict[str, str]) -> set[str]:
    """The names of the words that live, in texts or in bytes as Latin-1.

    The words are given backwards, so that asking does not keep them alive.
    """
    words = (one for one in living() if isinstance(one, str | bytes | bytearray))
    texts = (one if isinstance(one, str) else one.decode("latin-1") for one in words)
    everything = "\n".join(texts)[::-1]
    return {name for name, word in backwards.items() if word in everything}


def left_over(*kinds: type, besides: Sequence[object] = ()) -> list[object]:
    """The objects of these kinds that are still alive, besides those that tests before have left."""
    gc.collect()
    known = set(map(id, besides))
    return [one for one in gc.get_objects() if isinstance(one, kinds) and id(one) not in known]


def objects_of_ours() -> Counter[str]:
    """How many objects there are of each of our own kinds."""
    kinds = map(type, living())
    return Counter(kind.__qualname__ for kind in kinds if kind.__module__.startswith("chatroom.") and kind is not type)


def baseline(hub: Hub) -> dict[str, int]:
    """Everything that a hub holds of rooms and connections; zero when it holds nothing but its clock."""
    return {
        "sessions": hub.connections,
        "rooms": hub.rooms,
        "keys": len(hub._keys),
        "loading": len(hub._loading),
        "deriving": len(hub._deriving),
        "tasks": len(hub._tasks) - 1,
        "live sources": len(hub._places._live),
        "places": len(hub._places._arrived) + len(hub._places._new) + len(hub._places._at_door),
    }


def buckets(hub: Hub) -> int:
    """How many sources are limited; zero when all have been quiet for long enough."""
    gates = hub._services.gates
    return sum(len(getattr(gates, name)._buckets) for name in gates.__struct_fields__)


def timers(loop: FakeTimeLoop) -> int:
    """How many timers the loop will still run."""
    return sum(not timer.cancelled() for timer in loop._scheduled)


def tasks() -> int:
    """How many tasks there are beside this one."""
    return len(asyncio.all_tasks()) - 1
