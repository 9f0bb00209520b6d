"""The vectors that the Python and the JavaScript fold share."""

import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from inside import WIRE
from make_vectors import PROGRAMS, VECTORS, as_text, make
from meeting import Meeting, crowded_beyond
from screen import Screen

from chatroom.core.events import EVENTS, AnyEvent, Entry
from chatroom.core.limits import CROWD_PEOPLE
from chatroom.core.room import Room, apply
from chatroom.core.view_base import View
from chatroom.core.views import VIEWS

PATHS = sorted(VECTORS.glob("*.json"))
vectors = pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
BY_TAG = {str(event.__struct_config__.tag): event for event in EVENTS}


def read(path: Path) -> dict[str, Any]:
    vector: dict[str, Any] = json.loads(path.read_text())
    return vector


def entries(vector: dict[str, Any]) -> list[Entry]:
    return [Entry(offset, at, nonce, event_of(fields)) for offset, at, nonce, fields in vector["entries"]]


def event_of(fields: dict[str, Any]) -> AnyEvent:
    names = BY_TAG[fields["type"]].__struct_fields__
    event: AnyEvent = msgspec.convert([fields["type"], *(fields[name] for name in names)], AnyEvent)
    return event


@vectors
def test_the_fold_reaches_the_room_of_the_vector(path: Path) -> None:
    vector = read(path)
    with crowded_beyond(vector.get("crowd_people", CROWD_PEOPLE)):
        check_fold(vector)


def check_fold(vector: dict[str, Any]) -> None:
    room = Room()
    name, log = vector["participant"], entries(vector)
    for entry in log[: vector["split"]]:
        apply(room, entry)
    meeting, frames = Meeting(), []
    meeting.room, meeting.name_of = room, WIRE.id_of
    assert meeting.view(name) == vector["room"]
    for entry in log[vector["split"] :]:
        apply(room, entry)
        frames += meeting.frames(name, entry)
    assert frames == vector["frames"]
    assert meeting.view(name) == vector["expect"]


@vectors
def test_a_client_reaches_the_room_of_the_vector(path: Path) -> None:
    vector = read(path)
    screen = Screen(vector["room"])
    for frame in vector["frames"]:
        if frame["is"] == "welcome":
            screen = Screen(frame["room"])
        else:
            screen.take(frame)
    assert screen.room == vector["expect"]


def test_the_vectors_are_those_that_the_code_makes() -> None:
    assert {path.stem: path.read_text() for path in PATHS} == {name: as_text(make(name)) for name in PROGRAMS}


@pytest.mark.parametrize("event", VIEWS, ids=lambda event: str(event.__struct_config__.tag))
def test_every_view_of_every_event_is_in_some_vector(event: type[Any]) -> None:
    view, seen = VIEWS[event], set()
    for vector in map(read, PATHS):
        changed = any(frame["is"] == "welcome" for frame in vector["frames"])
        names = {WIRE.id_of(entry.offset) for entry in entries(vector) if type(entry.event) is event}
        for frame in vector["frames"]:
            if frame["is"] == "personal" and frame["id"] in names:
                seen.add("subject")
            elif frame["is"] == "entry" and frame["id"] in names and not changed:
                seen.add("moderators" if "desk" in vector["room"] else "everyone")
    audiences = {name for name in View.__struct_fields__ if getattr(view, name)}
    assert audiences <= seen
