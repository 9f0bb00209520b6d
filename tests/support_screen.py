"""What a client knows of check-ins, polls and private lines, folded by nothing but docs/protocol.md."""

from collections.abc import Callable
from typing import Any

Frame = dict[str, Any]
TEXTS_KEPT, TEXT_OVERHEAD = 24_000, 50


def no_entry(name: str | int) -> str | int:
    """What names no entry, where this names one: tests of the core say offsets, all others say ids."""
    return type(name)()


def newest(said: list[Frame]) -> list[Frame]:
    """Of private texts as many as are kept."""
    kept: list[Frame] = []
    total = 0
    for one in reversed(said):
        total += len(one["text"]) + TEXT_OVERHEAD
        if total > TEXTS_KEPT:
            break
        kept.insert(0, one)
    return kept


def trim(desk: Frame) -> None:
    """Keep the newest of all private texts at the desk."""
    places = [line["said"] for line in desk["lines"]] + [desk["team"]] + list(desk["notes"].values())
    kept = newest(sorted((said for place in places for said in place), key=lambda said: int(said["at"])))
    for place in places:
        place[:] = [said for said in place if said in kept]
    desk["notes"] = {name: notes for name, notes in desk["notes"].items() if notes}


def _round(room: Frame, frame: Frame) -> Frame:
    return next((round for round in room["rounds"] if round["round"] == frame["round"]), {})


def _poll(room: Frame, frame: Frame) -> Frame:
    return next((poll for poll in room["polls"] if poll["poll"] == frame["poll"]), {})


def _check_in_started(room: Frame, frame: Frame) -> None:
    started = {"round": frame["round"], "in_turn": frame["in_turn"], "open": True, "answers": 0, "picture": None}
    room["rounds"].append(started)


def _checked_in(room: Frame, frame: Frame) -> None:
    _round(room, frame).update(answers=frame["answers"])


def _check_in_closed(room: Frame, frame: Frame) -> None:
    _round(room, frame).update(open=False, answers=frame["answers"], picture=frame["picture"])


def _my_check_in(room: Frame, frame: Frame) -> None:
    room["me"]["check_ins"][str(frame["round"])] = {"feeling": frame["feeling"], "urge": frame["urge"]}


def _poll_opened(room: Frame, frame: Frame) -> None:
    asked = {name: frame[name] for name in ("poll", "question", "options", "kind", "live")}
    counts = [0] * len(frame["options"]) if frame["live"] else None
    room["polls"].append(asked | {"open": True, "votes": 0, "counts": counts})


def _voted(room: Frame, frame: Frame) -> None:
    _poll(room, frame).update(votes=frame["votes"], counts=frame["counts"])


def _poll_closed(room: Frame, frame: Frame) -> None:
    _poll(room, frame).update(open=False, votes=frame["votes"], counts=frame["counts"])


def _my_vote(room: Frame, frame: Frame) -> None:
    room["me"]["votes"][str(frame["poll"])] = frame["choices"]


def _my_line(room: Frame, frame: Frame) -> None:
    said = (room["me"]["line"] or {"said": []})["said"]
    room["me"]["line"] = {"open": frame["open"], "claimed_by_nickname": frame["claimed_by_nickname"], "said": said}


def _my_line_said(room: Frame, frame: Frame) -> None:
    said, line = {name: frame[name] for name in ("at", "mine", "nickname", "text", "origin_id")}, room["me"]["line"]
    line["said"] = newest(line["said"] + [said] * (said not in line["said"]))


def _line(room: Frame, frame: Frame) -> Frame:
    return next((line for line in room["desk"]["lines"] if line["line"] == frame["line"]), {})


def _line_opened(room: Frame, frame: Frame) -> None:
    if not _line(room, frame):
        room["desk"]["lines"].append({"line": frame["line"], "nickname": frame["nickname"], "said": []})
    _line(room, frame).update(open=True, claimed_by="")
    _without_oldest(room)


def _line_closed(room: Frame, frame: Frame) -> None:
    _line(room, frame).update(open=False)
    _without_oldest(room)


def _without_oldest(room: Frame) -> None:
    """Of those who have left the newest 50 closed lines stay."""
    lines = room["desk"]["lines"]
    closed = [line for line in lines if not line["open"] and line["line"] not in room["people"]]
    room["desk"]["lines"] = [line for line in lines if line not in closed[:-50]]


def _line_said(room: Frame, frame: Frame) -> None:
    said = {name: frame[name] for name in ("id", "at", "by", "by_nickname", "text", "origin_id")}
    _line(room, frame)["said"].append(said)
    trim(room["desk"])


SUPPORT_CHANGES: dict[str, Callable[[Frame, Frame], None]] = {
    "check_in_started": _check_in_started,
    "checked_in": _checked_in,
    "check_in_closed": _check_in_closed,
    "my_check_in": _my_check_in,
    "poll_opened": _poll_opened,
    "voted": _voted,
    "poll_closed": _poll_closed,
    "my_vote": _my_vote,
    "my_line": _my_line,
    "my_line_said": _my_line_said,
    "line_opened": _line_opened,
    "line_said": _line_said,
    "line_claimed": lambda room, frame: _line(room, frame).update(claimed_by=frame["by"]),
    "line_closed": _line_closed,
}
