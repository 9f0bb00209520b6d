"""`make chaos`: every fault of the table, a few at a time; prints what came of each and writes docs/reliability.md.

With words as arguments, only the faults whose names hold one of them, and nothing is written.
"""

import asyncio
import sys
import time

from servers import BINARIES, MISSING

from chaos import commits
from chaos.faults import FAULTS
from chaos.place import Needs
from chaos.report import REPORT, line, page
from chaos.trial import Fault, Load, Outcome, run

AT_ONCE = 2
MESSAGES_PER_SECOND = (Needs().people + Needs().processes) / Load().pause_seconds


async def hold(faults: list[Fault]) -> list[Outcome]:
    free = asyncio.Semaphore(AT_ONCE)

    async def one(fault: Fault) -> Outcome:
        async with free:
            outcome = await run(fault)
        print(line(outcome), flush=True)
        return outcome

    return await asyncio.gather(*map(one, faults))


def main(words: list[str]) -> int:
    faults = [fault for fault in FAULTS if not words or any(word in fault.name for word in words)]
    if not BINARIES:
        print(MISSING)
        return 1
    if any(fault.needs.from_oldest for fault in faults):
        if not commits.has_history():
            print(commits.NO_HISTORY)
            return 1
        print(f"The rolling upgrades go from {commits.oldest()} to {commits.newest()}.", flush=True)
    began = time.monotonic()
    outcomes = asyncio.run(hold(faults))
    minutes = (time.monotonic() - began) / 60
    print(f"{len(outcomes)} faults in {minutes:.1f} minutes")
    if not words:
        REPORT.write_text(page(outcomes, rate=MESSAGES_PER_SECOND, at_once=AT_ONCE, minutes=minutes), encoding="utf-8")
        print(f"Written: {REPORT.relative_to(REPORT.parent.parent)}")
    return 1 if any(outcome.broken or outcome.late for outcome in outcomes) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
