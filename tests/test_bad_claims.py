"""Claims that are not so: other rooms' ids and tokens, forged roles, links that are over, names and words that may not be."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from fake_time import fake_time_loop, in_fake_time
from house import house
from talking import Company, Street, Talker, company, is_refusal, new_origin, street
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.typing import Origin

from chatroom.core.identity import SECRET_BYTES, new_secret
from chatroom.core.limits import EXPIRY_GRACE_SECONDS, GUEST_FRAME_BYTES, NICKNAME_CODE_POINTS
from chatroom.core.refusals import Close
from chatroom.live.opening import OpenedRoom

NEVER_EXISTED = new_secret(bytes(SECRET_BYTES))


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Street]:
    async with street() as running:
        yield running


@pytest_asyncio.fixture
async def three(server: Street) -> AsyncIterator[Company]:
    async with company(server) as three:
        yield three


@pytest_asyncio.fixture
async def two_hosts(server: Street) -> AsyncIterator[Company]:
    """Cal may do everything that anyone may."""
    async with company(server, cal_is_host=True) as three:
        yield three


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
}
ABOUT_REPORTS: dict[str, dict[str, Any]] = {"claim_report": {}, "resolve_report": {"outcome": "acted"}}
ABOUT_PEOPLE: dict[str, dict[str, Any]] = {
    "mute": {"minutes": 1, "reason": "no"},
    "unmute": {},
    "remove": {"reason": "no"},
    "readmit": {},
    "clear_address": {},
    "change_role": {"role": "moderator"},
}


async def a_reported_message(three: Company) -> tuple[int, int]:
    """Bea says something and reports it: the offsets of the two entries."""
    message = await three.bea.post("hello")
    report = await three.bea.ask("report", message=message, reason="other")
    await three.settle()
    return message, int(report["offset"])


async def test_ids_of_another_room_mean_nothing_here(two_hosts: Company, other: Company) -> None:
    cal, stranger = two_hosts.cal, other.bea.me
    for _ in range(5):
        message, report = await a_reported_message(other)
        for do, fields in ABOUT_MESSAGES.items():
            is_refusal(await cal.ask(do, message=message, **fields), "no_such_message")
        for do, fields in ABOUT_REPORTS.items():
            is_refusal(await cal.ask(do, report=report, **fields), "no_such_report")
    for do, fields in ABOUT_PEOPLE.items():
        is_refusal(await cal.ask(do, participant=stranger, **fields), "no_such_person")


@pytest.mark.parametrize("do", ABOUT_MESSAGES)
async def test_offsets_beside_a_message_are_no_message(two_hosts: Company, do: str) -> None:
    message, report = await a_reported_message(two_hosts)
    for offset in (message - 1, message + 1, report, report + 1, 1, 2**53):
        is_refusal(await two_hosts.cal.ask(do, message=offset, **ABOUT_MESSAGES[do]), "no_such_message")


@pytest.mark.parametrize("do", ABOUT_REPORTS)
async def test_offsets_beside_a_report_are_no_report(two_hosts: Company, do: str) -> None:
    message, report = await a_reported_message(two_hosts)
    for offset in (report - 1, report + 1, message, 1, 2**53):
        is_refusal(await two_hosts.cal.ask(do, report=offset, **ABOUT_REPORTS[do]), "no_such_report")


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


POSITIONS = {
    "of another room": lambda mine, theirs: theirs,
    "with another room's epoch": lambda mine, theirs: [theirs[0], *mine[1:]],
    "with another room's nonce": lambda mine, theirs: [*mine[:2], theirs[2]],
    "one too far": lambda mine, theirs: [mine[0], mine[1] + 1, mine[2]],
    "one too near": lambda mine, theirs: [mine[0], mine[1] - 1, mine[2]],
    "before the beginning": lambda mine, theirs: [mine[0], -1, mine[2]],
    "far beyond the end": lambda mine, theirs: [mine[0], 2**64, mine[2]],
    "of nothing": lambda mine, theirs: ["", 0, ""],
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

TOKENS = {
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


async def said_and_closed(server: Street, hello: dict[str, Any]) -> tuple[list[bytes], int | None, str | None]:
    """Everything that the server answers to this hello, byte for byte."""
    said = list[bytes]()
    async with server.connect() as socket:
        talker = Talker(socket, server.server.url)
        await talker.say({"do": "hello", **hello})
        await talker.closed()
        return [repr(frame).encode() for frame in talker.frames], socket.close_code, socket.close_reason
    return said, None, None


async def an_ended_room(server: Street) -> tuple[OpenedRoom, Talker]:
    """The keys of a room that its host has ended, and the host."""
    keys = await server.open_room()
    host = await server.join(keys, "Ada", keys.host_token)
    await host.say({"do": "end"})
    await host.sent_away(Close.ENDED)
    return keys, host


# ---- coming from elsewhere ----------------------------------------------------------------------------------------------
