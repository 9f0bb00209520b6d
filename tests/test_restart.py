"""A server without Redis that is stopped and started again: its rooms wait in a file, and no one can read it."""

import asyncio
import os
import stat
from collections.abc import Callable
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from browser import Crowd, ask_for_a_room
from clients import closed, meet
from scene_drivers import WAIT_SECONDS
from screen import Frame
from serving import Running, free_port, serving
from talking import Street, Talker, street
from websockets.exceptions import ConnectionClosed

from chatroom.core.formats import FORMAT
from chatroom.core.refusals import Close
from chatroom.live.opening import OpenedRoom
from chatroom.log.memory import MemoryLogs
from chatroom.log.sealed_rooms import last_end
from chatroom.web.check import problems
from chatroom.web.rooms_file import forget_kept, kept_files, put, read, rooms_kept, rooms_path
from chatroom.web.settings import Settings

MARK = "kumquat"


def settings_for(folder: Path) -> dict[str, str]:
    """Those of a server that is started again and again on one port."""
    return {"PORT": str(free_port()), "ROOMS_FILE": str(folder / "state" / "rooms")}


def files_in(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Mode and content of everything in a folder and below, by path."""
    found = {str(path.relative_to(folder)): path for path in sorted(folder.rglob("*"))}
    return {
        name: (stat.S_IMODE(path.stat().st_mode), b"" if path.is_dir() else path.read_bytes()) for name, path in found.items()
    }


def position_of(talker: Talker) -> str:
    """Where its client would resume from."""
    return str([frame["position"] for frame in talker.frames if "position" in frame][-1])


def texts_of(talker: Talker) -> list[str]:
    """Of the messages that came as entries."""
    return [frame["text"] for frame in talker.frames if frame.get("event") == "message_posted"]


async def stopped(talkers: list[Talker], server: Running) -> None:
    """SIGTERM: everyone is asked to come back, and the process ends."""
    stopping = asyncio.create_task(server.stop())
    for talker in talkers:
        await talker.sent_away(Close.RESTARTING)
    assert await stopping == 0


async def back(place: Street, keys: OpenedRoom, seat: str, position: str = "") -> Talker:
    """Someone in their seat again."""
    talker = await place.hello(keys.secret, seat=seat, position=position)
    assert talker.welcome["recovered"] is bool(position)
    return talker


async def test_people_find_everything_as_it_was(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    async with street(settings) as place:
        keys = await place.open_room(title=f"Title of {MARK}", welcome=MARK)
        ada = await place.join(keys, "Ada Kumquat", keys.host_token)
        bea, cal = await place.join(keys, "Bea"), await place.join(keys, "Cal", keys.moderator_token)
        unkind = await bea.post(f"unkind {MARK}")
        assert (await cal.ask("redact", message=unkind, reason=MARK))["is"] == "done"
        first = await ada.ask("post", origin_id="the-same-origin", text=f"first {MARK}")
        await bea.hears(first["id"])
        seen = position_of(bea)
        last = await ada.post(f"second {MARK}")
        for talker in (ada, bea, cal):
            await talker.hears(last)
        assert files_in(tmp_path) == {}
        await stopped([ada, bea, cal], place.server)
    files = files_in(tmp_path)
    assert {name: oct(mode) for name, (mode, _) in files.items()} == {"state": "0o700", "state/rooms": "0o600"}
    kept = files["state/rooms"][1]
    tokens = [keys.secret, *keys.secret.split("-"), keys.host_token, keys.moderator_token, ada.seat, bea.seat, cal.seat]
    for word in (MARK, MARK.title(), "Bea", "the-same-origin", "second", *tokens):
        assert word.encode() not in kept, word

    async with street(settings) as place:
        assert list(files_in(tmp_path)) == ["state"]
        bea_again = await back(place, keys, bea.seat, seen)
        await bea_again.hears(last)
        assert texts_of(bea_again) == [f"second {MARK}"]
        ada_again = await back(place, keys, ada.seat, position_of(ada))
        assert not texts_of(ada_again)
        again = await ada_again.ask("post", origin_id="the-same-origin", text=f"first {MARK}")
        assert (again["is"], again["id"]) == ("done", first["id"])
        cal_again = await back(place, keys, cal.seat)
        room = cal_again.welcome["room"]
        assert room["me"]["role"] == "moderator"
        roles = {person["nickname"]: person["role"] for person in room["people"].values()}
        assert roles == {"Ada Kumquat": "host", "Bea": "participant", "Cal": "moderator"}
        assert f"unkind {MARK}" not in str(room)
        assert f"first {MARK}" in str(room)
        assert (await ada_again.ask("set_door", door="locked"))["is"] == "done"
        new = await bea_again.post("We are back.")
        for talker in (ada_again, cal_again):
            assert (await talker.hears(new))["text"] == "We are back."


async def say_all(talker: Talker, frames: list[Frame]) -> None:
    """Until the server closes."""
    with suppress(ConnectionClosed):
        for frame in frames:
            await talker.say(frame)


async def test_what_was_said_while_the_server_stopped_is_there_once(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    posts: list[Frame] = [
        {"do": "post", "ref": 1000 + i, "origin_id": f"origin-{i:04d}", "text": f"text {i}"} for i in range(400)
    ]
    async with street(settings) as place:
        keys = await place.open_room()
        ada = await place.join(keys, "Ada", keys.host_token)
        joined = position_of(ada)
        saying = asyncio.create_task(say_all(ada, posts))
        await ada.answer(1000)
        await stopped([ada], place.server)
        await saying
        said = {frame["ref"]: frame["id"] for frame in ada.frames if frame["is"] == "done"}
    async with street(settings) as place:
        again = await back(place, keys, ada.seat, joined)
        await say_all(again, posts)
        offsets = {frame["ref"]: (await again.answer(frame["ref"]))["id"] for frame in posts}
        assert said.items() <= offsets.items()
        await again.hears(max(offsets.values()))
        assert sorted(texts_of(again)) == sorted(frame["text"] for frame in posts)


async def is_gone(server: Running, keys: OpenedRoom, seat: str = "") -> None:
    async with asyncio.timeout(WAIT_SECONDS), meet(server.ws_url) as client:
        await client.send(msgspec.json.encode({"do": "hello", "secret": keys.secret, "seat": seat}).decode())
        assert await closed(client) == (Close.NO_SUCH_ROOM, "no_such_room")


async def test_after_kill_9_the_room_is_gone_and_a_seat_is_told_so(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    async with serving(settings) as [server]:
        keys = await opened_at(server)
        seat = await seat_at(server, keys)
        server.process.kill()
        await server.process.wait()
    async with serving(settings) as [server]:
        await is_gone(server, keys, seat)
        await is_gone(server, keys)


@pytest.mark.parametrize("in_good_order", [True, False])
async def test_a_page_comes_back_by_itself_or_says_kindly_that_the_room_is_lost(
    crowd: Crowd, tmp_path: Path, in_good_order: bool
) -> None:
    settings = settings_for(tmp_path)
    async with serving(settings) as [server]:
        links = await ask_for_a_room(server.url)
        inside, reloading = await crowd.someone(), await crowd.someone()
        for guest in (inside, reloading):
            guest.pardon(r"WebSocket connection to|Failed to load resource")
            await guest.comes_in(links.participant)
        await inside.says("I am here")
        await reloading.sees("I am here")
        if not in_good_order:
            server.process.kill()
            await server.process.wait()
    async with serving(settings):
        await reloading.page.reload()
        for guest in (inside, reloading):
            if in_good_order:
                await guest.says(f"{guest.name} is back")
                await guest.sees("I am here", f"{guest.name} is back")
            else:
                await guest.is_told("This meeting is not here any more")
                await guest.keeps_nothing()


async def opened_at(server: Running) -> OpenedRoom:
    async with httpx2.AsyncClient(trust_env=False, headers={"Origin": server.url}) as http:
        answer = await http.post(f"{server.url}/api/rooms", json={"title": "Tuesday", "needs_moderator": False})
        return msgspec.json.decode(answer.raise_for_status().content, type=OpenedRoom)


async def seat_at(server: Running, keys: OpenedRoom) -> str:
    """The seat of someone who came in."""
    async with asyncio.timeout(WAIT_SECONDS), meet(server.ws_url) as client:
        for command in ({"do": "hello", "secret": keys.secret}, {"do": "join", "nickname": "Ada", "accept_rules": True}):
            await client.send(msgspec.json.encode(command).decode())
        async for data in client:
            frame = msgspec.json.decode(data)
            if frame["is"] == "welcome":
                return str(frame["seat"])
    raise AssertionError("closed before the welcome")


def long_ago(kept: bytes) -> bytes:
    """The same with the end of its room in the past."""
    head, _, rooms = kept.partition(b"\n")
    [[name, _, content]] = msgspec.msgpack.decode(rooms)
    return head + b"\n" + msgspec.msgpack.encode([[name, 1, content]])


async def test_a_room_whose_time_is_up_is_forgotten_and_not_kept_again(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    async with serving(settings) as [server]:
        keys = await opened_at(server)
    put(Path(settings["ROOMS_FILE"]), long_ago(files_in(tmp_path)["state/rooms"][1]))
    async with serving(settings) as [server]:
        await is_gone(server, keys)
    assert list(files_in(tmp_path)) == ["state"]


async def test_a_room_nobody_came_back_to_waits_again(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    async with serving(settings) as [server]:
        keys = await opened_at(server)
    for _ in range(2):
        async with serving(settings):
            pass
    async with serving(settings) as [server]:
        assert await seat_at(server, keys)


async def test_none_writes_nothing_and_without_the_setting_the_file_is_in_the_state_directory(tmp_path: Path) -> None:
    port, home = str(free_port()), {"HOME": str(tmp_path), "XDG_STATE_HOME": ""}
    async with serving({"PORT": port, "ROOMS_FILE": "none", **home}) as [server]:
        await opened_at(server)
    assert files_in(tmp_path) == {}
    async with serving({"PORT": port, "ROOMS_FILE": "", **home}) as [server]:
        await opened_at(server)
    assert files_in(tmp_path)[f".local/state/chatroom/rooms-{port}"][0] == 0o600


GOOD = MemoryLogs().sealed.encode()


def link(file: Path) -> None:
    put(file.with_name("other"), GOOD)
    file.symlink_to("other")


SPOILED: dict[str, Callable[[Path], None]] = {
    "damaged": lambda file: put(file, GOOD[:-1]),
    "foreign": lambda file: put(file, b"something else"),
    "a symbolic link": link,
    "a pipe": lambda file: os.mkfifo(file, 0o600),
}


@pytest.mark.parametrize("spoil", SPOILED.values(), ids=SPOILED)
async def test_a_file_that_is_not_ours_is_ignored_and_removed_with_one_line(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    spoil(tmp_path / "rooms")
    async with serving({"ROOMS_FILE": str(tmp_path / "rooms")}) as [server]:
        assert "rooms" not in files_in(tmp_path)
        await opened_at(server)
    assert [line.split("event=")[1] for line in server.errors if "level=info" not in line] == ["rooms_file_ignored\n"]
    assert "rooms" in files_in(tmp_path)


def later_format(file: Path) -> None:
    _, _, last = file.read_bytes().partition(b"\n")[0].rpartition(b" ")
    put(file, b"chatroom rooms %d %b\nof a later format" % (FORMAT + 1, last))


KEPT: dict[str, Callable[[Path], None]] = {
    "newer_format": later_format,
    "open_to_others": lambda file: file.chmod(0o640),
}


def seen(file: Path) -> tuple[bytes, int]:
    return file.read_bytes(), file.stat().st_mode


def put_right(kept: Path, file: Path) -> None:
    kept.chmod(0o600)
    kept.rename(file)


@pytest.mark.parametrize("reason", KEPT)
async def test_a_file_that_may_still_bring_people_back_is_kept_and_said(tmp_path: Path, reason: str) -> None:
    settings = settings_for(tmp_path)
    file = Path(settings["ROOMS_FILE"])
    async with serving(settings) as [server]:
        keys = await opened_at(server)
    for number in (1, 2):
        KEPT[reason](file)
        refused = seen(file)
        async with serving(settings) as [server]:
            kept = kept_files(file)[-1]
            assert seen(kept) == refused
            assert "state/rooms" not in files_in(tmp_path)
            await is_gone(server, keys)
            keys = await opened_at(server)
        assert [line.split("event=")[1] for line in server.errors if "level=info" not in line] == [
            f"rooms_file_kept reason={reason}\n"
        ]
        assert len(kept_files(file)) == number
    assert "are kept beside ROOMS_FILE" in " ".join(problems(Settings(rooms_file=str(file))))
    forget_kept(file, last_end(refused[0]) - 1)
    assert kept_files(file)
    forget_kept(file, last_end(refused[0]))
    assert not kept_files(file)


async def test_a_kept_file_that_is_put_right_brings_its_people_back(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    file = Path(settings["ROOMS_FILE"])
    async with serving(settings) as [server]:
        keys = await opened_at(server)
    KEPT["open_to_others"](file)
    async with serving(settings):
        pass
    [kept] = kept_files(file)
    put_right(kept, file)
    async with serving(settings) as [server]:
        assert await seat_at(server, keys)
    assert not kept_files(file)


def test_a_file_that_stands_is_replaced_and_a_link_is_not_followed(tmp_path: Path) -> None:
    elsewhere, file = tmp_path / "elsewhere", tmp_path / "rooms"
    elsewhere.write_bytes(b"mine")
    for link in (file, tmp_path / "rooms.part"):
        link.symlink_to(elsewhere)
    put(file, b"kept")
    assert elsewhere.read_bytes() == b"mine"
    assert not file.is_symlink()
    assert read(file) == b"kept"
    assert sorted(tmp_path.iterdir()) == [elsewhere, file]


def test_what_an_interrupted_server_left_unfinished_is_removed(tmp_path: Path) -> None:
    (tmp_path / "rooms.part").write_bytes(b"half")
    with rooms_kept(tmp_path / "rooms", MemoryLogs()):
        pass
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_leaves_nothing_half_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match=r"^$"):
        put(tmp_path / "rooms", b"kept")
    assert list(tmp_path.iterdir()) == []


async def test_a_file_that_cannot_be_written_is_said_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    async with serving({"ROOMS_FILE": str(tmp_path / "file" / "rooms")}) as [server]:
        await opened_at(server)
    lines = [line.split("event=")[1].split()[0] for line in server.errors if "level=info" not in line]
    assert lines == ["rooms_file_ignored", "rooms_file_not_written"]


@pytest.mark.parametrize(
    ("settings", "environment", "path"),
    [
        ({}, {"XDG_STATE_HOME": "/state"}, "/state/chatroom/rooms-8000"),
        ({"port": 9000}, {"XDG_STATE_HOME": "state", "HOME": "/home/me"}, "/home/me/.local/state/chatroom/rooms-9000"),
        ({"rooms_file": "/var/lib/rooms"}, {}, "/var/lib/rooms"),
        ({"rooms_file": "none"}, {}, None),
        ({"redis_url": "redis://r"}, {}, None),
        ({"redis_url": "redis://r", "rooms_file": "/var/lib/rooms"}, {}, None),
        ({}, {"HOME": "nowhere", "XDG_STATE_HOME": ""}, None),
    ],
)
def test_where_the_file_is(
    monkeypatch: pytest.MonkeyPatch, settings: dict[str, Any], environment: dict[str, str], path: str | None
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert rooms_path(Settings(**settings)) == (Path(path) if path else None)


def test_check_says_when_the_rooms_cannot_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    sentence = "The rooms cannot wait for a restart in ROOMS_FILE: give it a path that this user may write, or none."
    (tmp_path / "file").touch()
    monkeypatch.setenv("HOME", "nowhere")
    monkeypatch.delenv("XDG_STATE_HOME", raising=False)
    for wrong in ("", str(tmp_path / "file" / "rooms"), str(tmp_path)):
        assert sentence in problems(Settings(rooms_file=wrong)), wrong
    for right in ("none", str(tmp_path / "new" / "rooms"), str(tmp_path / "file")):
        assert sentence not in problems(Settings(rooms_file=right)), right


def test_the_rooms_are_kept_even_when_the_server_does_not_start(tmp_path: Path) -> None:
    file = tmp_path / "rooms"
    room = b"chatroom rooms 1 %d\n" % 2**53 + msgspec.msgpack.encode([[b"name", 2**53, b"content"]])
    put(file, room)
    stack = ExitStack()
    stack.enter_context(rooms_kept(file, MemoryLogs()))
    assert not file.exists()
    with pytest.raises(KeyboardInterrupt), stack:
        raise KeyboardInterrupt
    assert file.read_bytes() == room
