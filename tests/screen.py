"""What a client knows, folded from the frames it was sent, by nothing but docs/protocol.md."""

from collections.abc import Callable
from typing import Any

from door_screen import DOOR_CHANGES, wrote
from floor_screen import FLOOR_CHANGES, came, extended, heard, host_gone, is_participant_now, went
from safety_screen import SAFETY_CHANGES, end_break
from support_screen import SUPPORT_CHANGES

Frame = dict[str, Any]
ACTIONS_KEPT = 200
DROPPED_AFTER_MS = 15_000

ACTIONS = {
    *("redacted", "report_resolved", "muted", "unmuted", "removed", "readmitted", "address_cleared"),
    *("role_changed", "extended", "helper_named", "door_set", "sent_back", "posting_stopped", "posting_resumed"),
    "moderator_link_replaced",
    *("veiled", "unveiled", "pace_set"),
    *("held_resolved", "concern_resolved", "content_noted", "words_set", "direct_set"),
}


class Screen:
    """One person's room."""

    def __init__(self, room: Frame) -> None:
        self.room = room

    def take(self, frame: Frame) -> None:
        """Take one `entry`, `personal`, `crowd` or `earlier` frame."""
        kind = str(frame.get("event", frame["is"]))
        if change := _CHANGES.get(kind):
            change(self.room, frame)
        by_author = kind in ("held_resolved", "content_noted") and not frame.get("by")
        along = bool(frame.get("along"))
        declines = kind == "knock_ended" and frame["ending"] == "declined"
        if (declines or kind in ACTIONS) and "desk" in self.room and not by_author and not along:
            action = {name: frame[name] for name in frame if name not in ("is", "position", "words", "first")}
            self.room["desk"]["actions"] = [*self.room["desk"]["actions"], action][-ACTIONS_KEPT:]

    def message(self, name: str | int) -> Frame | None:
        return _message(self.room, name)


def _message(room: Frame, name: str | int) -> Frame | None:
    return next((message for message in room["messages"] if message["id"] == name), None)


def _came(room: Frame, frame: Frame) -> None:
    helper = room["people"].get(frame["participant"], {"helper": ""})["helper"]
    person = {"nickname": frame["nickname"], "role": frame["role"], "here": True, "helper": helper}
    room["people"][frame["participant"]] = person
    came(room, frame)


def _dropped(room: Frame, frame: Frame) -> None:
    if person := room["people"].get(frame["participant"]):
        person["here"] = False
        host_gone(room, person["role"], frame["at"] - DROPPED_AFTER_MS)


def _left(room: Frame, frame: Frame) -> None:
    if person := room["people"].pop(frame["participant"], None):
        host_gone(room, person["role"], frame["at"])
    went(room, frame)
    end_break(room, frame)


def _crowded(room: Frame, frame: Frame) -> None:
    room["crowd"] = frame["here"]
    room["people"] = {name: person for name, person in room["people"].items() if person["role"] != "participant"}


def _posted(room: Frame, frame: Frame) -> None:
    names = ("id", "at", "by", "nickname", "role", "text", "origin_id", "share", "kind", "name", "topic")
    said = {name: frame[name] for name in names}
    room["messages"].append(said | {"veiled": False, "reported": False, "gone": "", "reactions": {}})
    heard(room, frame)
    wrote(room, frame)


def _erased(gone: str) -> Callable[[Frame, Frame], None]:
    def change(room: Frame, frame: Frame) -> None:
        message = _message(room, frame["message"])
        if message and not message["gone"]:
            message.update(text="", name="", topic="", veiled=False, reported=False, reactions={}, gone=gone)
            if gone == "redacted" and "desk" not in room:
                message["nickname"] = ""
        room["me"]["reactions"].pop(str(frame["message"]), None)
        for report in _desk(room)["reports"]:
            if report["message"] == frame["message"]:
                report["text"] = ""

    return change


def _reacted(room: Frame, frame: Frame) -> None:
    message = _message(room, frame["message"])
    if message and frame["count"]:
        message["reactions"][frame["reaction"]] = frame["count"]
    elif message:
        message["reactions"].pop(frame["reaction"], None)


def _my_reaction(room: Frame, frame: Frame) -> None:
    mine, key = room["me"]["reactions"], str(frame["message"])
    others = [reaction for reaction in mine.pop(key, []) if reaction != frame["reaction"]]
    if now := sorted(others + [frame["reaction"]] * frame["on"]):
        mine[key] = now


def _my_report(room: Frame, frame: Frame) -> None:
    message = _message(room, frame["message"])
    if message and not message["gone"] and "desk" not in room:
        message.update(text="", reported=True)


def _my_mute(room: Frame, frame: Frame) -> None:
    room["me"].update(muted_until=frame["until"], mute_reason=frame["reason"])


def _desk(room: Frame) -> Frame:
    return room.get("desk") or {"reports": [], "actions": [], "muted": {}, "removed": {}}


def _reported(room: Frame, frame: Frame) -> None:
    names = ("report", "message", "participant", "nickname", "text", "reason", "words", "at")
    _desk(room)["reports"].append({name: frame[name] for name in names} | {"claimed_by": "", "outcome": ""})


def _report_changed(room: Frame, frame: Frame) -> None:
    for report in _desk(room)["reports"]:
        if report["report"] == frame["report"]:
            report.update(claimed_by=frame["by"], outcome=frame["outcome"])


def _muted(room: Frame, frame: Frame) -> None:
    _desk(room)["muted"][frame["participant"]] = {"until": frame["until"], "reason": frame["reason"]}


def _unmuted(room: Frame, frame: Frame) -> None:
    _desk(room)["muted"].pop(frame["participant"], None)


def _removed(room: Frame, frame: Frame) -> None:
    _left(room, frame)
    removed = {"nickname": frame["nickname"], "reason": frame["reason"], "address": True}
    _desk(room)["removed"][frame["participant"]] = removed


def _readmitted(room: Frame, frame: Frame) -> None:
    _desk(room)["removed"].pop(frame["participant"], None)


def _address_cleared(room: Frame, frame: Frame) -> None:
    if person := _desk(room)["removed"].get(frame["participant"]):
        person["address"] = False


def _role_changed(room: Frame, frame: Frame) -> None:
    if frame["role"] == "participant":
        is_participant_now(room, frame["participant"])
        end_break(room, frame)
    if "crowd" in room and frame["role"] == "participant":
        room["people"].pop(frame["participant"], None)
    elif "crowd" in room:
        room["people"][frame["participant"]] = {name: frame[name] for name in ("nickname", "role", "here", "helper")}
    elif person := room["people"].get(frame["participant"]):
        person["role"] = frame["role"]


def _renamed(room: Frame, frame: Frame) -> None:
    """What was said keeps the name it was said under."""
    whom, new = frame["participant"], {"nickname": frame["nickname"]}
    desk, floor = room.get("desk", {}), room["floor"]
    items = [*floor["queue"], *desk.get("held", ()), *desk.get("concerns", ())]
    items += [one for one in desk.get("reports", ()) if not one["message"]]
    items += [one for one in desk.get("actions", ()) if one["event"] != "redacted"]
    for one in items:
        if one.get("participant") == whom:
            one.update(new)
    for known in (room["people"].get(whom), room["me"]["direct"].get(whom), floor if floor["holder"] == whom else None):
        if known:
            known.update(new)
    for line in desk.get("lines", ()):
        if line["line"] == whom:
            line.update(new)
    for done in desk.get("actions", ()):
        if done.get("by") == whom:
            done["by_nickname"] = frame["nickname"]


_CHANGES: dict[str, Callable[[Frame, Frame], None]] = {
    "joined": _came,
    "returned": _came,
    "dropped": _dropped,
    "left": _left,
    "crowded": _crowded,
    "crowd": lambda room, frame: room.update(crowd=frame["here"]),
    "message_posted": _posted,
    "retracted": _erased("retracted"),
    "redacted": _erased("redacted"),
    "reacted": _reacted,
    "my_reaction": _my_reaction,
    "my_mute": _my_mute,
    "my_report": _my_report,
    "reported": _reported,
    "report_resolved": _report_changed,
    "muted": _muted,
    "unmuted": _unmuted,
    "removed": _removed,
    "readmitted": _readmitted,
    "address_cleared": _address_cleared,
    "sent_back": _left,
    "role_changed": _role_changed,
    "renamed": _renamed,
    "my_name": lambda room, frame: room["me"].update(nickname=frame["nickname"]),
    "extended": extended,
    **FLOOR_CHANGES,
    **SUPPORT_CHANGES,
    **SAFETY_CHANGES,
    **DOOR_CHANGES,
}
