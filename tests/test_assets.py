"""The static tree in memory: its hash, what a page's entry script loads, and comments left out without moving a line."""

from pathlib import Path

import pytest

from chatroom.web.assets import Assets

MAIN = """/**
 * The entry.
 */
import { a } from "./parts/a.js";
import "./b.js"; // stays
export {
  c,
} from "./c.js";
// import "./never.js";
const address = "./not-an-import.js"; /* stays */
const later = () => import("./lazy.js");
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    files = {
        "main.js": MAIN,
        "parts/a.js": 'import { b } from "../b.js";\n',
        "b.js": 'import "./main.js";\n',
        "c.js": "",
        "lazy.js": "",
        "notes.txt": "not served",
        "style.css": "/* top */\na { color: red; }\n",
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def test_modules_are_those_imported_statically_each_once(tree: Path) -> None:
    assert Assets(tree).modules("main.js") == ["main.js", "parts/a.js", "b.js", "c.js"]


def test_comments_on_their_own_lines_are_left_out_and_every_line_keeps_its_number(tree: Path) -> None:
    files = Assets(tree).files
    assert files["style.css"].plain == b"\na { color: red; }\n"
    served = files["main.js"].plain.decode().split("\n")
    assert len(served) == len(MAIN.split("\n"))
    assert served[:3] == ["", "", ""]
    kept = [number for number, line in enumerate(served) if line]
    assert kept == [3, 4, 5, 6, 7, 9, 10]
    assert all(served[number] == MAIN.split("\n")[number] for number in kept)


def test_any_change_changes_every_address(tree: Path) -> None:
    before = Assets(tree)
    assert Assets(tree).hash == before.hash
    (tree / "style.css").rename(tree / "other.css")
    renamed = Assets(tree)
    (tree / "other.css").write_text("a { color: blue; }\n")
    assert len({before.url("main.js"), renamed.url("main.js"), Assets(tree).url("main.js")}) == 3


def test_what_is_not_there_has_no_address(tree: Path, tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        Assets(tree).url("notes.txt")
    with pytest.raises(FileNotFoundError):
        Assets(tmp_path / "nowhere")
