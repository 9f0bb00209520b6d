"""What the server cannot or may not understand is refused to its sender alone, and the room goes on as if nothing had been."""

import itertools
import json
from typing import Any

import pytest
from bare import frame as wire
from clients import TEXT
from fake_time import fake_time_loop, in_fake_time
from house import house
from talking import Company, Street, is_refusal, new_origin

from chatroom.core.commands import WIRE
from chatroom.core.limits import (
    FRAME_BYTES,
    GUEST_FRAME_BYTES,
    HELLO_SECONDS,
    MESSAGE_CODE_POINTS,
    READING_CODE_POINTS,
    REFUSALS_PER_SESSION,
)
from chatroom.core.refusals import CLOSINGS, Close
from chatroom.live.session import HELD_CHARACTERS, HELD_FRAMES

STRIKES = int(REFUSALS_PER_SESSION.burst)


def nested(levels: int) -> str:
    return "[" * levels + "]" * levels


def post(text: str) -> str:
    """A frame with this JSON for a text."""
    return '{"do":"post","origin_id":"abcdefgh","text":' + text + "}"


# ---- frames that cannot be understood -----------------------------------------------------------------------------------

NOT_UNDERSTOOD = {
    "nothing": ("", "not_json"),
    "a word": ("hello", "not_json"),
    "half an object": ('{"do":"end"', "not_json"),
    "single quotes": ("{'do':'end'}", "not_json"),
    "a comma too many": ('{"do":"end",}', "not_json"),
    "two objects": ('{"do":"end"}{"do":"end"}', "not_json"),
    "a byte order mark": ('\ufeff{"do":"end"}', "not_json"),
    "a null character": ('{"do":"end"}\0', "not_json"),
    "a bare control character": (post('"\n"'), "not_json"),
    "an unknown escape": (post('"\\x41"'), "not_json"),
    "NaN": ('{"do":"extend","minutes":NaN}', "not_json"),
    "Infinity": ('{"do":"extend","minutes":Infinity}', "not_json"),
    "minus Infinity": ('{"do":"extend","minutes":-Infinity}', "not_json"),
    "a lone high surrogate": (post('"\\ud800"'), "text_not_allowed"),
    "a lone low surrogate": (post('"\\udfff!"'), "text_not_allowed"),
    "surrogates the wrong way round": (post('"\\udc00\\ud800"'), "text_not_allowed"),
    "a lone surrogate as a command": ('{"do":"\\ud800"}', "text_not_allowed"),
    "a lone surrogate as a field": ('{"do":"end","\\ud800":1}', "text_not_allowed"),
    "an array": ('["end"]', "bad_command"),
    "a string": ('"end"', "bad_command"),
    "null": ("null", "bad_command"),
    "a number": ("1", "bad_command"),
    "a command that is a number": ('{"do":5}', "bad_command"),
    "a command that is an array": ('{"do":["end"]}', "bad_command"),
    "a command said twice": ('{"do":"calm","do":"end"}', "bad_command"),
    "a text that is a number": (post("5"), "bad_command"),
    "a text that is null": (post("null"), "bad_command"),
    "a text that is missing": ('{"do":"post","origin_id":"abcdefgh"}', "bad_command"),
    "an origin_id that is missing": ('{"do":"post","text":"hi"}', "bad_command"),
    "an origin_id that is short": ('{"do":"post","origin_id":"abcdefg","text":"hi"}', "bad_command"),
    "an origin_id that is long": ('{"do":"post","origin_id":"%s","text":"hi"}' % ("a" * 33), "bad_command"),
    "an origin_id with a line end": ('{"do":"post","origin_id":"abcdefgh\\n","text":"hi"}', "bad_command"),
    "an origin_id with a colon": ('{"do":"post","origin_id":"abcdefg:1","text":"hi"}', "bad_command"),
    "a switch that is a number": ('{"do":"react","message":"x","reaction":"heart","on":1}', "bad_command"),
    "a reaction that does not exist": ('{"do":"react","message":"x","reaction":"anger"}', "bad_command"),
    "an id that is a number": ('{"do":"redact","message":1}', "bad_command"),
    "an id that is a fraction": ('{"do":"redact","message":1.5}', "bad_command"),
    "an id that is nothing": ('{"do":"redact","message":null}', "bad_command"),
    "an id that is a list": ('{"do":"earlier","before":["x"]}', "bad_command"),
    "a number of 5,000 digits": ('{"do":"redact","message":%s}' % ("9" * 5_000), "bad_command"),
    "a number too large for a float": ('{"do":"redact","message":1e400}', "bad_command"),
    "a huge ref": ('{"do":"calm","ref":1%s}' % ("0" * 400), "bad_command"),
    "a ref that is a string": ('{"do":"calm","ref":"1"}', "bad_command"),
    "minutes that are not offered": ('{"do":"extend","minutes":60}', "bad_command"),
    "minutes that are true": ('{"do":"extend","minutes":true}', "bad_command"),
    "a long id": ('{"do":"unmute","participant":"%s"}' % ("a" * 33), "bad_command"),
    "a long reason": ('{"do":"redact","message":"x","reason":"%s"}' % ("a" * 201), "bad_command"),
    "no command": ("{}", "unknown_command"),
    "an empty command": ('{"do":""}', "unknown_command"),
    "an unknown command": ('{"do":"shout","text":"hi"}', "unknown_command"),
    "a command in capitals": ('{"do":"END"}', "unknown_command"),
    "the server's own `enter`": ('{"do":"enter","participant":"x","role":"host"}', "unknown_command"),
    "the server's own `tick`": ('{"do":"tick"}', "unknown_command"),
    "an event": ('{"is":"entry","event":"ended","offset":9}', "unknown_command"),
    "an unknown field": ('{"do":"end","quietly":true}', "bad_command"),
    "a role in a message": (post('"hi","role":"host"'), "bad_command"),
    "an author in a message": (post('"hi","by":"x"'), "bad_command"),
    "a prototype": ('{"do":"end","__proto__":{"role":"host"}}', "bad_command"),
    "100 levels for a text": (post(nested(100)), "bad_command"),
    "100 levels for a frame": (nested(100), "bad_command"),
    "10,000 levels for a text": (post(nested(10_000)), "bad_command"),
    "10,000 levels in an unknown field": ('{"do":"end","x":' + nested(10_000) + "}", "bad_command"),
    "10,000 levels before the command": ('{"x":' + nested(10_000) + ',"do":"end"}', "not_json"),
    "10,000 levels never closed": ("[" * 10_000, "bad_command"),
    "10,000 objects never closed": ('{"a":' * 10_000, "not_json"),
}


@pytest.mark.parametrize("what", NOT_UNDERSTOOD)
async def test_what_is_not_understood_is_refused_even_to_a_host(two_hosts: Company, what: str) -> None:
    frame, code = NOT_UNDERSTOOD[what]
    is_refusal(await two_hosts.cal.reply(frame), code, ref=0)


async def test_a_refusal_carries_the_ref_that_could_be_read(three: Company) -> None:
    for frame in ('{"do":"shout","ref":7}', '{"ref":7,"do":"calm","x":1}', '{"ref":7}'):
        assert (await three.cal.reply(frame))["ref"] == 7


async def test_binary_frames_are_refused(two_hosts: Company) -> None:
    is_refusal(await two_hosts.cal.reply(b'{"do":"end"}'), "binary_frame", ref=0)
    is_refusal(await two_hosts.cal.reply(bytes(FRAME_BYTES)), "binary_frame", ref=0)


async def test_who_sends_nothing_but_nonsense_is_sent_away(three: Company) -> None:
    for number in range(STRIKES):
        nonsense, code = ("nonsense", "not_json") if number % 2 else (b"nonsense", "binary_frame")
        is_refusal(await three.cal.reply(nonsense), code)
    three.cal.write(wire(TEXT, b"nonsense") * STRIKES)
    await three.cal.sent_away(Close.BAD_FRAMES)


# ---- sizes --------------------------------------------------------------------------------------------------------------


def padded(size_bytes: int, ref: int, letter: str = "a") -> str:
    """A message in a frame of this size, which ends with white space that means nothing."""
    frame = json.dumps({"do": "post", "ref": ref, "origin_id": new_origin(), "text": letter}, ensure_ascii=False)
    return frame + " " * (size_bytes - len(frame.encode()))


async def test_a_guest_may_send_16_kib_and_a_host_64(two_hosts: Company) -> None:
    for talker, most in ((two_hosts.bea, GUEST_FRAME_BYTES), (two_hosts.cal, FRAME_BYTES)):
        await talker.send(padded(most, ref=1_000_000))
        assert (await talker.answer(1_000_000))["is"] == "done"
    await two_hosts.settle()


@pytest.mark.parametrize("letter", ["a", "\u20ac" * 1_000, "\U0001f33f" * 1_000], ids=["1 byte", "3 bytes", "4 bytes"])
async def test_more_than_16_kib_from_a_guest_is_refused(three: Company, letter: str) -> None:
    is_refusal(await three.cal.reply(padded(GUEST_FRAME_BYTES + 1, 5, letter)), "frame_too_large", ref=5)


async def test_more_than_16_kib_at_the_door_is_refused(three: Company, server: Street) -> None:
    guest = await server.knock()
    is_refusal(await guest.reply(padded(GUEST_FRAME_BYTES + 1, 5)), "frame_too_large", ref=5)


async def test_more_than_64_kib_closes_the_connection(two_hosts: Company) -> None:
    await two_hosts.cal.send(padded(FRAME_BYTES + 1, ref=5))
    assert await two_hosts.cal.closed() == 1009


@pytest.mark.parametrize(("role", "limit"), [("guest", MESSAGE_CODE_POINTS), ("host", READING_CODE_POINTS)])
async def test_a_text_has_a_longest_length(two_hosts: Company, role: str, limit: int) -> None:
    talker = two_hosts.cal if role == "host" else two_hosts.bea
    text = "\U0001f33f\U0001f33e" * (limit // 2)
    refused = await talker.ask("post", origin_id=new_origin(), text=text + "!")
    is_refusal(refused, "text_too_long")
    assert str(limit) in refused["detail"]
    two_hosts.bea.settled = len(two_hosts.bea.frames)
    await two_hosts.is_unharmed()
    offset = await talker.post(text)
    assert (await two_hosts.ada.hears(offset))["text"] == text
    await two_hosts.settle()


# ---- out of turn --------------------------------------------------------------------------------------------------------

FOR_EVERYONE = {
    *("post", "retract", "react", "report", "earlier", "people", "leave"),
    *("raise_hand", "lower_hand", "later", "done", "pass_floor", "typing", "keep_floor", "accept_floor"),
    *("thank", "take_chip", "check_in", "pass_check_in", "vote", "ask_support", "say_privately"),
    *("worry", "note_content", "ask_direct", "answer_direct", "say_direct", "end_direct", "report_direct"),
}
EVERY_COMMAND: dict[str, dict[str, Any]] = {
    "hello": {"secret": "x"},
    "join": {"nickname": "Dan", "accept_rules": True},
    "suggest": {},
    "post": {"origin_id": "abcdefgh", "text": "hi"},
    "retract": {"message": "x"},
    "react": {"message": "x", "reaction": "heart"},
    "report": {"message": "x", "reason": "other"},
    "earlier": {"before": "x"},
    "people": {},
    "leave": {},
    "claim": {"item": "x"},
    "resolve_report": {"report": "x", "outcome": "acted"},
    "mute": {"participant": "x", "minutes": 1, "reason": "no"},
    "unmute": {"participant": "x"},
    "redact": {"message": "x"},
    "remove": {"participant": "x", "reason": "no"},
    "readmit": {"participant": "x"},
    "clear_address": {"participant": "x"},
    "set_door": {"door": "locked"},
    "admit": {"knock": "nobody"},
    "admit_all": {},
    "decline": {"knock": "nobody"},
    "send_back": {"participant": "nobody", "reason": "x"},
    "replace_moderator_link": {},
    "stop_posting": {},
    "resume_posting": {},
    "veil": {},
    "unveil": {},
    "calm": {},
    "end_calm": {},
    "set_pace": {"slow_seconds": 0, "listen_minutes": 0, "hold_new": False},
    "lower_guard": {},
    "change_role": {"participant": "x", "role": "moderator"},
    "extend": {"minutes": 5},
    "end": {},
    "next_phase": {"from": 0},
    "go_to_phase": {"phase": 0},
    "change_script": {"script": [{"title": "x"}], "phase": 0},
    "run_on_clock": {"on": True},
    "set_topic": {"topic": "x"},
    "read_text": {},
    "allow_chips": {"on": True},
    "set_fellowship": {"minutes": 5},
    "name_helper": {"participant": "x", "helper": "reader"},
    "take_chair": {},
    "raise_hand": {},
    "lower_hand": {},
    "later": {},
    "done": {},
    "pass_floor": {},
    "typing": {},
    "keep_floor": {},
    "accept_floor": {},
    "invite": {"participant": "x"},
    "move_hand": {"participant": "x", "place": 0},
    "skip_share": {},
    "close_queue": {},
    "open_queue": {},
    "last_word": {"participant": "x"},
    "set_floor": {"share_minutes": 4, "first_shares_first": True, "call_each": True, "protect_minutes": 0},
    "accept_held": {"held": "x"},
    "reject_held": {"held": "x", "reason": "no"},
    "worry": {"participant": "x"},
    "resolve_concern": {"concern": "x"},
    "open_line": {"participant": "x"},
    "redact_all": {"participant": "x"},
    "say_to_team": {"origin_id": "abcdefgh", "text": "hi"},
    "write_note": {"participant": "x", "text": "hi"},
    "take_break": {},
    "end_break": {},
    "note_content": {"message": "x", "topic": "drugs"},
    "set_words": {"words": [{"pattern": "x", "kind": "literal", "verdict": "hold"}]},
    "set_direct": {"on": True},
    "ask_direct": {"participant": "x"},
    "answer_direct": {"participant": "x", "yes": True},
    "say_direct": {"participant": "x", "origin_id": "abcdefgh", "text": "hi"},
    "end_direct": {"participant": "x"},
    "report_direct": {"participant": "x", "said": "x", "reason": "other"},
    "thank": {"origin_id": "abcdefgh", "reply": "welcome"},
    "take_chip": {"origin_id": "abcdefgh", "chip": "own", "words": "hi"},
    "start_check_in": {},
    "check_in": {"feeling": "calm", "urge": 0},
    "pass_check_in": {},
    "close_check_in": {},
    "open_poll": {"question": "x", "options": ["a", "b"], "kind": "single"},
    "vote": {"poll": "x", "choices": [0]},
    "close_poll": {"poll": "x"},
    "ask_support": {},
    "say_privately": {"origin_id": "abcdefgh", "text": "hi"},
    "claim_line": {"line": "x"},
    "close_line": {"line": "x"},
}


def test_the_table_of_commands_is_whole() -> None:
    assert set(EVERY_COMMAND) == {str(command.__struct_config__.tag) for command in WIRE}


async def test_a_connection_says_hello_then_joins_then_talks_and_nothing_else(three: Company, server: Street) -> None:
    guest = await server.knock()
    for do in EVERY_COMMAND.keys() - {"hello"}:
        is_refusal(await guest.ask(do, **EVERY_COMMAND[do]), "hello_first")
    guest = await server.knock()
    await guest.say({"do": "hello", "secret": three.keys.secret, "token": three.keys.host_token})
    await guest.until(lambda: [frame["is"] for frame in guest.frames] == ["door"])
    for do in EVERY_COMMAND.keys() - {"hello", "join", "suggest"}:
        is_refusal(await guest.ask(do, **EVERY_COMMAND[do]), "not_joined")
    is_refusal(await guest.ask("hello", secret=three.keys.secret), "hello_again")
    await three.is_unharmed()
    assert (await guest.ask("join", **EVERY_COMMAND["join"]))["is"] == "welcome"
    await three.settle()
    is_refusal(await guest.ask("hello", secret=three.keys.secret), "hello_again")
    for do in ("join", "suggest"):
        is_refusal(await guest.ask(do, **EVERY_COMMAND[do]), "already_joined")


async def test_a_second_hello_in_the_same_breath_is_refused(three: Company, server: Street) -> None:
    guest = await server.knock()
    for ref in (1, 2):
        await guest.say({"do": "hello", "ref": ref, "secret": three.keys.secret})
    is_refusal(await guest.answer(2), "hello_again")
    assert [frame["is"] for frame in guest.frames] == ["door", "refused"]


async def test_a_second_join_in_the_same_breath_takes_no_second_seat(three: Company, server: Street) -> None:
    guest = await server.hello(three.keys.secret)
    for ref, name in itertools.zip_longest((1, 2), ("Dan", "Eve")):
        await guest.say({"do": "join", "ref": ref, "nickname": name, "accept_rules": True})
    is_refusal(await guest.answer(2), "already_joined")
    await three.ada.catch_up()
    assert [frame["nickname"] for frame in three.ada.news] == ["Dan"]
    await three.settle()


async def test_who_is_sent_away_while_joining_takes_no_seat(server: Street) -> None:
    """Here joining lasts, since a passphrase is checked."""
    keys = await server.open_room(passphrase="quiet river")
    ada, guest = await server.join(keys, "Ada", keys.host_token), await server.hello(keys.secret)
    join = json.dumps({"do": "join", "nickname": "Dan", "accept_rules": True, "passphrase": "quiet river"}).encode()
    guest.write(wire(TEXT, join) + wire(TEXT, b"nonsense") * (HELD_FRAMES + STRIKES + 1))
    await guest.sent_away(Close.BAD_FRAMES)
    again = await server.hello(keys.secret)
    assert (await again.ask("join", nickname="Eve", accept_rules=True, passphrase="quiet river"))["is"] == "welcome"
    assert (await ada.hears(await ada.post("hello")))["text"] == "hello"
    assert [frame["nickname"] for frame in ada.frames if frame.get("event") == "joined"] == ["Eve"]


async def test_what_waits_for_a_slow_answer_is_bounded_in_size(server: Street) -> None:
    """Many who never named a room could fill the server's memory with it, and end every meeting there."""
    keys = await server.open_room(passphrase="quiet river")
    guest = await server.hello(keys.secret)
    join = {"do": "join", "ref": 1, "nickname": "Dan", "accept_rules": True, "passphrase": "quiet river"}
    refs = range(2, 2 + HELD_CHARACTERS // GUEST_FRAME_BYTES + 1)
    guest.write(
        b"".join(wire(TEXT, data.encode()) for data in (json.dumps(join), *(padded(GUEST_FRAME_BYTES, ref) for ref in refs)))
    )
    is_refusal(await guest.answer(refs[-1]), "slow_down")
    for ref in refs[:-1]:
        assert (await guest.answer(ref)).get("code") != "slow_down"


async def test_a_participant_may_not_do_what_moderators_and_hosts_do(three: Company) -> None:
    aims = {"participant": three.bea.me, "message": await three.bea.post("hello"), "report": "x"}
    await three.settle()
    for do in EVERY_COMMAND.keys() - {"hello", "join", "suggest", *FOR_EVERYONE}:
        fields = {name: aims.get(name, value) for name, value in EVERY_COMMAND[do].items()}
        is_refusal(await three.cal.ask(do, **fields), "not_allowed")


@in_fake_time
async def test_who_says_no_hello_is_sent_away_whatever_else_it_says() -> None:
    async with house() as rooms:
        silent, talking = rooms.knock(), rooms.knock()
        for _ in range(HELLO_SECONDS):
            assert not silent.closed
            assert not talking.closed
            talking.send("nonsense")
            talking.say("join", nickname="Dan", accept_rules=True)
            await fake_time_loop().advance(1)
        for guest in (silent, talking):
            assert guest.closed == Close.NO_HELLO
            assert guest.frames[-1]["sentence"] == CLOSINGS[Close.NO_HELLO].sentence


@in_fake_time
async def test_who_is_refused_a_hello_must_say_it_again_in_time() -> None:
    async with house() as rooms:
        address = rooms.new_address()
        while (guest := await rooms.door(address=address, secret="no such room at all here")).closed == Close.NO_SUCH_ROOM:
            pass
        refusal = guest.last("refused")
        is_refusal(refusal, "slow_down")
        await fake_time_loop().advance(refusal["retry_after_seconds"])
        assert guest.all("closing") == []
        await fake_time_loop().advance(HELLO_SECONDS)
        assert guest.last("closing")["code"] == Close.NO_HELLO
