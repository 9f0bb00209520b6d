"""What a client knows of the door, the pace and the calm, folded by nothing but docs/protocol.md."""

from collections.abc import Callable
from typing import Any

Frame = dict[str, Any]


def _knocked(room: Frame, frame: Frame) -> None:
    room["desk"]["knocks"].append({name: frame[name] for name in ("knock", "nickname", "at", "cautions")})


def _knock_ended(room: Frame, frame: Frame) -> None:
    room["desk"]["knocks"] = [knock for knock in room["desk"]["knocks"] if knock["knock"] != frame["knock"]]


def _veiled(room: Frame, frame: Frame) -> None:
    room["veil"] = True
    names = [message["id"] for message in room["messages"]]
    start = names.index(frame["first"]) if frame["first"] in names else 0 if frame["first"] else len(names)
    for message in room["messages"][start:]:
        if message["role"] == "participant" and not message["gone"]:
            message.update({"veiled": True} if "desk" in room else {"veiled": True, "text": ""})


def _unveiled(room: Frame, frame: Frame) -> None:
    room["veil"] = False
    for message in room["messages"]:
        message["veiled"] = False


def take_earlier(room: Frame, frame: Frame) -> None:
    """The words of messages that were veiled."""
    texts = {message["id"]: message["text"] for message in frame["messages"]}
    for message in room["messages"]:
        if not message["text"] and not message["gone"] and not message["reported"]:
            message["text"] = texts.get(message["id"], "")


def wrote(room: Frame, frame: Frame) -> None:
    if frame["by"] == room["me"]["participant"]:
        room["me"]["posted_at"] = frame["at"]


def _guard_raised(room: Frame, frame: Frame) -> None:
    room["desk"]["guard"] = {name: frame[name] for name in ("guard", "signal", "count", "at")}


DOOR_CHANGES: dict[str, Callable[[Frame, Frame], None]] = {
    "door_set": lambda room, frame: room.update(door=frame["door"]),
    "knocked": _knocked,
    "knock_ended": _knock_ended,
    "moderator_link_replaced": lambda room, frame: room["desk"].update(moderator_link=frame["works"]),
    "posting_stopped": lambda room, frame: room.update(posting_stopped=True),
    "posting_resumed": lambda room, frame: room.update(posting_stopped=False),
    "veiled": _veiled,
    "unveiled": _unveiled,
    "pace_set": lambda room, frame: room.update(
        pace={name: frame[name] for name in ("slow_seconds", "listen_minutes", "hold_new")}
    ),
    "unattended": lambda room, frame: room.update(unattended=True),
    "attended": lambda room, frame: room.update(unattended=False),
    "guard_raised": _guard_raised,
    "guard_lowered": lambda room, frame: room["desk"].update(guard=None),
    "earlier": take_earlier,
}
