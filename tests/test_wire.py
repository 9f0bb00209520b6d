"""What comes over the wire is a command or is refused; what goes out is JSON that any browser reads."""

import json
from collections.abc import Mapping
from typing import Any, get_args, get_type_hints

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatroom.core.commands import WIRE, Command, Hello, Mute, Post, Report, WireCommand
from chatroom.core.direct_commands import ReportDirect
from chatroom.core.door_events import Door
from chatroom.core.entry_ids import EntryId
from chatroom.core.events import EVENTS, AnyEvent, ReportReason
from chatroom.core.floor_commands import RaiseHand
from chatroom.core.floor_events import HandReason, Helper
from chatroom.core.formats import PROTOCOL
from chatroom.core.frames import ENTRY_FRAMES, PERSONAL_FRAMES, SERVER_FRAMES
from chatroom.core.limits import FRAME_BYTES
from chatroom.core.refusals import REFUSALS, Refused
from chatroom.core.safety_commands import NoteContent, SetWords
from chatroom.core.safety_events import Topic, Word
from chatroom.core.script import Phase, Script
from chatroom.core.stored import decode_event, encode_event
from chatroom.core.support_commands import Chip, ThanksReply
from chatroom.core.support_events import Feeling, PollKind
from chatroom.core.wire import command_decoder, decode_command, ref_of
from chatroom.live.connection import Frame

TAGS = [str(command.__struct_config__.tag) for command in WIRE]
FIELDS = sorted({name for command in WIRE for name in command.__struct_encode_fields__} | {"do", "admin", "__class__", ""})

values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
almost_commands = st.builds(
    lambda do, fields: json.dumps({"do": do, **fields}),
    st.sampled_from([*TAGS, "shout", None, 7]),
    st.dictionaries(st.sampled_from(FIELDS), values, max_size=5),
)


@pytest.mark.parametrize("half", [r"\ud83d", r"\uDE00", r"\ude00\ud83d", r"so \ud83d.", r"\ud83d\ud83d\ude00"])
def test_half_a_character_is_refused_with_the_ref_of_its_frame(half: str) -> None:
    text = f'{{"do":"post","origin_id":"{"a" * 20}","text":"{half}","ref":77}}'
    outcome = decoded(text)
    assert isinstance(outcome, Refused)
    assert (outcome.code, ref_of(text)) == ("text_not_allowed", 77)


def test_a_whole_character_in_two_escapes_is_one() -> None:
    outcome = decoded(rf'{{"do":"post","origin_id":"{"a" * 20}","text":"\ud83d\ude00"}}')
    assert isinstance(outcome, Post)
    assert outcome.text == "\U0001f600"


def check(text: str) -> None:
    """A command or a refusal, and always a ref that can be sent back."""
    ref = ref_of(text)
    assert 0 <= ref <= 2**53
    outcome = decoded(text)
    if isinstance(outcome, Refused):
        assert outcome.code in ("not_json", "bad_command", "unknown_command", "text_not_allowed")
        Frame.of({"detail": outcome.detail, "ref": ref})
    else:
        assert isinstance(outcome, Command)
        assert outcome.ref == ref
        Frame.of(outcome)


def decoded(text: str) -> Command | Refused:
    try:
        return decode_command(text)
    except Refused as refusal:
        return refusal


@given(st.text())
def test_any_text_is_a_command_or_refused(text: str) -> None:
    check(text)


@given(values)
def test_any_json_is_a_command_or_refused(value: Any) -> None:
    check(json.dumps(value))


@given(almost_commands)
def test_anything_like_a_command_is_a_command_or_refused(text: str) -> None:
    check(text)


@given(almost_commands, st.integers(0, 200), st.characters())
def test_a_damaged_command_is_a_command_or_refused(text: str, place: int, character: str) -> None:
    check(text[:place] + character + text[place + 1 :])
    check(text[:place])


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "not_json"),
        ("hello", "not_json"),
        ("{", "not_json"),
        ('{"do": "leave"} x', "not_json"),
        ('{"do": "leave", "ref": NaN}', "not_json"),
        ('{"do": "leave", "ref": Infinity}', "not_json"),
        ('{"do": "post", "origin_id": "origin-1", "text": "\ud800"}', "not_json"),
        (r'{"do": "post", "origin_id": "origin-1", "text": "\ud800"}', "text_not_allowed"),
        ("[" * 100_000, "bad_command"),
        ('{"do": "leave", "ref": ' + "[" * 100_000, "bad_command"),
        ('{"do": "leave", "more": ' + "[" * 100_000, "bad_command"),
        ("null", "bad_command"),
        ("[]", "bad_command"),
        ("7", "bad_command"),
        ("{}", "unknown_command"),
        ('{"do": "shout"}', "unknown_command"),
        ('{"do": null}', "bad_command"),
        ('{"do": "Leave"}', "unknown_command"),
        ('{"do": "tick"}', "unknown_command"),
        ('{"do": "enter", "participant": "x"}', "unknown_command"),
        ('{"do": "leave", "ref": -1}', "bad_command"),
        ('{"do": "leave", "ref": 1e400}', "bad_command"),
        ('{"do": "leave", "ref": 99999999999999999999999999}', "bad_command"),
        ('{"do": "leave", "ref": "1"}', "bad_command"),
        ('{"do": "leave", "participant": "someone"}', "bad_command"),
        ('{"do": "join", "nickname": "Bea", "accept_rules": true, "role": "host"}', "bad_command"),
        ('{"do": "join", "nickname": "Bea", "accept_rules": 1}', "bad_command"),
        ('{"do": "post", "origin_id": "origin-1"}', "bad_command"),
        ('{"do": "post", "origin_id": "short", "text": "x"}', "bad_command"),
        (r'{"do": "post", "origin_id": "origin-1\n", "text": "x"}', "bad_command"),
        ('{"do": "post", "origin_id": "origin 01", "text": "x"}', "bad_command"),
        ('{"do": "post", "origin_id": "origin-1", "text": null}', "bad_command"),
        ('{"do": "react", "message": 2, "reaction": "heart"}', "bad_command"),
        ('{"do": "react", "message": null, "reaction": "heart"}', "bad_command"),
        ('{"do": "react", "message": ["2"], "reaction": "heart"}', "bad_command"),
        ('{"do": "react", "message": "2", "reaction": "thumbs_down"}', "bad_command"),
        ('{"do": "mute", "participant": "x", "minutes": 2, "reason": "x"}', "bad_command"),
        ('{"do": "mute", "participant": "x", "reason": "x"}', "bad_command"),
        ('{"do": "change_role", "participant": "x", "role": "host"}', "bad_command"),
        ('{"do": "hello", "secret": "x", "position": ["epoch", 1, "nonce"]}', "bad_command"),
        ('{"do": "hello", "secret": "x", "position": 1}', "bad_command"),
    ],
)
def test_what_is_refused_and_why(text: str, code: str) -> None:
    with pytest.raises(Refused) as caught:
        decode_command(text)
    assert caught.value.code == code
    assert code in REFUSALS
    assert ref_of(text) == 0


def test_the_ref_of_a_bad_command_is_kept() -> None:
    assert ref_of('{"do": "shout", "ref": 7}') == 7
    assert ref_of('{"ref": 7, "do": "post", "text": 5}') == 7
    assert ref_of('{"ref": 7, "do": 9}') == 0


@pytest.mark.parametrize("command", WIRE, ids=TAGS)
@settings(max_examples=20)
@given(data=st.data())
def test_every_command_survives_the_wire(command: type[Command], data: st.DataObject) -> None:
    original = data.draw(st.builds(command, **{name: values_of(command, name) for name in command.__struct_fields__}))
    sent = msgspec.json.encode(original, enc_hook=lambda offset: f"#{offset}").decode()
    assert decode_command(sent, command_decoder(lambda name: int(name[1:]))) == original


ids = st.text(max_size=32)
offsets = st.integers(1, 2**31).map(EntryId)
scripts = st.lists(st.builds(Phase, minutes=st.integers(0, 240))).map(tuple)
fields: dict[str, st.SearchStrategy[Any]] = {
    "ref": st.integers(0, 2**53),
    "secret": ids,
    "token": ids,
    "seat": ids,
    "position": ids,
    "page": st.integers(0, 2**53),
    "attempt": st.integers(0, 2**53),
    "after": ids,
    "protocol": st.integers(0, 2**53),
    "nickname": ids,
    "accept_rules": st.booleans(),
    "passphrase": ids,
    "origin_id": st.from_regex(r"\A[A-Za-z0-9_-]{8,32}\Z"),
    "text": st.text(),
    "message": offsets,
    "report": offsets,
    "before": st.none() | offsets,
    "reaction": st.sampled_from(("heart", "hug", "strength", "me_too", "thanks")),
    "on": st.booleans(),
    "quiet": st.booleans(),
    "words": ids,
    "reason": ids,
    "outcome": st.sampled_from(("acted", "nothing_needed")),
    "participant": ids,
    "minutes": st.just(5),
    "role": st.sampled_from(("moderator", "participant")),
    "reply": st.sampled_from(ThanksReply),
    "chip": st.sampled_from(Chip),
    "in_turn": st.booleans(),
    "feeling": st.sampled_from(Feeling),
    "urge": st.integers(0, 10),
    "question": st.text(),
    "options": st.lists(st.text(), min_size=2, max_size=10).map(tuple),
    "kind": st.sampled_from(PollKind),
    "live": st.booleans(),
    "poll": offsets,
    "choices": st.lists(st.integers(0, 9)).map(tuple),
    "line": ids,
    "from_": st.integers(-1, 10_000),
    "phase": st.integers(-1, 10_000),
    "script": scripts,
    "topic": st.text(),
    "helper": st.sampled_from(Helper),
    "after_next": st.booleans(),
    "place": st.integers(0, 10_000),
    "share": st.none() | offsets,
    "share_minutes": st.integers(0, 10),
    "first_shares_first": st.booleans(),
    "call_each": st.booleans(),
    "protect_minutes": st.integers(0, 30),
    "anyway": st.booleans(),
    "holds_words": st.booleans(),
    "item": offsets,
    "held": offsets,
    "concern": offsets,
    "said": offsets,
    "yes": st.booleans(),
    "device": ids,
    "work": ids,
    "door": st.sampled_from(Door),
    "knock": ids,
    "slow_seconds": st.integers(0, 300),
    "listen_minutes": st.integers(0, 30),
    "hold_new": st.booleans(),
    "erase": st.none() | st.booleans(),
    "show_removed": st.booleans(),
}
WORDS = st.lists(st.builds(Word, pattern=ids)).map(tuple)
OTHERS: dict[tuple[type[Command], str], st.SearchStrategy[Any]] = {
    (Report, "reason"): st.sampled_from(ReportReason),
    (ReportDirect, "reason"): st.sampled_from(ReportReason),
    (RaiseHand, "reason"): st.sampled_from(HandReason),
    (Post, "topic"): st.sampled_from(Topic),
    (NoteContent, "topic"): st.sampled_from(Topic),
    (SetWords, "words"): WORDS,
}
"""Fields that hold something else in one command than in the others."""


def values_of(command: type[Command], name: str) -> st.SearchStrategy[Any]:
    return OTHERS.get((command, name), fields[name])


def test_unknown_reasons_and_long_words_are_refused() -> None:
    for words in ("x" * 201, "\u00e9" * 201):
        with pytest.raises(Refused, match="bad_command"):
            decode_command(json.dumps({"do": "report", "message": "2", "reason": "spam", "words": words}))
    with pytest.raises(Refused, match="bad_command"):
        decode_command(json.dumps({"do": "report", "message": "2", "reason": "rude"}))


def test_a_mute_until_the_end_is_said_with_null() -> None:
    command = decode_command('{"do": "mute", "participant": "x", "minutes": null, "reason": "x"}')
    assert command == Mute(participant="x", minutes=None, reason="x")


@given(st.text())
def test_a_text_arrives_as_it_was_sent(text: str) -> None:
    command = Post(origin_id="origin-1", text=text)
    assert decode_command(json.dumps(msgspec.to_builtins(command))) == command


@pytest.mark.parametrize("size", [2, 125, 126, 127, 65_535, 65_536, 70_000])
def test_a_frame_is_one_whole_websocket_frame(size: int) -> None:
    """RFC 6455, section 5.2: final, text, unmasked, the shortest length that fits."""
    frame = Frame.of("x" * (size - 2))
    (payload,) = frame.payloads
    head = frame[:-size]
    assert frame == head + payload
    assert json.loads(payload) == "x" * (size - 2)
    assert (head[0], head[1], int.from_bytes(head[2:])) == (0x81, *extended_length(size))
    assert len(head) == 2 + 2 * (126 <= size < 65_536) + 8 * (size >= 65_536)


def extended_length(size: int) -> tuple[int, int]:
    return (size, 0) if size < 126 else (126, size) if size < 65_536 else (127, size)


def test_frames_joined_are_the_frames_in_order() -> None:
    one, two = Frame.of({"is": "one"}), Frame.of({"is": "two"})
    joined = Frame.joined([one, two])
    assert joined == bytes(one) + bytes(two)
    assert joined.payloads == one.payloads + two.payloads
    assert Frame.joined([one]) is one


def test_the_frames_of_the_server_are_named_once() -> None:
    tags = [str(frame.__struct_config__.tag) for frame in (*SERVER_FRAMES, *ENTRY_FRAMES, *PERSONAL_FRAMES)]
    assert len(tags) == len(set(tags))


numbers = st.integers(0, 2**53)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
@settings(max_examples=20)
@given(data=st.data())
def test_every_event_survives_the_log(event: type[Any], data: st.DataObject) -> None:
    values: dict[Any, st.SearchStrategy[Any]] = {int: numbers, tuple[int, ...]: st.lists(numbers).map(tuple), Script: scripts}
    values[tuple[Word, ...]] = WORDS
    kinds = {name: values[kind] for name, kind in get_type_hints(event).items() if kind in values}
    original: AnyEvent = data.draw(st.builds(event, **kinds))
    assert decode_event(encode_event(original)) == original


def test_a_newer_page_comes_in_and_what_it_asks_with_a_field_that_is_not_known_is_refused_kindly() -> None:
    newer = {"do": "hello", "secret": "s", "protocol": PROTOCOL + 1, "colour": "warm"}
    hello = decode_command(json.dumps(newer))
    assert (type(hello), hello) == (Hello, Hello(secret="s", protocol=PROTOCOL + 1))
    for ours in (newer | {"protocol": PROTOCOL}, newer | {"page": -1}, newer | {"secret": 1}):
        assert refusal_of(ours).code == "bad_command"
    for asked in ({"do": "post", "origin_id": "o" * 8, "text": "x", "colour": "warm"}, {"do": "hug"}):
        refusal = refusal_of(asked, is_newer=True)
        assert (refusal.code, refusal.detail) == ("upgrade_unfinished", "")
        assert refusal_of(asked).code in {"bad_command", "unknown_command"}


def refusal_of(frame: Mapping[str, object], *, is_newer: bool = False) -> Refused:
    with pytest.raises(Refused) as refused:
        decode_command(json.dumps(frame), is_newer=is_newer)
    return refused.value


def test_the_largest_command_fits_into_a_frame() -> None:
    text = "\U0001f33f" * 10_000
    assert len(msgspec.json.encode(Post(origin_id="o" * 32, text=text))) < FRAME_BYTES


def test_the_wire_commands_are_those_of_the_union() -> None:
    assert get_args(WireCommand) == WIRE


@pytest.mark.parametrize(
    "text",
    [
        '{"do":"leave","kumquat":1}',
        '{"do":"leave","` - at kumquat`":1}',
        '{"do":"set_door","door":"kumquat"}',
        '{"do":"set_door","door":"a\\n - at `b` kumquat"}',
        '{"do":"kumquat"}',
        '{"do":"set_words","words":[{"kumquat":1}]}',
        '{"do":"react","message":"kumquat","reaction":["kumquat"]}',
    ],
)
def test_what_does_not_fit_is_told_without_what_came(text: str) -> None:
    with pytest.raises(Refused) as caught:
        decode_command(text)
    assert "kumquat" not in caught.value.detail


def test_where_it_does_not_fit_is_told() -> None:
    for text, detail in (
        ('{"do":"set_words","words":[{"kumquat":1}]}', "Object contains unknown field - at `$.words[0]`"),
        ('{"do":"set_door","door":"ajar"}', "Invalid enum value - at `$.door`"),
        ('{"do":"mute","participant":"x","reason":"y","minutes":"five"}', "Expected `int | null`, got `str` - at `$.minutes`"),
    ):
        with pytest.raises(Refused) as caught:
            decode_command(text)
        assert caught.value.detail == detail
