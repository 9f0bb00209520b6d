"""What hooks and the webhook missed since the start: numbers alone."""

from collections import Counter
from enum import StrEnum


class Missed(StrEnum):
    """The values name the numbers in the log; docs/operations.md explains them."""

    HOOK_FAILED = "hook_failed"
    HOOK_DROPPED = "hook_dropped"
    WEBHOOK_FAILED = "webhook_failed"
    WEBHOOK_DROPPED = "webhook_dropped"
    WEBHOOK_DEAD = "webhook_dead"


MissedCounts = Counter[Missed]

WAITING_AT_MOST = 1_000
"""Occasions that wait for one hook, or for the webhook; then the oldest is dropped."""
STOP_SECONDS = 3
"""How long the end of the process waits for what is due."""
