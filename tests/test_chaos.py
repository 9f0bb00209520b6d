"""The most telling faults of `make chaos`, with few people: nothing is lost or doubled, and everyone is back."""

import asyncio
import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio
from chaos import commits
from chaos.__main__ import main
from chaos.faults import FAULTS
from chaos.place import Needs
from chaos.report import REPORT
from chaos.trial import Fault, Load, Outcome, run
from servers import BINARIES, MISSING

QUICK = {
    "One of two processes: kill -9": 0,
    "Rolling restart of both processes": 0,
    "Redis killed, back after 4 s with its data": 1,
    "Subscriptions cut three times (CLIENT KILL)": 0,
}
"""What is tried here, and for how many seconds the fault lasts."""
LOAD = Load(pause_seconds=0.5, warm_messages=10)
RATES = {"POSTS_PER_PERSON_PER_SECOND": "1000", "POSTS_PER_ROOM_PER_SECOND": "1000"}


def with_few_people(fault: Fault) -> Fault:
    """Without what takes long: a lease of 30 seconds must run out before ghosts are seen off."""
    needs: Needs = replace(fault.needs, people=6, settings=RATES)
    return replace(fault, needs=needs, hold_seconds=QUICK[fault.name], is_outage=False, vanish=0)


@pytest_asyncio.fixture(scope="module")
async def outcomes() -> Mapping[str, Outcome]:
    """The trials, all at the same time."""
    if not BINARIES:
        pytest.fail(MISSING)
    faults = [with_few_people(fault) for fault in FAULTS if fault.name in QUICK]
    return {outcome.fault.name: outcome for outcome in await asyncio.gather(*(run(fault, LOAD) for fault in faults))}


@pytest.mark.parametrize("name", QUICK)
async def test_nothing_is_lost_and_everyone_is_back(name: str, outcomes: Mapping[str, Outcome]) -> None:
    outcome = outcomes[name]
    assert not outcome.broken, outcome.broken
    assert (outcome.lost, outcome.duplicated) == (0, 0)
    assert outcome.messages > LOAD.warm_messages


def test_the_report_has_a_row_for_every_fault_of_the_table() -> None:
    rows = [row.split(" | ")[0].removeprefix("| ") for row in REPORT.read_text().splitlines() if row.startswith("| ")]
    assert rows[1:] == [fault.name for fault in FAULTS]


def test_a_file_names_the_oldest_commit_supported() -> None:
    """Not every checkout has its history, so `make chaos` looks for the commit there."""
    assert re.fullmatch(r"[0-9a-f]{40}\n", commits.UPGRADES_FROM.read_text())


@pytest.mark.parametrize("git", ["", "#!/bin/sh\nexit 1\n"], ids=["no git", "a commit that git does not find"])
def test_a_rolling_upgrade_without_history_says_what_it_needs(
    git: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if git:
        (tmp_path / "git").write_text(git)
        (tmp_path / "git").chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert main(["Rolling upgrade"]) == 1
    assert capsys.readouterr().out == f"{commits.NO_HISTORY}\n"
