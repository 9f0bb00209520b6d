"""The scripts a meeting can start from, and the file a group keeps its own in."""

import json
from pathlib import Path

import msgspec
import pytest

from chatroom.core.script import ScriptFile, clean_script
from chatroom.web.opener import CannotOpen, read_script
from chatroom.web.schema import script_schema

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "static" / "scripts").glob("*.json"))
HARD_WORDS = ("addict", "clean", "dirty", "relapse", "alcoholic", "junkie")


def script_of(path: Path) -> ScriptFile:
    return msgspec.json.decode(path.read_bytes(), type=ScriptFile)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_is_a_script_that_fits_its_meeting(path: Path) -> None:
    script = script_of(path)
    assert clean_script(script.phases) == script.phases
    assert sum(phase.minutes for phase in script.phases) <= script.minutes
    assert script.title
    assert script.about


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.stem)
def test_a_template_speaks_of_people_first(path: Path) -> None:
    words = path.read_text().lower()
    assert not [word for word in HARD_WORDS if word in words]


def test_the_page_offers_each_template_by_its_name() -> None:
    page = (ROOT / "templates" / "open.html").read_text()
    offered = {path.stem for path in TEMPLATES if f'<option value="{path.stem}"' in page}
    assert offered == {path.stem for path in TEMPLATES}
    assert offered == {"discussion", "speaker", "smart", "study", "circle", "newcomers", "grief"}


def test_the_schema_in_the_docs_is_the_one_of_the_types() -> None:
    kept = json.loads((ROOT / "docs" / "script.schema.json").read_text())
    assert kept == script_schema(), "make generated"


def test_a_script_is_read_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "ours.json"
    path.write_text('{"format": "chatroom-script", "version": 1, "phases": [{"title": "Welcome", "mode": "host"}]}')
    assert read_script(path).phases[0].title == "Welcome"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{", "is not a script"),
        ('{"format": "chatroom-script", "version": 2, "phases": []}', "Invalid enum value 2 - at `$.version`"),
        ('{"format": "chatroom-script", "version": 1, "phases": [{"name": "Welcome"}]}', "at `$.phases[0]`"),
    ],
)
def test_a_wrong_file_is_told_what_is_wrong(tmp_path: Path, text: str, said: str) -> None:
    path = tmp_path / "ours.json"
    path.write_text(text)
    with pytest.raises(CannotOpen) as raised:
        read_script(path)
    assert said in str(raised.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="cannot be read"):
        read_script(tmp_path / "nowhere.json")
