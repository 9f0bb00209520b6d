"""A script: the phases of a meeting as a group has planned them."""

from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Literal

import msgspec

from chatroom.core.limits import (
    CUE_CODE_POINTS,
    PHASE_MINUTES_AT_MOST,
    PHASES_PER_SCRIPT,
    READING_CODE_POINTS,
    SCRIPT_BYTES,
    TITLE_CODE_POINTS,
)
from chatroom.core.refusals import Refused
from chatroom.core.text import clean_optional, clean_text

FAULTS_SHOWN = 20


class Mode(StrEnum):
    """Who may post: those who lead; the one who has the floor; everyone."""

    HOST = "host"
    FLOOR = "floor"
    OPEN = "open"


class Crosstalk(StrEnum):
    """What others may say to what was said: nothing, short thanks, anything."""

    NONE = "none"
    THANKS = "thanks"
    OPEN = "open"


class PhaseKind(StrEnum):
    PLAIN = "plain"
    MILESTONES = "milestones"
    CHECK_IN = "check_in"
    CLOSING = "closing"


class Phase(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`text` is posted when the phase begins, `cue` is for those who lead; 0 `minutes` plan no time."""

    title: str
    text: str = ""
    mode: Mode = Mode.OPEN
    crosstalk: Crosstalk = Crosstalk.NONE
    minutes: int = 0
    cue: str = ""
    kind: PhaseKind = PhaseKind.PLAIN


Script = tuple[Phase, ...]


class ScriptFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A script as a group keeps it; `minutes` is how long its meeting lasts, 0 when the file does not say."""

    format: Literal["chatroom-script"]
    version: Literal[1]
    phases: Script
    title: str = ""
    about: str = ""
    minutes: int = 0
    fellowship_minutes: int = 0


OPEN_PHASE = Phase(title="", crosstalk=Crosstalk.OPEN)
"""How a room is without a script, before the meeting and in the fellowship after it."""


def clean_script(script: Script) -> Script:
    """The script with its texts made fit to be stored and shown.

    Raises Refused script_wrong; its detail lists what is wrong, one fault a line, at most FAULTS_SHOWN.
    """
    if len(script) > PHASES_PER_SCRIPT:
        raise _wrong([f"There are {len(script)} phases; at most {PHASES_PER_SCRIPT} are possible."])
    phases: list[Phase] = []
    faults: list[str] = []
    for number, phase in enumerate(script, 1):
        found = list(_faults(phase))
        faults += [f"Phase {number}: {fault}" for fault in found]
        phases.append(phase if found else _cleaned(phase))
    if faults:
        raise _wrong(faults)
    size = len(msgspec.json.encode(phases))
    if size > SCRIPT_BYTES:
        raise _wrong([f"The whole script has {size} bytes; at most {SCRIPT_BYTES} are possible."])
    return tuple(phases)


def _wrong(faults: list[str]) -> Refused:
    return Refused("script_wrong", detail="\n".join(faults[:FAULTS_SHOWN]))


_LIMITS: dict[str, tuple[Callable[[str, int], str], int]] = {
    "title": (clean_text, TITLE_CODE_POINTS),
    "text": (clean_optional, READING_CODE_POINTS),
    "cue": (clean_optional, CUE_CODE_POINTS),
}


def _faults(phase: Phase) -> Iterator[str]:
    for field, (clean, limit) in _LIMITS.items():
        try:
            clean(getattr(phase, field), limit)
        except Refused as refusal:
            yield _SENTENCES[refusal.code].format(field=field, limit=limit)
    if not 0 <= phase.minutes <= PHASE_MINUTES_AT_MOST:
        yield f"the minutes must be 0 to {PHASE_MINUTES_AT_MOST}."


_SENTENCES = {
    "text_empty": "the {field} is empty.",
    "text_too_long": "the {field} is longer than {limit} characters.",
    "text_not_allowed": "the {field} holds characters that cannot be shown.",
}


def _cleaned(phase: Phase) -> Phase:
    texts = {field: clean(getattr(phase, field), limit) for field, (clean, limit) in _LIMITS.items()}
    return msgspec.structs.replace(phase, **texts)
