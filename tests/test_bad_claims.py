"""Claims that are not so: other rooms' ids and tokens, forged roles, links that are over, names and words that may not be."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from typing import Any

import pytest
import pytest_asyncio
from fake_time import fake_time_loop, in_fake_time
from house import house
from scene_drivers import WAIT_SECONDS
from talking import Company, Street, company, is_refusal, new_origin
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus

from chatroom.core.identity import SECRET_BYTES, new_secret
from chatroom.core.limits import EXPIRY_GRACE_SECONDS, GUEST_FRAME_BYTES, NICKNAME_CODE_POINTS
from chatroom.core.refusals import Close
from chatroom.live.opening import OpenedRoom

NEVER_EXISTED = new_secret(bytes(SECRET_BYTES))


@pytest_asyncio.fixture
async def other(server: Street) -> AsyncIterator[Company]:
    """Another room, which is to be unharmed as well."""
    async with company(server) as three:
        yield three


# ---- another room's ids and tokens, and ids off by one ------------------------------------------------------------------

ABOUT_MESSAGES: dict[str, dict[str, Any]] = {
    "retract": {},
    "react": {"reaction": "heart"},
    "report": {"reason": "other"},
    "redact": {"reason": "no"},
    "note_content": {"topic": "drugs"},
}
ABOUT_REPORTS: dict[str, tuple[str, str, dict[str, Any]]] = {
    "claim": ("item", "no_such_item", {}),
    "resolve_report": ("report", "no_such_report", {"outcome": "acted"}),
    "accept_held": ("held", "no_such_item", {}),
    "reject_held": ("held", "no_such_item", {"reason": "no"}),
    "resolve_concern": ("concern", "no_such_item", {}),
}
ABOUT_PEOPLE: dict[str, dict[str, Any]] = {
    "mute": {"minutes": 1, "reason": "no"},
    "unmute": {},
    "remove": {"reason": "no"},
    "readmit": {},
    "clear_address": {},
    "change_role": {"role": "moderator"},
    "redact_all": {"reason": "no"},
    "open_line": {},
}


async def a_reported_message(three: Company) -> tuple[str, str]:
    """Bea says something and reports it: the ids of the two entries."""
    message = await three.bea.post("hello")
    report = await three.bea.ask("report", message=message, reason="other")
    await three.settle()
    return message, str(report["id"])


def almost(name: str) -> list[str]:
    """What is nearly this id, and what is none at all."""
    changed = ("B" if name[0] == "A" else "A") + name[1:]
    return [changed, f" {name[:-1]}"]


async def test_ids_of_another_room_mean_nothing_here(two_hosts: Company, other: Company) -> None:
    cal, stranger = two_hosts.cal, other.bea.me
    for _ in range(3):
        message, report = await a_reported_message(other)
        for do, fields in ABOUT_MESSAGES.items():
            is_refusal(await cal.ask(do, message=message, **fields), "no_such_message")
        for do, (name, code, fields) in ABOUT_REPORTS.items():
            is_refusal(await cal.ask(do, **{name: report}, **fields), code)
    for do, fields in ABOUT_PEOPLE.items():
        is_refusal(await cal.ask(do, participant=stranger, **fields), "no_such_person")


@pytest.mark.parametrize("do", ABOUT_MESSAGES)
async def test_what_is_no_id_of_a_message_names_none(two_hosts: Company, do: str) -> None:
    message, report = await a_reported_message(two_hosts)
    for name in (report, *almost(message)):
        is_refusal(await two_hosts.cal.ask(do, message=name, **ABOUT_MESSAGES[do]), "no_such_message")


@pytest.mark.parametrize("do", ABOUT_REPORTS)
async def test_what_is_no_id_of_a_report_names_none(two_hosts: Company, do: str) -> None:
    message, report = await a_reported_message(two_hosts)
    name, code, fields = ABOUT_REPORTS[do]
    for wrong in (message, *almost(report)):
        is_refusal(await two_hosts.cal.ask(do, **{name: wrong}, **fields), code)


@pytest.mark.parametrize("do", ABOUT_PEOPLE)
async def test_ids_beside_a_person_are_nobody(two_hosts: Company, do: str) -> None:
    bea = two_hosts.bea.me
    for wrong in (bea[:-1], bea[:-1] + ("a" if bea[-1] != "a" else "b"), bea.upper(), bea + " ", "Bea", "bea", ""):
        is_refusal(await two_hosts.cal.ask(do, participant=wrong, **ABOUT_PEOPLE[do]), "no_such_person")


async def test_what_someone_else_said_cannot_be_taken_back(two_hosts: Company) -> None:
    message, _ = await a_reported_message(two_hosts)
    is_refusal(await two_hosts.cal.ask("retract", message=message), "not_yours")


async def test_a_seat_of_another_room_is_no_seat_here(three: Company, other: Company, server: Street) -> None:
    for token in ("", three.keys.host_token):
        for seat in (other.ada.seat, three.bea.seat.upper(), three.bea.me, three.keys.host_token):
            guest = await server.hello(three.keys.secret, token, seat=seat, position=other.ada.welcome["position"])
            assert [frame["is"] for frame in guest.frames] == ["door"]
            assert guest.frames[0]["role"] == ("host" if token else "participant")


POSITIONS: dict[str, Callable[[str, str], str]] = {
    "of another room": lambda mine, theirs: theirs,
    "one character changed": lambda mine, theirs: ("B" if mine[0] == "A" else "A") + mine[1:],
    "the last character changed": lambda mine, theirs: mine[:-1] + ("B" if mine[-1] == "A" else "A"),
    "put together of two": lambda mine, theirs: mine[:32] + theirs[32:],
    "cut short": lambda mine, theirs: mine[:-4],
    "with more behind it": lambda mine, theirs: mine + "AAAA",
    "in plain text": lambda mine, theirs: "7",
    "not in the alphabet": lambda mine, theirs: "\U0001f33f" * 16,
    "of nothing": lambda mine, theirs: "",
}


@pytest.mark.parametrize("which", POSITIONS)
async def test_a_position_that_is_not_mine_gives_a_fresh_snapshot(
    three: Company, other: Company, server: Street, which: str
) -> None:
    cal = three.cal
    position = POSITIONS[which](cal.welcome["position"], other.cal.welcome["position"])
    again = await server.hello(three.keys.secret, seat=cal.seat, position=position)
    await cal.sent_away(Close.TAKEN_OVER)
    assert again.welcome["recovered"] is False
    assert again.welcome["room"]["me"] == cal.welcome["room"]["me"]
    await again.catch_up()
    assert again.news == [again.welcome]


# ---- forged roles -------------------------------------------------------------------------------------------------------

TOKENS: dict[str, Callable[[OpenedRoom, OpenedRoom], str]] = {
    "a role's name": lambda here, there: "host",
    "another room's host token": lambda here, there: there.host_token,
    "another room's moderator token": lambda here, there: there.moderator_token,
    "a made up token": lambda here, there: "a" * 26,
    "a token with a wrong end": lambda here, there: here.host_token[:-1] + ("a" if here.host_token[-1] != "a" else "b"),
    "a token cut short": lambda here, there: here.host_token[:-1],
    "a token in capitals": lambda here, there: here.host_token.upper(),
    "a token and more": lambda here, there: here.host_token + " ",
    "two tokens": lambda here, there: here.host_token + here.moderator_token,
    "the secret": lambda here, there: here.secret,
    "SQL": lambda here, there: "' OR 1=1 --",
    "a null character": lambda here, there: here.host_token + "\0",
}


@pytest.mark.parametrize("which", TOKENS)
async def test_a_token_that_is_not_this_room_s_opens_nothing(
    three: Company, other: Company, server: Street, which: str
) -> None:
    guest = await server.hello(three.keys.secret, TOKENS[which](three.keys, other.keys))
    await guest.sent_away(Close.NO_SUCH_ROOM)
    assert len(guest.frames) == 1


async def test_a_role_cannot_be_asked_for(three: Company, server: Street) -> None:
    guest = await server.knock()
    is_refusal(await guest.ask("hello", secret=three.keys.secret, role="host"), "bad_command")
    await guest.say({"do": "hello", "secret": three.keys.secret})
    await guest.until(lambda: guest.frames[-1]["is"] == "door")
    for forged in ({"role": "host"}, {"token": three.keys.host_token}, {"participant": three.ada.me}):
        is_refusal(await guest.ask("join", nickname="Dan", accept_rules=True, **forged), "bad_command")
    await three.is_unharmed()
    assert (await guest.ask("join", nickname="Dan", accept_rules=True))["room"]["me"]["role"] == "participant"
    await three.settle()


# ---- links that lead nowhere --------------------------------------------------------------------------------------------


async def said_and_closed(server: Street, **hello: Any) -> tuple[list[bytes], int | None, str | None]:
    """Everything that the server answers to this hello until it closes, byte for byte."""
    said = list[bytes]()
    async with asyncio.timeout(WAIT_SECONDS), server.connect() as socket:
        await socket.send(json.dumps({"do": "hello", "ref": 3, **hello}))
        with suppress(ConnectionClosed):
            while True:
                said.append(await socket.recv(decode=False))
    return said, socket.close_code, socket.close_reason


async def test_wrong_ended_and_never_existed_are_the_same_to_the_byte(three: Company, server: Street) -> None:
    ended = await server.open_room()
    host = await server.join(ended, "Ada", ended.host_token)
    await host.say({"do": "end"})
    await host.sent_away(Close.ENDED)
    mine, position = {"seat": host.seat}, {"position": host.welcome["position"]}
    one_word_wrong = three.keys.secret.rpartition("-")[0] + "-" + NEVER_EXISTED.rpartition("-")[2]
    answers = [
        await said_and_closed(server, secret=NEVER_EXISTED),
        await said_and_closed(server, secret=one_word_wrong),
        await said_and_closed(server, secret=one_word_wrong, token=three.keys.host_token),
        await said_and_closed(server, secret="not words of the list at all"),
        await said_and_closed(server, secret=""),
        await said_and_closed(server, secret=ended.secret),
        await said_and_closed(server, secret=ended.secret, token=ended.host_token),
        await said_and_closed(server, secret=ended.secret, token=ended.moderator_token, **mine),
        await said_and_closed(server, secret=ended.secret, **mine, **position),
        await said_and_closed(server, secret=three.keys.secret, token=ended.host_token),
        await said_and_closed(server, secret=three.keys.secret, token="a" * 26, **mine),
    ]
    assert answers == [answers[0]] * len(answers)
    [said], code, reason = answers[0]
    assert json.loads(said)["code"] == code == Close.NO_SUCH_ROOM
    assert reason == "no_such_room"


@in_fake_time
async def test_a_link_whose_time_is_up_is_as_if_it_had_never_been() -> None:
    async with house(minutes=15) as rooms:
        ada = await rooms.join("Ada", "host")
        await fake_time_loop().advance(15 * 60 + 1)
        assert ada.closed == Close.ENDED
        for _ in range(2):
            never = await rooms.door(secret=NEVER_EXISTED, token="")
            for fields in ({}, {"token": ""}, {"seat": ada.seat, "position": ada.position}):
                late = await rooms.door("host", **fields)
                assert (late.closed, late.frames) == (Close.NO_SUCH_ROOM, never.frames)
            await fake_time_loop().advance(EXPIRY_GRACE_SECONDS)


@pytest.mark.parametrize(
    "origins",
    [
        ["{url}.evil.example"],
        ["{url}@evil.example"],
        ["{url}, https://evil.example"],
        ["https://evil.example"],
        ["null"],
        [""],
        [],
    ],
    ids=["another host", "a name before it", "two in one", "another site", "null", "empty", "none"],
)
async def test_a_page_from_elsewhere_reaches_nothing(three: Company, server: Street, origins: list[str]) -> None:
    given = [("Origin", origin.format(url=server.server.url)) for origin in origins]
    with pytest.raises(InvalidStatus) as refused:
        await connect(server.server.ws_url, additional_headers=given, proxy=None)
    assert refused.value.response.status_code == 403


# ---- words --------------------------------------------------------------------------------------------------------------


async def test_one_origin_id_stands_for_one_text(three: Company) -> None:
    origin = new_origin()
    first = await three.cal.ask("post", origin_id=origin, text="caf\u00e9\n")
    again = await three.cal.ask("post", origin_id=origin, text=" cafe\u0301\r\n")
    assert (again["is"], again["id"]) == ("done", first["id"])
    for text in ("cafe", "caf\u00e9!", "CAF\u00c9"):
        is_refusal(await three.cal.ask("post", origin_id=origin, text=text), "origin_reused")
    assert (await three.bea.hears(first["id"]))["text"] == "caf\u00e9"
    theirs = await three.bea.ask("post", origin_id=origin, text="Bea's own")
    assert theirs["id"] != first["id"]
    await three.ada.catch_up()
    assert [(frame["event"], frame["text"]) for frame in three.ada.news] == [
        ("message_posted", "caf\u00e9"),
        ("message_posted", "Bea's own"),
    ]
    await three.settle()


REFUSED_TEXTS = {
    "nothing": ("", "text_empty"),
    "spaces": ("   \t  \n ", "text_empty"),
    "wide spaces": ("\u00a0\u3000\u2003\u2028", "text_empty"),
    "zero width": ("\u200b\u200c\u200d\u2060\ufeff", "text_empty"),
    "directions": ("\u202e\u202c\u2067\u2069", "text_empty"),
    "marks": ("\u0301\u0301\ufe0f", "text_empty"),
    "tags": ("\U000e0001\U000e0041", "text_empty"),
    "unassigned": ("\U000e0fff\uffff", "text_empty"),
    "blank letters": ("\u3164\u115f\u1160\uffa0 \u2800", "text_empty"),
    "null": ("hello\0", "text_not_allowed"),
    "escape": ("\x1b[2Jhello", "text_not_allowed"),
    "backspace": ("hello\b\b", "text_not_allowed"),
    "delete": ("hello\x7f", "text_not_allowed"),
    "an 8-bit control": ("he\x9bllo", "text_not_allowed"),
    "a pile of marks": ("o" + "\u0301\u0316" * 16, "text_not_allowed"),
    "a frame full of marks": ("o" + "\u0301\u0316" * (GUEST_FRAME_BYTES // 4 - 50), "text_not_allowed"),
}


@pytest.mark.parametrize("what", REFUSED_TEXTS)
async def test_texts_that_cannot_be_shown_are_refused(three: Company, what: str) -> None:
    text, code = REFUSED_TEXTS[what]
    is_refusal(await three.cal.ask("post", origin_id=new_origin(), text=text), code)


async def test_reasons_and_words_are_held_to_the_same(two_hosts: Company) -> None:
    message, _ = await a_reported_message(two_hosts)
    for what in ("null", "escape", "a pile of marks"):
        text, code = REFUSED_TEXTS[what]
        for do, fields in (("report", {"reason": "other", "words": text}), ("redact", {"reason": text})):
            is_refusal(await two_hosts.cal.ask(do, message=message, **fields), code)
        for do in ("mute", "remove"):
            fields = {**ABOUT_PEOPLE[do], "reason": text}
            is_refusal(await two_hosts.cal.ask(do, participant=two_hosts.bea.me, **fields), code)
    for do in ("mute", "remove"):
        fields = {**ABOUT_PEOPLE[do], "reason": "\u200b"}
        is_refusal(await two_hosts.cal.ask(do, participant=two_hosts.bea.me, **fields), "text_empty")


KEPT_TEXTS = {
    "a script": "<script>alert(1)</script>",
    "an image": '<img src=x onerror="alert(1)">',
    "entities": "&lt;b&gt; &amp;amp; &#x3C;",
    "a comment": "<!-- --> ]]> <![CDATA[",
    "a template": "{{7*7}} ${7*7} {% raw %} <%= 1 %>",
    "a format": "%s %n {0} \\u0041 \\",
    "SQL and a shell": "'; DROP TABLE rooms; -- $(reboot) `id`",
    "JSON": '{"is":"closing","code":4501}',
    "a line of a log": "level=error event=failed",
    "directions": "abc \u202eabc\u202c \u05e9\u05dc\u05d5\u05dd",
    "joined emoji": "\U0001f469\u200d\U0001f9b0 \u2764\ufe0f",
    "as many marks as any language needs": "o" + "\u0316" * 3,
    "a tab, a line end and inner spaces": "a\tb\n\n  c",
    "line separators": "a\u2028b\u2029c",
}


@pytest.mark.parametrize("what", KEPT_TEXTS)
async def test_a_text_arrives_as_it_was_typed(three: Company, what: str) -> None:
    offset = await three.cal.post(KEPT_TEXTS[what])
    for listener in (three.ada, three.bea):
        assert (await listener.hears(offset))["text"] == KEPT_TEXTS[what]
    await three.settle()


REFUSED_NAMES = {
    "nothing": ("", "name_empty"),
    "spaces": (" \t\u3000 ", "name_empty"),
    "marks": ("\u0301\u0301", "name_not_allowed"),
    "zero width": ("\u200b\u200d", "name_not_allowed"),
    "a hidden space": ("Be\u200ba", "name_not_allowed"),
    "a turned direction": ("\u202eaeB", "name_not_allowed"),
    "a blank letter": ("\u3164", "name_not_allowed"),
    "a control character": ("Dan\0", "name_not_allowed"),
    "a line end": ("Dan\nEve", "name_not_allowed"),
    "piled marks": ("D" + "\u0301\u0316" * 5 + "an", "name_not_allowed"),
    "two alphabets": ("D\u0430n", "name_not_allowed"),
    "a role": ("Host", "name_reserved"),
    "a role with a look-alike": ("H0st", "name_reserved"),
    "an address": ("dan@example.org", "name_contact"),
    "one letter too many": ("x" * (NICKNAME_CODE_POINTS + 1), "name_too_long"),
    "a name that is here": ("Bea", "name_taken"),
    "a name that looks like one here": ("B\u00c9A", "name_taken"),
    "a name beyond all measure": ("x" * 257, "bad_command"),
}


@pytest.mark.parametrize("what", REFUSED_NAMES)
async def test_names_that_may_not_be_are_refused_at_the_door(three: Company, server: Street, what: str) -> None:
    name, code = REFUSED_NAMES[what]
    guest = await server.hello(three.keys.secret)
    is_refusal(await guest.ask("join", nickname=name, accept_rules=True), code)
    await three.is_unharmed()
    assert (await guest.ask("join", nickname="Dan", accept_rules=True))["is"] == "welcome"
    await three.settle()


async def test_without_accepting_the_rules_nobody_comes_in(three: Company, server: Street) -> None:
    guest = await server.hello(three.keys.secret)
    for fields in ({}, {"accept_rules": False}):
        is_refusal(await guest.ask("join", nickname="Dan", **fields), "rules_not_accepted")
    is_refusal(await guest.ask("join", nickname="Dan", accept_rules="yes"), "bad_command")
