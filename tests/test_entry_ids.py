"""Ids and positions tell nothing: no order, no count, no place, and nobody but the server can make or read one."""

import json
from base64 import b64encode
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from fake_time import in_fake_time
from house import house, two_houses
from hypothesis import given
from hypothesis import strategies as st
from inside import IDS_KEY, NAMES
from test_vectors import PATHS

from chatroom.core.commands import WIRE
from chatroom.core.entry_ids import EntryId, Place, entry_fields
from chatroom.core.events import Position
from chatroom.core.frames import ENTRY_FRAMES, PERSONAL_FRAMES, SERVER_FRAMES, Done, Heartbeat
from chatroom.core.wire import UNKNOWN
from chatroom.live.connection import Frame
from chatroom.live.history import History
from chatroom.live.room_wire import RoomWire

FRAMES = (*SERVER_FRAMES, *ENTRY_FRAMES, *PERSONAL_FRAMES)
COUNTS = {
    *("ref", "code", "protocol", "now", "at", "since", "until", "started_at", "doors_at", "starts_at", "ends_at", "share_ms"),
    *("minutes", "fellowship_minutes", "share_minutes", "protect_minutes", "slow_seconds", "listen_minutes", "urge"),
    *("index", "phases", "place", "here", "answers", "votes", "count", "erased"),
}
"""Numbers in frames: times, what someone set, and counts of nothing but what all who are sent them see."""
IN_ROOMS = {
    *("starts_at", "ends_at", "at", "came_at", "posted_at", "muted_until", "until", "started_at", "since_at", "paused_at"),
    *("host_gone_at", "erased"),
    *("paused_ms", "share_ms", "typing_at", "minutes", "fellowship_minutes", "share_minutes", "protect_minutes", "urge"),
    *("slow_seconds", "listen_minutes", "shared", "index", "phases", "answers", "votes", "crowd", "place", "count"),
}
"""The same in snapshots, where also reactions, counts, choices and pictures hold numbers."""
LISTS = {"reactions", "counts", "choices", "votes", "picture", "feelings", "urges"}
offsets = st.integers(1, 2**32 - 1)
WIRE_OF_ROOM = RoomWire(IDS_KEY, History("epoch-01"), lambda count: bytes(count))


def wire(key: bytes = IDS_KEY) -> RoomWire:
    drawn = iter(range(10_000))
    return RoomWire(key, History("epoch-01"), lambda count: next(drawn).to_bytes(count))


# ---- frames --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("frame", FRAMES, ids=lambda frame: str(frame.__struct_config__.tag))
def test_no_field_of_a_frame_is_a_number_that_is_not_known_to_be_none_of_an_entry(frame: type[Any]) -> None:
    numbers = {name for name, hint in frame.__annotations__.items() if hint is int or "int" in str(hint)}
    assert numbers <= COUNTS | LISTS


def test_what_names_an_entry_cannot_be_encoded_without_its_room() -> None:
    for frame in (Done(ref=1, id=EntryId(7)), Heartbeat(position=Place(7, "nonce"), now=1)):
        with pytest.raises(TypeError):
            Frame.of(frame)


def numbers_in(value: object, name: str = "") -> set[str]:
    """The names of the fields that hold numbers."""
    if isinstance(value, dict):
        return set().union(*(numbers_in(one, name if name in LISTS else key) for key, one in value.items()))
    if isinstance(value, list):
        return set().union(*(numbers_in(one, name) for one in value))
    return {name} if type(value) is int else set()


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_in_no_room_and_no_frame_is_an_entry_named_by_a_number(path: Path) -> None:
    vector = json.loads(path.read_text())
    for seen in (vector["room"], vector["expect"]):
        assert numbers_in(seen) <= IN_ROOMS | LISTS
    for frame in vector["frames"]:
        assert not numbers_in(frame) & NAMES
        assert all(isinstance(frame[name], str) for name in frame.keys() & NAMES)


def test_commands_name_entries_by_ids_alone() -> None:
    named = {name for command in WIRE for name in entry_fields(command)}
    assert named == {"message", "report", "before", "item", "held", "concern", "poll", "share", "said"}


# ---- ids -----------------------------------------------------------------------------------------------------------------


@given(offsets)
def test_an_id_is_22_characters_and_names_one_entry(offset: int) -> None:
    name = WIRE_OF_ROOM.id_of(offset)
    assert len(name) == 22
    assert WIRE_OF_ROOM.offset_of(name) == offset


def test_ids_have_no_order_and_no_gaps_to_count() -> None:
    names = [wire().id_of(offset) for offset in range(1, 2_001)]
    assert len(set(names)) == len(names)
    rising = sum(one < other for one, other in pairwise(names))
    assert 900 < rising < 1_100
    assert all(len({name[place] for name in names}) > 50 for place in range(21))


@given(st.text(max_size=40) | st.text("abcXYZ019-_", min_size=22, max_size=22))
def test_what_is_no_id_names_nothing(name: str) -> None:
    assert WIRE_OF_ROOM.offset_of(name) == UNKNOWN


@given(offsets, st.binary(min_size=32, max_size=32))
def test_an_id_of_another_room_names_nothing(offset: int, key: bytes) -> None:
    assert wire(key).offset_of(WIRE_OF_ROOM.id_of(offset)) == (offset if key == IDS_KEY else UNKNOWN)


# ---- positions -----------------------------------------------------------------------------------------------------------


@given(offsets, offsets)
def test_positions_are_all_of_one_length_and_all_different(one: int, other: int) -> None:
    here = wire()
    sealed = [here.seal(Position("epoch-01", offset, "nonce-01")) for offset in (one, one, other, 1, 2**32 - 1)]
    assert {len(position) for position in sealed} == {64}
    assert len(set(sealed)) == len(sealed)
    assert [here.open(position) for position in sealed[:3]] == [
        Position("epoch-01", offset, "nonce-01") for offset in (one, one, other)
    ]


@given(st.text(max_size=100) | st.binary(min_size=48, max_size=48).map(lambda data: data.hex()))
def test_what_is_no_position_is_like_having_none(sealed: str) -> None:
    assert WIRE_OF_ROOM.open(sealed) is None


@given(st.integers(0, 63), st.characters(codec="ascii"))
def test_a_position_that_was_changed_is_none(place: int, character: str) -> None:
    whole = wire().seal(Position("epoch-01", 7, "nonce-01"))
    changed = whole[:place] + character + whole[place + 1 :]
    assert changed == whole or wire().open(changed) is None


# ---- in a meeting --------------------------------------------------------------------------------------------------------


@in_fake_time
async def test_every_process_names_an_entry_alike() -> None:
    async with two_houses() as (inn, other):
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        for guest in (ada, bea):
            guest.connection.read = lambda frame: frame
        ref = ada.say("post", origin_id="origin-1", text="hello")
        await inn.loop.settle()
        (said,) = [frame for frame in bea.all("entry") if frame.get("text") == "hello"]
        assert said["id"] == ada.answer(ref)["id"]
        assert [frame["position"] == said["position"] for frame in ada.all("entry") if frame["id"] == said["id"]] == [False]


@in_fake_time
async def test_every_room_has_a_key_of_its_own_for_ids_and_no_frame_shows_it() -> None:
    keys = set()
    for _ in range(2):
        async with house() as inn:
            ada = await inn.join("Ada", "host")
            key = inn.live_room().room.opened.ids_key
            keys.add(key)
            said = json.dumps(ada.frames)
            assert not [told for told in ("ids_key", key.hex(), b64encode(key).decode()[:20]) if told in said]
    assert {len(key) for key in keys} == {32}
    assert len(keys) == 2
