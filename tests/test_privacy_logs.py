"""A server that says all it can say, through a whole meeting and many mishaps, writes nothing about anyone."""

import asyncio
import re
from base64 import b64encode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from urllib.parse import urlsplit

import httpx2
import pytest
from relay import Relay
from scene_drivers import WAIT_SECONDS
from servers import BINARIES, MISSING, RedisServer
from serving import ROOT, serving
from talking import SETTINGS, Street, Talker, new_origin
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus
from websockets.typing import Origin

from chatroom.core.refusals import Close
from chatroom.live.opening import OpenedRoom

MARK = "kumquat"
LINE = re.compile(r"at=[\d-]+T[\d:]+Z level=(info|warning|error) event=[a-z_]+( [a-z_]+=[A-Za-z0-9_.:-]+)*\n")
DEFECTS = """
from chatroom.live.hub import Hub
from chatroom.live.session import Session


def with_a_defect(function):
    def step(self, *arguments):
        if "kumquat defect" in repr(arguments):
            raise RuntimeError(*arguments)
        return function(self, *arguments)

    return step


for owner, name in ((Hub, "open_room"), (Hub, "room_of"), (Session, "receive")):
    setattr(owner, name, with_a_defect(getattr(owner, name)))
"""
"""A server that fails at these words, with all that it knows in the exception."""


WEBHOOK = {
    "WEBHOOK_URL": f"https://{MARK}.invalid/{MARK}?{MARK}",
    "WEBHOOK_SECRET": f"whsec_{b64encode(MARK.encode() * 4).decode()}",
    "WEBHOOK_TEXTS": "yes",
}
"""It leads nowhere, and is told everything."""


@asynccontextmanager
async def careless(folder: Path) -> AsyncIterator[tuple[Street, Relay]]:
    """A server with defects, whose Redis has a password, and the wire between the two."""
    if not BINARIES:
        pytest.fail(MISSING)
    (folder / "sitecustomize.py").write_text(DEFECTS)
    settings = {**SETTINGS, **WEBHOOK, "PYTHONPATH": f"{folder}:{ROOT}"}
    with RedisServer(next(iter(BINARIES.values())), requirepass=MARK) as redis:
        async with Relay(redis.port) as relay:
            redis_url = relay.url.replace("//", f"//:{MARK}@")
            async with serving(settings, redis_url=redis_url) as [server], httpx2.AsyncClient(trust_env=False) as http:
                http.base_url, http.headers["Origin"] = server.url, server.url
                street = Street(server, http)
                street.headers = {"User-Agent": MARK, "Referer": f"https://{MARK}/", "Cookie": f"{MARK}={MARK}"}
                yield street, relay
                await street.go_home()


class Meeting:
    """What was said and done, and every secret of it."""

    def __init__(self, street: Street) -> None:
        self.street = street
        self.secrets: set[str] = set()
        self.ports: set[int] = set()

    def knows(self, talker: Talker) -> Talker:
        self.ports.add(talker.local_port)
        for frame in talker.frames:
            if frame["is"] == "welcome" and "room" in frame:
                self.secrets |= {frame["room"]["me"]["participant"], frame.get("seat", MARK)}
        return talker

    async def open(self) -> OpenedRoom:
        texts = {name: f"{MARK} {name}" for name in ("title", "welcome", "passphrase")}
        keys = await self.street.open_room(**texts, rules=[MARK], page=f"https://{MARK}/r")
        self.secrets |= {keys.secret, keys.host_token, keys.moderator_token}
        return keys

    async def join(self, keys: OpenedRoom, name: str, token: str = "") -> Talker:
        talker = await self.street.hello(keys.secret, token)
        fields = {"nickname": f"{MARK} {name}", "accept_rules": True, "passphrase": f"{MARK} passphrase"}
        assert (await talker.ask("join", **fields))["is"] == "welcome"
        return self.knows(talker)


async def done(talker: Talker, do: str, **fields: object) -> str:
    answer = await talker.ask(do, **fields)
    assert answer["is"] == "done", answer
    return str(answer["id"])


async def a_whole_meeting(meeting: Meeting, relay: Relay) -> None:
    """Every command once, and Redis lost in the middle."""
    keys = await meeting.open()
    ada, mod = await meeting.join(keys, "Ada", keys.host_token), await meeting.join(keys, "Mo", keys.moderator_token)
    bea, cal = await meeting.join(keys, "Bea"), await meeting.join(keys, "Cal")
    first, second, third = [await done(bea, "post", origin_id=f"{MARK}-{n}", text=f"{MARK} {n}") for n in range(3)]
    await done(cal, "react", message=first, reaction="heart")
    report = await done(cal, "report", message=first, reason="other", words=MARK)
    await done(mod, "claim", item=report)
    await done(mod, "resolve_report", report=report, outcome="acted")
    await done(mod, "redact", message=first, reason=MARK)
    await done(bea, "retract", message=second)
    await done(mod, "mute", participant=cal.me, minutes=5, reason=MARK)
    await done(mod, "unmute", participant=cal.me)
    for door in ("locked", "open"):
        await done(mod, "set_door", door=door)
    await done(ada, "change_role", participant=bea.me, role="moderator")
    await done(ada, "extend", minutes=5)
    await done(mod, "remove", participant=cal.me, reason=MARK)
    await cal.sent_away(Close.REMOVED)
    for do in ("clear_address", "readmit"):
        await done(mod, do, participant=cal.me)
    cal = meeting.knows(await meeting.street.hello(keys.secret, seat=cal.seat, position=cal.welcome["position"]))
    assert (await bea.ask("earlier", before=third))["is"] == "earlier"
    await relay.cut()
    kept = asyncio.create_task(done(bea, "post", origin_id=new_origin(), text=f"{MARK} kept"))
    await ada.until(lambda: any(frame["is"] == "trouble" for frame in ada.frames))
    await relay.mend()
    await kept
    await mod.say({"do": "leave"})
    await mod.sent_away(Close.LEFT)
    await ada.say({"do": "end"})
    for talker in (ada, bea):
        await talker.sent_away(Close.ENDED)
    await meeting.street.until_ready()


async def mishaps_on_sockets(meeting: Meeting) -> None:
    """What clients get wrong, and defects of the server."""
    street, keys = meeting.street, await meeting.open()
    url = street.server.url
    guest = meeting.knows(await street.hello(keys.secret))
    for wrong in ("wrong", ""):
        refused = await guest.ask("join", nickname=f"{MARK} Dan", accept_rules=True, passphrase=f"{MARK} {wrong}")
        assert refused["code"] == "passphrase_wrong"
    for nonsense in (MARK, f'{{"do":"{MARK}"}}', f'{{"do":"join","{MARK}":1}}', f'{{"do":"join","nickname":["{MARK}"]}}'):
        assert (await guest.reply(nonsense))["is"] == "refused"
    assert (await guest.reply(MARK.encode()))["is"] == "refused"
    for last in (b"\x81\x87\0\0\0\0" + MARK.encode(), MARK.encode() * 9, b"\x81\x82\0\0\0\0\xff\xfe"):
        guest = meeting.knows(await street.knock())
        guest.write(last)
        await guest.cut() if last.startswith(b"\x81\x87") else await guest.closed()
    for secret, token in ((MARK, ""), (keys.secret, MARK)):
        await meeting.knows(await street.hello(secret, token)).sent_away(Close.NO_SUCH_ROOM)
    for path, origin in ((f"/ws?{MARK}", f"https://{MARK}.example"), (f"/{MARK}?{MARK}", url)):
        with pytest.raises(InvalidStatus):
            await connect(url.replace("http", "ws") + path, origin=Origin(origin), proxy=None)
    guest = meeting.knows(await street.knock())
    await guest.send(f'{{"do":"hello","secret":"{MARK}\\u0020defect"}}')
    guest = meeting.knows(await street.knock())
    await guest.send(f"{MARK} defect")
    await guest.closed()


async def mishaps_over_http(meeting: Meeting) -> None:
    """What browsers get wrong, and a defect of the server."""
    street, http = meeting.street, meeting.street.http
    assert (await http.get(f"/{MARK}/{MARK}?{MARK}={MARK}")).status_code == 404
    assert (await http.get(f"/r%23{MARK}-{MARK}.{MARK}")).status_code == 200
    assert (await http.get("/", headers={"X-Forwarded-For": f"203.0.113.77, {MARK}", "Host": MARK})).status_code == 200
    assert (await http.request(MARK.upper(), f"/api/rooms?{MARK}")).status_code == 405
    assert (await http.post("/api/rooms", json={MARK: MARK})).status_code == 400
    assert (await http.post("/api/rooms", json={"title": MARK}, headers={"Origin": f"https://{MARK}"})).status_code == 403
    failed = await street.request_room(title=f"{MARK} defect")
    assert failed.status_code == 500
    assert MARK not in failed.text
    address = urlsplit(street.server.url)
    for head in (
        f"{MARK}\r\n\r\n",
        f"GET /{MARK} HTTP/1.1\r\n{MARK}\r\n\r\n",
        f"GET /ws?{MARK} HTTP/1.1\r\nHost: {MARK}\r\n\r\n",
    ):
        reader, writer = await asyncio.open_connection(address.hostname, address.port)
        meeting.ports.add(writer.get_extra_info("sockname")[1])
        writer.write(head.encode())
        async with asyncio.timeout(WAIT_SECONDS):
            assert (await reader.readline()).startswith(b"HTTP/1.1 4")
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()


async def test_a_server_writes_nothing_about_anyone_whatever_happens(tmp_path: Path) -> None:
    async with careless(tmp_path) as (street, relay):
        meeting = Meeting(street)
        await a_whole_meeting(meeting, relay)
        await mishaps_on_sockets(meeting)
        await mishaps_over_http(meeting)
        await street.go_home()
        assert await street.server.stop() == 0
        assert street.server.process.stdout
        assert await street.server.process.stdout.read() == b""
    lines = street.server.errors
    assert [line for line in lines if not LINE.fullmatch(line)] == []
    written = "".join(lines)
    for forced in (
        "event=task_failed error=RuntimeError",
        "library=uvicorn.error error=RuntimeError",
        "library=asyncio error=",
        "event=missed webhook_failed=",
    ):
        assert forced in written, written
    for word in (
        MARK,
        "127.0.0.1",
        "::1",
        "10.0.",
        "203.0.113",
        "/ws",
        "Traceback",
        WEBHOOK["WEBHOOK_SECRET"],
        *meeting.secrets,
    ):
        assert word.lower() not in written.lower()
    assert {int(number) for number in re.findall(r"\d+", written)}.isdisjoint(meeting.ports)
