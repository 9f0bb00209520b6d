"""What was asked about direct messages."""

from typing import Union

from chatroom.core.command_base import Command, Id, Offset, OriginId, Reason
from chatroom.core.event_base import ReportReason


class SetDirect(Command, frozen=True, tag="set_direct"):
    """Let people write to each other where both agree, or end all of it."""

    on: bool


class AskDirect(Command, frozen=True, tag="ask_direct"):
    """Ask someone whether one may write to them."""

    participant: Id


class AnswerDirect(Command, frozen=True, tag="answer_direct"):
    """Say yes or no to who asked."""

    participant: Id
    yes: bool


class SayDirect(Command, frozen=True, tag="say_direct"):
    """Write to someone when both agreed."""

    participant: Id
    origin_id: OriginId
    text: str


class EndDirect(Command, frozen=True, tag="end_direct"):
    """Write to each other no more, or take the question back."""

    participant: Id


class ReportDirect(Command, frozen=True, tag="report_direct"):
    """Show the moderators what someone wrote to one."""

    participant: Id
    said: Offset
    reason: ReportReason
    words: Reason = ""


DirectCommand = Union[  # noqa: UP007 - msgspec builds its decoder from this
    SetDirect, AskDirect, AnswerDirect, SayDirect, EndDirect, ReportDirect,
]  # fmt: skip
