"""Hooks that are installed, and what docs/integrations.md says of hooks and webhooks, run as it stands there."""

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from fake_time import in_fake_time
from house import house
from receiver import SECRET, Receiver
from scene_drivers import WAIT_SECONDS
from serving import ROOT, environment, free_port
from test_hooks import CALLED, TOLD

from chatroom.hooks.delivery import Delivery
from chatroom.hooks.hook import Kind
from chatroom.hooks.hooks import Hooks
from chatroom.hooks.registry import HookNotLoaded, installed
from chatroom.hooks.threads import InThread
from chatroom.hooks.webhook import TYPES, secret_key
from chatroom.live.hub import Hub
from chatroom.live.opening import OpenRoom
from chatroom.log.memory import MemoryLogs
from chatroom.web.app import create_app
from chatroom.web.settings import Settings

# ---- finding hooks -------------------------------------------------------------------------------------------------------


@contextmanager
def package(folder: Path, source: str, target: str) -> Iterator[None]:
    """A package with this module `its_hook` and this entry point, installed."""
    (folder / "its_hook.py").write_text(source)
    about = folder / "its_hook-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: its-hook\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[chatroom.hooks]\nits = its_hook:{target}\n")
    sys.path.insert(0, str(folder))
    try:
        yield
    finally:
        sys.path.remove(str(folder))
        sys.modules.pop("its_hook", None)


def test_an_installed_hook_is_found_and_made_once(tmp_path: Path) -> None:
    assert installed() == []
    with package(tmp_path, "class Its:\n    def happened(self, occasion):\n        pass\n", "Its"):
        (found,) = installed()
        assert type(found._hook).__name__ == "Its"


@pytest.mark.parametrize(
    ("source", "sentence"),
    [
        ("raise ValueError('kumquat')", "The hook its could not be loaded: ValueError."),
        ("", "The hook its could not be loaded: AttributeError."),
        ("class Its:\n    def __init__(self, needs): ...", "The hook its could not be loaded: TypeError."),
        ("Its = dict", "The hook its has no method `happened`."),
    ],
)
def test_a_hook_that_cannot_be_used_stops_the_start_with_a_sentence(tmp_path: Path, source: str, sentence: str) -> None:
    with package(tmp_path, source, "Its"), pytest.raises(HookNotLoaded) as raised:
        installed()
    assert str(raised.value) == sentence


def test_the_application_takes_installed_hooks_and_the_webhook_of_its_settings(tmp_path: Path) -> None:
    with package(tmp_path, "class Its:\n    def happened(self, occasion):\n        pass\n", "Its"):
        settings = Settings(webhook_url="https://example.org/", webhook_secret=SECRET, webhook_texts="yes")
        hooks = create_app(settings).state.hub.hooks
    assert ([type(told) for told in hooks._told], hooks._texts) == ([InThread, Delivery], True)
    hooks = create_app(Settings()).state.hub.hooks
    assert (hooks._told, hooks._texts) == ((), False)


@pytest.mark.parametrize("command", ["serve", "check"])
def test_a_server_with_a_broken_hook_says_so_and_does_not_start(tmp_path: Path, command: str) -> None:
    with package(tmp_path, "raise ValueError('kumquat')", "Its"):
        env = environment({"PYTHONPATH": f"{tmp_path}:{ROOT}", "PORT": str(free_port())})
        ended = subprocess.run(
            [sys.executable, "-m", "chatroom", command], env=env, capture_output=True, text=True, timeout=WAIT_SECONDS
        )
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr == "The hook its could not be loaded: ValueError.\n"


# ---- docs/integrations.md, as it stands there ----------------------------------------------------------------------------

DOCUMENT = (Path(__file__).parent.parent / "docs" / "integrations.md").read_text()


def example(name: str) -> str:
    """The Python block under this heading."""
    return DOCUMENT.split(f"\n## {name}\n")[1].split("```python\n")[1].split("```")[0]


@in_fake_time
async def test_the_hook_in_the_document_says_when_a_room_needs_someone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with package(tmp_path, example("A hook in this process"), "PageSomeone"):
        async with house(hooks=Hooks(installed()), needs_moderator=True) as inn:
            ada = await inn.join("Ada")
            await inn.join("Mo", "moderator")
            await ada.ask("ask_support")
    room = "[0-9a-f]{32}"
    said = f"unattended: 1 here, 0 moderators, in {room}\nsupport_asked: 2 here, 1 moderators, in {room}\n"
    assert re.fullmatch(said, capsys.readouterr().out)


async def test_a_webhook_verifies_as_the_document_says(tmp_path: Path) -> None:
    scope: dict[str, Callable[..., dict[str, object] | None]] = {}
    exec(example("Verifying a webhook"), scope)
    verified = scope["verified"]
    async with Receiver(tmp_path) as receiver:
        hub = Hub(MemoryLogs(), hooks=Hooks([Delivery(receiver.poster(), secret_key(SECRET))]))
        await hub.start()
        opened = await hub.open_room(OpenRoom(title="Tuesday"), "")
        await hub.stop()
    (request,) = receiver.requests
    told = verified(SECRET, request.headers, request.body)
    assert told
    assert told["type"] == "room.opened"
    assert isinstance(told["data"], dict)
    assert told["data"]["ends_at"] == opened.ends_at
    for changed in (request.body + b" ", request.body.replace(b"100", b"900")):
        assert verified(SECRET, request.headers, changed) is None
    for name, value in (("webhook-id", "msg_other"), ("webhook-timestamp", "1"), ("webhook-signature", "v1,AAAA")):
        assert verified(SECRET, {**request.headers, name: value}, request.body) is None
    assert verified("whsec_" + "A" * 32, request.headers, request.body) is None


def test_every_kind_stands_in_the_document_with_its_facts() -> None:
    rows = [
        [cell.strip(" `") for cell in line.strip("|").split("|")] for line in DOCUMENT.splitlines() if line.startswith("| `")
    ]
    facts = {kind: set(facts) for kind, _, _, facts, _ in TOLD} | {kind: set(facts) for kind, _, facts in CALLED}
    words = {kind: set(words) for kind, _, _, _, words in TOLD}
    assert {row[0]: (row[1], *(set(re.findall("[a-z_]+", cell)) for cell in row[3:5])) for row in rows} == {
        str(kind): (TYPES[kind], facts[kind], words.get(kind, set())) for kind in Kind
    }
