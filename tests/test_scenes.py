"""Every scene in tests/scenes, played on the pure core, in a hub, and on two server processes with one Redis."""

import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from fake_time import fake_time_loop, in_fake_time
from scene_core import CoreTheatre
from scene_drivers import HubTheatre, ServersTheatre
from scene_language import SCENES, SENTENCES, Play, sentences, understand
from serving import Running, serving

ANYWHERE = sorted(SCENES.glob("*.scene"))
TIMED = sorted(SCENES.glob("timed/*.scene"))
"""Scenes in which time passes: not with Redis, which has a clock of its own."""
LIVE = sorted(SCENES.glob("live/*.scene"))
"""Scenes about what is not decided in the core."""

_subnets = (f"10.0.{number}" for number in itertools.count())


def named(paths: list[Path]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("path", paths, ids=lambda path: path.stem)


@pytest_asyncio.fixture(scope="module")
async def servers(valkey_url: str) -> AsyncIterator[list[Running]]:
    async with serving({"TRUSTED_PROXIES": "127.0.0.1", "OPENING": "anyone"}, redis_url=valkey_url, processes=2) as servers:
        yield servers


@named(ANYWHERE + TIMED)
async def test_scene_on_the_core(path: Path) -> None:
    await Play(CoreTheatre()).run(path)


@named(ANYWHERE + TIMED + LIVE)
@in_fake_time
async def test_scene_in_a_hub(path: Path) -> None:
    theatre = HubTheatre(fake_time_loop())
    await theatre.hub.start()
    try:
        await Play(theatre).run(path)
    finally:
        await theatre.hub.stop()


@named(ANYWHERE + LIVE)
async def test_scene_on_two_processes(servers: list[Running], path: Path) -> None:
    theatre = ServersTheatre(servers, next(_subnets))
    try:
        await Play(theatre).run(path)
    finally:
        await theatre.close()


def test_a_sentence_that_means_nothing_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="0 sentences"):
        understand("Bea ponders")


def test_every_sentence_is_used_and_means_one_thing() -> None:
    texts = {text for path in ANYWHERE + TIMED + LIVE for _, text in sentences(path)}
    assert {understand(text)[0] for text in texts} == {speak for _, speak in SENTENCES}
