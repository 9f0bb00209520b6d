from pathlib import Path

import pytest

pytest.register_assert_rewrite(*(path.stem for path in Path(__file__).parent.glob("[a-z]*")))

from browser import chromium, crowd
from companies import bystanders, server, three, two_hosts
from guarding import unguarded
from hypothesis import settings
from log_place import place, processes
from meeting import Meeting, four_people
from servers import redis_servers, valkey_url
from versions import start

__all__ = [
    "bystanders",
    "chromium",
    "crowd",
    "place",
    "processes",
    "redis_servers",
    "server",
    "start",
    "three",
    "two_hosts",
    "unguarded",
    "valkey_url",
]

settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")


@pytest.fixture
def meeting() -> Meeting:
    return four_people()
