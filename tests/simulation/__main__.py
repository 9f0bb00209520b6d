"""`python -m simulation SEED` tells what is wrong with one schedule; with a count after it, with that many."""

import sys
import time
import traceback
from multiprocessing import Pool

from simulation.run import run

Summary = tuple[list[str], list[str], int, int]


def summary(seed: int) -> Summary:
    """What is wrong, what happened, and how many entries and resumes there were. What a schedule raises is wrong with it."""
    try:
        verdict = run(seed)
    except Exception:  # whatever it is: the seed has to be named
        return [traceback.format_exc()], [], 0, 0
    return verdict.wrong, verdict.happened, verdict.entries, verdict.resumes


def main(first: int, count: int) -> int:
    started, failed, totals = time.perf_counter(), 0, [0, 0, 0]
    seeds = range(first, first + count)
    with Pool() as pool:
        for seed, (wrong, happened, *counts) in zip(seeds, pool.imap(summary, seeds), strict=True):
            totals = [total + more for total, more in zip(totals, (len(happened), *counts), strict=True)]
            if count == 1:
                print(*happened, sep="\n")
            if wrong:
                failed += 1
                print(f"seed {seed}:", *wrong[:8], sep="\n  ", flush=True)
    per_minute = count / (time.perf_counter() - started) * 60
    print("{} steps, {} entries, {} resumes".format(*totals))
    print(f"{count} schedules, {per_minute:.0f} a minute: {failed} wrong")
    return failed


if __name__ == "__main__":
    sys.exit(bool(main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)))
