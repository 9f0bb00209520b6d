"""What came of the trials: a line for each while they are held, and docs/reliability.md."""

import math
import os
import platform
import subprocess
from collections.abc import Sequence
from pathlib import Path

from history import RULES
from servers import BINARIES

from chaos import commits
from chaos.trial import Outcome

REPORT = Path(__file__).parents[2] / "docs" / "reliability.md"
NOTHING = "\N{EN DASH}"
PAGE = """\
# Reliability: what people notice when something breaks

`make chaos` breaks things under real servers while people talk, checks everything that everyone was sent, and writes this
page. None of the figures is typed.

## What is promised

- A message that was acknowledged is there until the room ends, once, at the same place for everyone, as long as one process
  that saw it lives. Who comes back gets exactly what was missed, or is told that the whole picture comes anew.
- What was not acknowledged yet stays in the browser and is sent again under the same id, on whichever process, and is there
  once.
- People come back by themselves: within 30 s when a process was killed, within 15 s when it was restarted in order. A
  process that gets SIGTERM ends within 25 s, also when people do not read.
- During a rolling upgrade both versions serve one room and nothing is lost. What only the newer one can store is refused
  until the last older process has ended.
- Who does not come back is not shown as here any more after 45 s. No two people here ever have one name.
- When Redis fails, nobody loses their seat. People are told ("Reconnecting. Your words are kept."), `/readyz` answers 503,
  and all goes on within 5 s after Redis is back, also when it comes back empty or with older data; within 10 s when it took
  commands all the time but delivered nothing.
- Without Redis, SIGTERM and a new start keep the rooms. `kill -9` loses them, and people are told so instead of waiting.

What is lost with the last process that saw it: what a Redis that was emptied or rolled back had not kept, when every
process died as well.

## How it was measured

Each fault had a place of its own on loopback: two `chatroom serve` processes (one where it says "Without Redis"), a real
{redis}, and one room. 20 people came in through a proxy that leads to the processes in turn, and one more at each process;
together they posted {rate:.0f} messages a second, at random moments, before, during and after the fault. They do what the
browser does: come back with a position and full-jitter backoff, give up a connection after 45 s of silence, and send again
what was not answered. Limits and times are those of production. {at_once} faults were measured at the same time, on {cores}
cores with Python {python}.

The rolling upgrades began with two processes of the commit in [upgrades-from.txt](upgrades-from.txt),
`{oldest}`, and ended with two of
`{newest}`, or of that with one more kind of event. In between people were at both
versions, and one process went back to the older one for a moment.

Everything that anyone sent and was sent was recorded and checked by `tests/history.py`: {rules}. At the end someone new
came in, and everyone had to see the same people.

- **lost**: acknowledged messages, or entries between two positions, that someone did not get, counted for each person who
  lacks one.
- **twice**: messages or entries that someone got twice.
- **back**: seconds from the end of the fault until every process had acknowledged a post and everyone was back.
- **p99**: how long 99 % of the messages took during the fault, from being written until another person had it; among those
  whose own connection was whole all the time, and who were not the ones the fault was about. Where Redis is away, that is
  mostly the outage itself. {nothing} where there was nobody like that.
- **away**: the longest that anyone was without a connection.

## What came of it

| fault | messages | lost | twice | back, s | p99, ms | away, s |
|---|---|---|---|---|---|---|
{rows}

{verdict}

## Measure it again

    make chaos

takes about {minutes:.0f} minutes, and needs git and the history of this repository. `PYTHONPATH=tests python -m chaos Redis`
holds only the trials with that word in their name, and writes nothing. A short set of the same table is part of `make test`
(`tests/test_chaos.py`). The table itself is `tests/chaos/faults.py`.
"""


def line(outcome: Outcome) -> str:
    """One trial in one line, and a line for each promise that was broken."""
    figures = f"lost {outcome.lost}, twice {outcome.duplicated}, back {_number(outcome.recovery, 1)} s"
    head = f"{outcome.fault.name}: {figures}, p99 {_number(outcome.p99_ms)} ms, away {_number(outcome.away, 1)} s"
    return "\n    ".join([head, *outcome.broken, *outcome.late])


def page(outcomes: Sequence[Outcome], *, rate: float, at_once: int, minutes: float) -> str:
    """docs/reliability.md."""
    version = subprocess.run([next(iter(BINARIES.values())), "--version"], capture_output=True, text=True, check=True).stdout
    name, _, number = version.partition(" v=")
    return PAGE.format(
        redis=f"{name.split()[0]} {number.split()[0]}",
        rate=rate,
        at_once=at_once,
        cores=os.cpu_count(),
        python=".".join(platform.python_version_tuple()[:2]),
        rules=", ".join(rule.replace("_", " ") for rule in RULES),
        oldest=commits.oldest(),
        newest=commits.newest(),
        nothing=NOTHING,
        rows="\n".join(map(_row, outcomes)),
        verdict=_verdict(outcomes),
        minutes=minutes,
    )


def _row(outcome: Outcome) -> str:
    lost, duplicated = ("the room", NOTHING) if outcome.fault.ends_room else (str(outcome.lost), str(outcome.duplicated))
    cells = [
        outcome.fault.name,
        str(outcome.messages),
        lost,
        duplicated,
        _number(outcome.recovery, 1),
        _number(outcome.p99_ms),
        _number(outcome.away, 1),
    ]
    return f"| {' | '.join(cells)} |"


def _verdict(outcomes: Sequence[Outcome]) -> str:
    broken = [f"- {outcome.fault.name}: {sentence}" for outcome in outcomes for sentence in (*outcome.broken, *outcome.late)]
    return "\n".join(["Not everything held:", "", *broken]) if broken else "Every promise above held in this run."


def _number(value: float, digits: int = 0) -> str:
    return NOTHING if math.isnan(value) else f"{value:.{digits}f}"
