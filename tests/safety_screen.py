"""What a client knows of what waits for a moderator, and of direct messages, folded by nothing but docs/protocol.md."""

from collections.abc import Callable
from typing import Any

from support_screen import newest, no_entry, trim

Frame = dict[str, Any]
REJECTED_SHOWN = 10
HELD = ("at", "held", "participant", "nickname", "text", "kind", "name", "topic", "policy", "reason", "origin_id")
CONCERN = ("at", "concern", "participant", "nickname", "sort", "topic", "message")
MY_HELD = ("at", "held", "origin_id", "text", "kind", "name", "topic", "state", "reason")


def _picked(frame: Frame, names: tuple[str, ...], **more: object) -> Frame:
    return {name: frame[name] for name in names} | more


# ---- at the desk ---------------------------------------------------------------------------------------------------------


def _message_held(room: Frame, frame: Frame) -> None:
    room["desk"]["held"].append(_picked(frame, HELD, claimed_by=""))


def _held_resolved(room: Frame, frame: Frame) -> None:
    desk = room["desk"]
    desk["held"] = [held for held in desk["held"] if held["held"] != frame["held"]]


def _concern_noted(room: Frame, frame: Frame) -> None:
    room["desk"]["concerns"].append(_picked(frame, CONCERN, claimed_by=""))


def _concern_resolved(room: Frame, frame: Frame) -> None:
    desk = room["desk"]
    desk["concerns"] = [concern for concern in desk["concerns"] if concern["concern"] != frame["concern"]]


def _claimed(room: Frame, frame: Frame) -> None:
    for place, name in (("reports", "report"), ("held", "held"), ("concerns", "concern")):
        for item in room["desk"][place]:
            if item[name] == frame["item"]:
                item["claimed_by"] = frame["by"]


def _team_said(room: Frame, frame: Frame) -> None:
    room["desk"]["team"].append(_picked(frame, ("id", "at", "by", "by_nickname", "text", "origin_id")))
    trim(room["desk"])


def _note_written(room: Frame, frame: Frame) -> None:
    note = _picked(frame, ("id", "at", "by_nickname", "text"))
    room["desk"]["notes"].setdefault(frame["participant"], []).append(note)
    trim(room["desk"])


def _break_taken(room: Frame, frame: Frame) -> None:
    on_break = room["desk"]["on_break"]
    if frame["participant"] not in on_break:
        on_break.append(frame["participant"])


def end_break(room: Frame, frame: Frame) -> None:
    """Someone moderates again, or not at all any more."""
    if desk := room.get("desk"):
        desk["on_break"] = [name for name in desk["on_break"] if name != frame["participant"]]


def _words_set(room: Frame, frame: Frame) -> None:
    room["desk"]["words"] = frame["words"]


# ---- for everyone, and for one alone -------------------------------------------------------------------------------------


def _content_noted(room: Frame, frame: Frame) -> None:
    for message in room["messages"]:
        if message["id"] == frame["message"] and not message["gone"]:
            message["topic"] = frame["topic"]


def _my_held(room: Frame, frame: Frame) -> None:
    me, known = room["me"], {held["held"]: held for held in room["me"]["held"]}
    mine = _picked(frame, MY_HELD)
    if frame["state"] == "waiting":
        me["posted_at"] = frame["at"]
        known.setdefault(frame["held"], mine)
    elif frame["state"] in ("accepted", "withdrawn"):
        known.pop(frame["held"], None)
    elif frame["held"] in known:
        known[frame["held"]] = mine | {"at": known[frame["held"]]["at"]}
    rejected = [name for name, held in known.items() if held["state"] == "rejected"]
    me["held"] = [held for name, held in known.items() if name not in rejected[:-REJECTED_SHOWN]]


def _my_care(room: Frame, frame: Frame) -> None:
    room["me"]["care"] = frame["topic"]


# ---- direct messages -----------------------------------------------------------------------------------------------------


def _direct_set(room: Frame, frame: Frame) -> None:
    room["direct"] = frame["on"]
    for talk in room["me"]["direct"].values():
        talk["state"] = talk["state"] if frame["on"] else "over"


def _direct(room: Frame, frame: Frame) -> None:
    talk = room["me"]["direct"].setdefault(frame["other"], {"said": []})
    talk.update(nickname=frame["nickname"], state=frame["state"])


def _direct_said(room: Frame, frame: Frame) -> None:
    talks = room["me"]["direct"]
    said = _picked(frame, ("said", "at", "mine", "text", "origin_id"))
    if said not in talks[frame["other"]]["said"]:
        talks[frame["other"]]["said"].append(said)
    kept = newest(sorted((one for talk in talks.values() for one in talk["said"]), key=lambda one: int(one["at"])))
    for talk in talks.values():
        talk["said"] = [one for one in talk["said"] if one in kept]


def _my_direct_report(room: Frame, frame: Frame) -> None:
    for said in room["me"]["direct"].get(frame["other"], {"said": []})["said"]:
        if said["said"] == frame["said"]:
            said["text"] = ""


def _direct_reported(room: Frame, frame: Frame) -> None:
    names = ("report", "participant", "nickname", "text", "reason", "words", "at")
    room["desk"]["reports"].append(_picked(frame, names, message=no_entry(frame["report"]), claimed_by="", outcome=""))


SAFETY_CHANGES: dict[str, Callable[[Frame, Frame], None]] = {
    "message_held": _message_held,
    "held_resolved": _held_resolved,
    "my_held": _my_held,
    "concern_noted": _concern_noted,
    "concern_resolved": _concern_resolved,
    "my_care": _my_care,
    "claimed": _claimed,
    "team_said": _team_said,
    "note_written": _note_written,
    "break_taken": _break_taken,
    "break_over": end_break,
    "content_noted": _content_noted,
    "words_set": _words_set,
    "direct_set": _direct_set,
    "direct": _direct,
    "direct_said": _direct_said,
    "direct_reported": _direct_reported,
    "my_direct_report": _my_direct_report,
}
