"""The two commits of a rolling upgrade: the oldest from which one is promised, and the one that is checked out.

The oldest runs from an archive, with the packages of this environment and without its C part: it sends in plain Python.
"""

import shutil
import subprocess
from pathlib import Path

from serving import ROOT, Version

UPGRADES_FROM = ROOT / "docs" / "upgrades-from.txt"
"""Names the oldest commit. docs/operations.md says who changes it, and when."""
NO_HISTORY = (
    "The rolling upgrades need git, and the commit in docs/upgrades-from.txt must be an ancestor of this one. "
    "In a shallow clone: git fetch --unshallow."
)


def oldest() -> str:
    return UPGRADES_FROM.read_text(encoding="ascii").strip()


def newest() -> str:
    """The commit that is checked out, and whether files were changed since."""
    changes = _git("status", "--porcelain", "--untracked-files=no")
    return _git("rev-parse", "HEAD").strip() + (" with changes" if changes else "")


def has_history() -> bool:
    """Whether the oldest commit is there, and an ancestor of this one."""
    try:
        _git("merge-base", "--is-ancestor", oldest(), "HEAD")
    except (OSError, subprocess.CalledProcessError):
        return False
    return True


def oldest_version(folder: Path) -> Version:
    """The code of the oldest commit, unpacked in this folder. Raises CalledProcessError without it."""
    archive, code = folder / "oldest.zip", folder / "oldest"
    _git("archive", "--format=zip", f"--output={archive}", oldest())
    shutil.unpack_archive(archive, code)
    return Version((code, code / "tests"), "known_ids")


def _git(*words: str) -> str:
    return subprocess.run(["git", *words], cwd=ROOT, check=True, capture_output=True, text=True).stdout
