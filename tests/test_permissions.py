"""Who may do what, and when: every cell that docs/permissions.md prints."""

from pathlib import Path

from permission_phases import HEAD, PHASES, cell
from test_rules import TABLE

DOCUMENT = (Path(__file__).parent.parent / "docs/permissions.md").read_text("utf-8")


def test_every_cell_of_the_table_of_permissions() -> None:
    assert DOCUMENT.startswith(HEAD), "run `make generated`"
    head, _, *lines = [[part.strip() for part in line.strip("|").split("|")] for line in DOCUMENT[len(HEAD) :].splitlines()]
    assert head == ["command", *PHASES]
    printed = {line[0].strip("`"): dict(zip(PHASES, line[1:], strict=True)) for line in lines}
    assert printed == {kind.__struct_config__.tag: {phase: cell(kind, phase) for phase in PHASES} for kind in TABLE}
