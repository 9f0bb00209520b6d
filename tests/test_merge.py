"""Two histories of a room made one."""

import msgspec
from followers import LOCK, ROOM

from chatroom.core.events import EVENTS, Entry, MessagePosted, Reacted, Reaction, Redacted
from chatroom.log.merge import REFERENCES, Fork, continues

NO_OFFSETS = {
    "at", "attempt", "capacity", "count", "doors_at", "ends_at", "fellowship_minutes", "index", "listen_minutes", "minutes",
    "page", "place", "protect_minutes", "share_minutes", "share_ms", "since", "slow_seconds", "started_at", "starts_at",
    "erased", "until", "urge",
}  # fmt: skip


def entries(*events: object, first: int = 1, named: str = "") -> list[Entry]:
    """Entries whose nonces are their letters in `named`."""
    return [Entry(first + i, 1000 + i, nonce, event) for i, (nonce, event) in enumerate(zip(named, events, strict=True))]  # type: ignore[arg-type]


def said(text: str) -> MessagePosted:
    return MessagePosted("ada", text, "o")


def test_every_number_in_an_event_is_known_to_be_an_offset_or_not() -> None:
    """An event that names an entry in a new way must be numbered anew as well."""
    fields = {(event, field.name) for event in EVENTS for field in msgspec.structs.fields(event) if field.type is int}
    assert {(event, name) for event, name in fields if name not in NO_OFFSETS} == set(REFERENCES.items())


def test_what_the_log_has_comes_first_and_what_it_lacks_follows_under_new_offsets() -> None:
    held = entries(ROOM, said("a"), said("b"), Reacted("ada", 3, Reaction.HUG, True), named="Rabc")
    stored = entries(ROOM, said("a"), LOCK, said("x"), named="RaLx")
    fork = Fork(held, stored, {})
    assert [entry.nonce for entry in fork.lacking()] == ["b", "c"]
    joined = fork.joined()
    assert [(entry.offset, entry.nonce) for entry in joined] == [(1, "R"), (2, "a"), (3, "L"), (4, "x"), (5, "b"), (6, "c")]
    assert joined[-1].event == Reacted("ada", 5, Reaction.HUG, True)
    assert [entry.at for entry in joined] == sorted(entry.at for entry in joined)


def test_a_draft_appended_to_both_is_there_once() -> None:
    held = entries(ROOM, said("a"), said("b"), Redacted(2, "mod"), named="Rabc")
    stored = entries(ROOM, said("x"), said("a"), said("b"), named="Rxyz")
    fork = Fork(held, stored, {"a": b"one", "y": b"one", "c": b"two"})
    assert [entry.nonce for entry in fork.joined()] == ["R", "x", "y", "z", "c"]
    assert fork.joined()[-1].event == Redacted(3, "mod")


def test_what_is_erased_in_one_is_erased_in_both() -> None:
    held = entries(ROOM, said(""), said("b"), said("c"), named="Rabc")
    stored = entries(ROOM, said("a"), said(""), LOCK, named="RabL")
    assert [getattr(entry.event, "text", None) for entry in Fork(held, stored, {}).joined()] == [None, "", "", None, "c"]


def test_what_a_log_has_forgotten_is_not_lacking() -> None:
    held = entries(ROOM, said("a"), said("b"), named="Rab")
    stored = entries(said("b"), said("c"), first=3, named="bc")
    assert Fork(held, stored, {}).lacking() == []


def test_held_entries_continue_a_log_that_ends_among_or_before_them() -> None:
    held = entries(said("a"), said("b"), first=5, named="ab")
    assert [continues(held, head, "a") for head in (3, 5, 6, 7)] == [True, True, False, False]
