"""A server that crashes writes no copy of its memory."""

import resource
import subprocess
import sys
from pathlib import Path

from serving import environment, serving

CRASH = """
import os, resource
from chatroom.web.no_dumps import FILTER, forbid_dumps

before = resource.getrlimit(resource.RLIMIT_CORE)[1]
resource.setrlimit(resource.RLIMIT_CORE, (before, before))
forbid_dumps()
print(resource.getrlimit(resource.RLIMIT_CORE), FILTER.read_text().strip(), flush=True)
os.abort()
"""


def dumped_kinds(pid: int) -> int:
    """The bits of core(5) for the kinds of memory that a dump would hold."""
    return int(Path(f"/proc/{pid}/coredump_filter").read_text(), 16)


async def test_a_running_server_may_leave_no_core_file_and_no_memory_in_a_crash_report() -> None:
    async with serving() as [server]:
        assert resource.prlimit(server.process.pid, resource.RLIMIT_CORE) == (0, 0)
        assert dumped_kinds(server.process.pid) == 0


def test_a_crash_leaves_no_file(tmp_path: Path) -> None:
    done = subprocess.run(
        (sys.executable, "-c", CRASH), cwd=tmp_path, env=environment({}), capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (-6, "(0, 0) 00000000\n")
    assert list(tmp_path.iterdir()) == []
