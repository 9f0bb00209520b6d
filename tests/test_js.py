"""The JavaScript units: `node --test tests/js/*.test.mjs`."""

import json
import re
import subprocess
from shutil import which

import patience
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


def test_every_module_of_the_pages_can_be_read() -> None:
    """Also those that no unit imports, because they need a page."""
    node = which("node")
    if not node:
        pytest.fail(NO_NODE)
    modules = sorted((ROOT / "static" / "js").rglob("*.js"))
    read = "import vm from 'node:vm'; import fs from 'node:fs'; const broken = [];"
    read += "for (const name of process.argv.slice(1)) {"
    read += (
        " try { new vm.SourceTextModule(fs.readFileSync(name, 'utf8')) } catch (error) { broken.push(`${name}: ${error}`) } }"
    )
    read += "console.log(JSON.stringify(broken))"
    arguments = (node, "--no-warnings", "--experimental-vm-modules", "--input-type=module", "--eval", read, "--")
    done = subprocess.run((*arguments, *modules), capture_output=True, text=True, check=False)
    assert (json.loads(done.stdout or "null"), done.stderr) == ([], "")


def test_the_people_of_the_tests_wait_as_a_page_does() -> None:
    code = "".join((ROOT / "static" / "js" / name).read_text() for name in ("connection.js", "outbox.js"))
    for name in ("SILENCE", "OPENING", "BACKOFF_FIRST", "BACKOFF_MOST", "AGAIN"):
        assert f"const {name}_MS = {getattr(patience, f'{name}_SECONDS') * 1000:g};" in code
    assert f"const STAY_AWAY = {patience.STAY_AWAY};" in code
    again = re.search(r"const AGAIN = new Set\((.*)\);", code)
    assert again
    assert set(json.loads(again[1])) == patience.AGAIN
