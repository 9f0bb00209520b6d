"""The JavaScript units: `node --test tests/js/*.test.mjs`."""

import subprocess
from shutil import which

import pytest
from need import NO_NODE
from serving import ROOT


def test_the_javascript_units_pass() -> None:
    node = which("node")
    if not node:
        pytest.fail(NO_NODE)
    files = sorted(map(str, (ROOT / "tests" / "js").glob("*.test.mjs")))
    assert files
    done = subprocess.run((node, "--test", *files), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
