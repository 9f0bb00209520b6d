"""The command line as its user meets it: what it prints, where, and with which exit code."""

import argparse
import asyncio
import io
import json
import os
import re
import subprocess
import sys
import tomllib
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from servers import BINARIES, RedisServer
from serving import ROOT, environment, free_port, serving

from chatroom import __version__
from chatroom.core.commands import WIRE
from chatroom.core.events import LateJoiners
from chatroom.core.frames import ENTRY_FRAMES, PERSONAL_FRAMES, SERVER_FRAMES
from chatroom.core.refusals import REFUSALS
from chatroom.live.opening import OpenRoom
from chatroom.log.redis_check import ADVICE
from chatroom.web import assets
from chatroom.web.cli import main
from chatroom.web.helplines import OWN_LIST
from chatroom.web.open_command import add_options, wanted_room
from chatroom.web.settings import settings_table

WORDS = r"[a-z]+(?:-[a-z]+){5}"


FRESH: dict[str, str] = {}
"""A list of help lines that never grows old, so that what `check` prints does not depend on the day."""


@pytest.fixture(scope="module", autouse=True)
def fresh_help_lines(tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("help") / "lines.json"
    path.write_text(re.sub(r'"checked": "[0-9-]+"', f'"checked": "{date.today()}"', OWN_LIST.read_text("utf-8")), "utf-8")
    FRESH["HELPLINES_FILE"] = str(path)


async def chatroom(*arguments: str, stdin: str = "", cwd: Path = ROOT, **settings: str) -> tuple[int, str, str]:
    """Run `chatroom`: its exit code, standard output and standard error."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "error", "-m", "chatroom", *arguments),
        cwd=cwd,
        env=environment({**FRESH, **settings}),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    out, error = await process.communicate(stdin.encode())
    return process.returncode or 0, out.decode(), error.decode()


@pytest.mark.parametrize("command", ["serve", "check"])
async def test_a_wrong_setting_is_one_sentence(command: str) -> None:
    assert await chatroom(command, PORT="abc") == (1, "", "PORT must be a whole number from 1 to 65535, not 'abc'.\n")


async def test_settings_prints_the_table_from_anywhere(tmp_path: Path) -> None:
    assert await chatroom("settings", cwd=tmp_path) == (0, settings_table(), "")


async def test_schema_has_every_frame() -> None:
    code, out, error = await chatroom("schema")
    assert (code, error) == (0, "")
    definitions = json.loads(out)["$defs"]

    def names(side: str, key: str) -> set[str]:
        frames = (definitions[option["$ref"].rpartition("/")[2]] for option in definitions[side]["anyOf"])
        return {frame["properties"][key]["enum"][0] for frame in frames if key in frame["properties"]}

    def tags(*types: type) -> set[str]:
        return {str(struct.__struct_config__.tag) for struct in types}  # type: ignore[attr-defined]

    assert names("client_frame", "do") == tags(*WIRE)
    assert names("server_frame", "is") >= tags(*SERVER_FRAMES)
    assert names("server_frame", "event") == tags(*ENTRY_FRAMES, *PERSONAL_FRAMES)


async def test_hash_passphrase_makes_what_the_setting_takes() -> None:
    code, out, error = await chatroom("hash-passphrase", stdin="correct horse\n")
    assert (code, error) == (0, "")
    made = out.strip()
    assert made.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert PasswordHasher().verify(made, "correct horse")
    with pytest.raises(VerifyMismatchError):
        PasswordHasher().verify(made, "correct horse!")
    assert (await chatroom("check", OPENING=made))[:2] == (0, "All is well.\n")


@pytest.mark.parametrize("passphrase", ["\n", "x" * 129])
async def test_hash_passphrase_refuses_what_nobody_could_send(passphrase: str) -> None:
    assert await chatroom("hash-passphrase", stdin=passphrase) == (1, "", "A passphrase has 1 to 128 characters.\n")


# ---- check ------------------------------------------------------------------------------------------------------------


async def test_check_is_content_with_the_defaults() -> None:
    assert await chatroom("check") == (0, "All is well.\n", "")


async def test_check_names_the_setting_that_is_nearly_meant() -> None:
    code, out, _ = await chatroom("check", TRUSTD_PROXIES="127.0.0.1", REDIS_URI="")
    hints = ["REDIS_URI is no setting. Is REDIS_URL meant?", "TRUSTD_PROXIES is no setting. Is TRUSTED_PROXIES meant?"]
    assert (code, out.splitlines()) == (0, ["All is well.", *hints])


async def test_check_says_what_redis_would_keep(valkey_url: str) -> None:
    assert await chatroom("check", REDIS_URL=valkey_url) == (0, "All is well.\n", "")
    with RedisServer(next(iter(BINARIES.values())), appendonly="yes", save="60 1000", **{"slowlog-max-len": "128"}) as server:
        code, out, error = await chatroom("check", REDIS_URL=server.url)
    assert (code, error) == (1, "")
    assert out.splitlines() == [ADVICE["save"][1], ADVICE["appendonly"][1], ADVICE["slowlog-max-len"][1]]


async def test_check_says_that_redis_does_not_answer() -> None:
    url = f"redis://:secret@127.0.0.1:{free_port()}"
    assert await chatroom("check", REDIS_URL=url) == (1, "Redis does not answer at REDIS_URL.\n", "")


async def test_check_compares_the_file_limit_with_the_connections() -> None:
    process = await asyncio.create_subprocess_exec(
        *("bash", "-c", f"ulimit -n 500; exec {sys.executable} -m chatroom check"),
        env=environment({}),
        stdout=subprocess.PIPE,
    )
    out, _ = await process.communicate()
    assert process.returncode == 1
    assert out.decode().startswith("This user may not open 6100 files, which MAX_CONNECTIONS needs")


async def test_check_wants_to_know_the_proxy_of_a_public_address() -> None:
    code, out, _ = await chatroom("check", BASE_URL="https://meet.example/")
    assert code == 1
    assert "TRUSTED_PROXIES is empty" in out
    proxy: dict[str, Any] = {"BASE_URL": "https://meet.example/", "TRUSTED_PROXIES": "127.0.0.1"}
    assert (await chatroom("check", **proxy, OPENING="nobody"))[0] == 0


@pytest.mark.parametrize(
    "others",
    [{"TRUSTED_PROXIES": "127.0.0.1"}, {"ALLOWED_ORIGINS": "https://meet.example"}, {"BASE_URL": "http://meet.example/"}],
)
async def test_check_wants_to_know_who_opens_rooms_behind_a_proxy(others: dict[str, Any]) -> None:
    code, out, _ = await chatroom("check", **others)
    assert code == 1
    assert "OPENING is empty" in out
    assert await chatroom("check", **others, OPENING="anyone") == (0, "All is well.\n", "")
    assert await chatroom("check", BASE_URL="http://localhost:8000/") == (0, "All is well.\n", "")


async def test_check_says_that_nothing_looks_for_the_words_of_the_operator(tmp_path: Path) -> None:
    path = tmp_path / "words.json"
    path.write_text('[{"pattern": "lottery", "kind": "literal", "verdict": "nudge"}]')
    assert (await chatroom("check", WORDS_FILE=str(path), POLICIES="risk,words:hold"))[0] == 0
    sentence = "WORDS_FILE is set, but POLICIES does not name words: nothing looks for what stands in it.\n"
    assert await chatroom("check", WORDS_FILE=str(path), POLICIES="risk") == (1, sentence, "")


# ---- serve and open ---------------------------------------------------------------------------------------------------


async def test_a_used_port_is_one_sentence() -> None:
    async with serving() as [running]:
        port = running.url.rpartition(":")[2]
        sentence = f"Port {port} is already in use: stop the other program, or set PORT to another number.\n"
        assert await chatroom("serve", PORT=port) == (1, "", sentence)


@pytest.mark.parametrize(
    ("host", "sentence"),
    [
        ("192.0.2.1", "HOST 192.0.2.1 is not an address of this machine.\n"),
        ("no-such-host.invalid", "HOST no-such-host.invalid is not a name that this machine can resolve.\n"),
    ],
)
async def test_an_address_of_another_machine_is_one_sentence(host: str, sentence: str) -> None:
    assert await chatroom("serve", HOST=host) == (1, "", sentence)


async def test_open_prints_three_links_and_the_code() -> None:
    async with serving() as [running]:
        code, out, error = await chatroom("open", "--title", "Tuesday", "--minutes", "30", "--url", running.url + "/")
    assert (code, error) == (0, "")
    page = re.escape(running.url) + "/r#"
    shape = rf"participant: +{page}({WORDS})\nmoderator: +{page}(\S+)\.(\S+)\nhost: +{page}(\S+)\.(\S+)\ncode: +(.+)\n"
    found = re.fullmatch(shape, out)
    assert found, out
    secret, moderators, moderator_token, hosts, host_token, spoken = found.groups()
    assert secret == moderators == hosts == spoken.replace(" ", "-")
    assert moderator_token != host_token


async def test_open_with_the_passphrase_of_the_operator() -> None:
    made = (await chatroom("hash-passphrase", stdin="correct horse\n"))[1].strip()
    async with serving({"OPENING": made}) as [running]:
        wanted = ("open", "--title", "Tuesday", "--url", running.url)
        refused = await chatroom(*wanted)
        opened = await chatroom(*wanted, "--passphrase-stdin", stdin="correct horse\n")
        again = [await chatroom(*wanted, "--passphrase-stdin", stdin="wrong\n") for _ in range(4)]  # and then each waits
    assert refused == (1, "", REFUSALS["opening_passphrase_wrong"] + "\n")
    assert opened[0] == 0
    assert again == [refused] * 4


@pytest.mark.parametrize(
    ("in_the_file", "options", "minutes"),
    [({}, [], 60), ({"minutes": 45}, [], 45), ({"minutes": 45}, ["--minutes", "30"], 30)],
)
def test_open_takes_the_length_of_the_meeting_from_the_script(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_the_file: dict[str, int], options: list[str], minutes: int
) -> None:
    asked: list[OpenRoom] = []

    def ask(url: str, wanted: OpenRoom) -> dict[str, str]:
        asked.append(wanted)
        return {}

    monkeypatch.setattr("chatroom.web.cli.ask_to_open", ask)
    path = tmp_path / "ours.json"
    path.write_text(json.dumps({"format": "chatroom-script", "version": 1, "phases": [{"title": "Shares"}], **in_the_file}))
    with pytest.raises(SystemExit, match="0"):
        main(["open", "--title", "x", "--script", str(path), *options])
    assert [wanted.minutes for wanted in asked] == [minutes]


async def test_open_asks_the_server_of_the_settings() -> None:
    port = free_port()
    async with serving({"PORT": str(port)}):
        assert (await chatroom("open", "--title", "Tuesday", PORT=str(port)))[0] == 0
    unanswered = f"No server answers at http://127.0.0.1:{port}.\n"
    assert await chatroom("open", "--title", "Tuesday", PORT=str(port)) == (1, "", unanswered)
    assert (await chatroom("open", "--title", "Tuesday", HOST="0.0.0.0", PORT=str(port)))[2] == unanswered
    assert (await chatroom("open", "--title", "Tuesday", HOST="::", PORT=str(port)))[2] == unanswered.replace(
        "127.0.0.1", "[::1]"
    )
    with_base = await chatroom("open", "--title", "Tuesday", BASE_URL=f"http://localhost:{port}/meet")
    assert with_base[2] == f"No server answers at http://localhost:{port}/meet.\n"


@pytest.mark.parametrize(
    ("typed", "starts"),
    [
        ("19:30", "2026-12-01T19:30"), ("12:00", "2026-12-01T12:00"), ("11:30", "2026-12-02T11:30"),
        ("2026-12-01T19:30", "2026-12-01T19:30"), ("2026-12-02 08:15", "2026-12-02T08:15"),
    ],
)  # fmt: skip
def test_open_says_everything_that_the_page_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, typed: str, starts: str
) -> None:
    rules = tmp_path / "rules.txt"
    rules.write_bytes("\ufeffListen kindly.\r\n\r\nWhat is said here stays here. José\r\n".encode())
    monkeypatch.setattr("sys.stdin", io.StringIO("for opening\nfor the door\r\n"))
    options = [
        *(
            "--title",
            "Tuesday",
            "--starts",
            typed,
            "--minutes",
            "90",
            "--fellowship",
            "15",
            "--welcome",
            "Hello",
            "--rules",
            str(rules),
        ),
        *("--capacity", "12", "--show-everything", "--without-moderator", "--passphrase-stdin", "--room-passphrase-stdin"),
    ]
    parser = argparse.ArgumentParser()
    add_options(parser)
    zone = timezone(timedelta(hours=2))
    wanted = wanted_room(parser.parse_args(options), datetime(2026, 12, 1, 12, 0, tzinfo=zone))
    assert wanted == OpenRoom(
        title="Tuesday",
        welcome="Hello",
        rules=("Listen kindly.", "What is said here stays here. José"),
        starts_at=round(datetime.fromisoformat(starts).replace(tzinfo=zone).timestamp() * 1000),
        minutes=90,
        fellowship_minutes=15,
        capacity=12,
        late_joiners=LateJoiners.EVERYTHING,
        needs_moderator=False,
        opening_passphrase="for opening",
        passphrase="for the door",
    )


LATIN = "{folder}/latin is not saved as UTF-8: open it in your editor and save it again with the encoding UTF-8."


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--starts", "soon"], "--starts must be a time such as 19:30 or 2026-12-01T19:30, not 'soon'."),
        (["--fellowship", "61"], "The time together after the end lasts 0 to 60 minutes, not 61."),
        (["--capacity", "1"], "A room has 2 to 1000 places, not 1."),
        (["--rules", "{folder}/many"], "A room has 0 to 20 ground rules, not 21."),
        (
            ["--rules", "{folder}/latin"],
            LATIN,
        ),
        (
            ["--script", "{folder}/latin"],
            LATIN,
        ),
        (["--rules", "{folder}/none"], "{folder}/none cannot be read: No such file or directory."),
    ],
)
async def test_open_says_which_option_is_wrong(tmp_path: Path, options: list[str], sentence: str) -> None:
    (tmp_path / "many").write_text("A rule.\n" * 21)
    (tmp_path / "latin").write_bytes('{"title": "Café"}'.encode("latin-1"))
    given = [option.format(folder=tmp_path) for option in options]
    assert await chatroom("open", "--title", "x", *given) == (1, "", sentence.format(folder=tmp_path) + "\n")


async def test_a_passphrase_is_one_however_it_is_composed() -> None:
    made = (await chatroom("hash-passphrase", stdin="Jose\u0301\u00a0Rio \n"))[1].strip()
    async with serving({"OPENING": made}) as [running]:
        wanted = ("open", "--title", "Tuesday", "--url", running.url, "--passphrase-stdin")
        assert (await chatroom(*wanted, stdin="José Rio\n"))[0] == 0
    assert await chatroom("hash-passphrase", stdin="\u200b\n") == (1, "", REFUSALS["passphrase_not_allowed"] + "\n")


async def test_the_version_is_said() -> None:
    assert await chatroom("--version") == (0, f"chatroom {__version__}\n", "")


async def test_open_says_what_is_wrong() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    assert await chatroom("open", "--title", "x", "--url", url) == (1, "", f"No server answers at {url}.\n")
    code, _, error = await chatroom("open", "--title", "x", "--url", "example")
    assert (code, error) == (1, "--url must be an address such as http://127.0.0.1:8000, not 'example'.\n")
    async with serving() as [running]:
        code, out, error = await chatroom("open", "--title", "x", "--minutes", "5", "--url", running.url)
        elsewhere = await chatroom("open", "--title", "x", "--url", running.url + "/elsewhere")
    assert (code, out, error) == (1, "", "A meeting lasts 15 to 180 minutes, not 5.\n")
    assert elsewhere == (1, "", "The server answered 404.\n")


def test_a_reader_that_stops_reading_is_no_error() -> None:
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "chatroom", "schema"]
    assert subprocess.run(command, env=environment({}), stdout=writing, stderr=subprocess.PIPE, check=False).stderr == b""
    os.close(writing)


async def test_an_unknown_command_is_a_usage_error() -> None:
    code, out, error = await chatroom("dance")
    assert (code, out) == (2, "")
    assert "invalid choice: 'dance'" in error


# ---- the wheel --------------------------------------------------------------------------------------------------------


def test_a_wheel_holds_templates_and_static_files_where_they_are_looked_for(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    wheel = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert wheel == {
        "packages": ["chatroom"],
        "force-include": {"static": "chatroom/static", "templates": "chatroom/templates"},
        "hooks": {"custom": {}},
    }
    assert assets.data_folder("static") == ROOT / "static"
    monkeypatch.setattr(assets, "PACKAGE", tmp_path)
    (tmp_path / "static").mkdir()
    assert assets.data_folder("static") == tmp_path / "static"
