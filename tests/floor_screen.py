"""What a client knows of the course and the floor, folded from frames; `screen.py` merges it."""

from collections.abc import Callable
from typing import Any

from support_screen import no_entry

Frame = dict[str, Any]

PHASE = ("title", "mode", "crosstalk", "minutes", "kind")
OPEN_PHASE = {"title": "", "mode": "open", "crosstalk": "open", "minutes": 0, "kind": "plain"}
FREE: Frame = {
    **dict.fromkeys(("holder", "nickname"), ""),
    **dict.fromkeys(("since_at", "paused_at", "paused_ms", "share_ms", "typing_at", "posted_at"), 0),
}


SILENT: Frame = {"holds_words": False, "asked": False}


def came(room: Frame, frame: Frame) -> None:
    """Someone is here; the chair goes back to a host."""
    if frame["role"] == "host":
        room.update(chair="", host_gone_at=0)


def host_gone(room: Frame, role: str, since: int) -> None:
    """Someone of this role is not here since then."""
    is_led = any(person["role"] == "host" and person["here"] for person in room["people"].values())
    if role == "host" and not room["host_gone_at"] and not is_led:
        room["host_gone_at"] = since


def went(room: Frame, frame: Frame) -> None:
    """Someone gave up the seat."""
    if room["chair"] == frame["participant"]:
        room["chair"] = ""
    if room["me"]["participant"] == frame["participant"]:
        room["me"]["helper"] = ""


def is_participant_now(room: Frame, participant: str) -> None:
    """Someone moderates no more."""
    if room["chair"] == participant:
        room["chair"] = ""
    for one in (room["people"].get(participant), room["me"] if room["me"]["participant"] == participant else None):
        if one and one["helper"] == "cohost":
            one["helper"] = ""


def heard(room: Frame, frame: Frame) -> None:
    """Someone said something, maybe in a share."""
    floor, me = room["floor"], room["me"]
    if frame["kind"] == "reading":
        room["course"]["text_waits"] = False
    if frame["by"] == me["participant"]:
        me["unfinished"] = False
        if frame["share"] and frame["share"] == floor["share"]:
            me.update(SILENT)
    if frame["share"] and frame["share"] == floor["share"]:
        me["shared"] += not floor["posted_at"] and frame["by"] == me["participant"]
        floor["posted_at"] = frame["at"]


def _phase(room: Frame, frame: Frame) -> None:
    phase = {name: frame[name] for name in PHASE}
    room["course"].update(index=frame["index"], started_at=frame["started_at"], phase=phase, text_waits=frame["has_text"])


def _script(room: Frame, frame: Frame) -> None:
    waits = room["course"]["text_waits"] and frame["has_text"]
    _phase(room, frame)
    room["course"].update(phases=frame["phases"], text_waits=waits)
    if "script" in frame:
        room["desk"]["script"] = frame["script"]


def _fellowship(room: Frame, frame: Frame) -> None:
    _later(room, frame)
    room["course"].update(fellowship=True, started_at=frame["at"], phase=OPEN_PHASE, text_waits=False)
    room["floor"].update(queue=[], queue_closed=True)
    if "desk" in room:
        room["desk"]["hands"] = {}


def _later(room: Frame, frame: Frame) -> None:
    """Nobody's time becomes shorter."""
    room["ends_at"] = max(room["ends_at"], frame["ends_at"])


def _grace(room: Frame, frame: Frame) -> None:
    _later(room, frame)
    room["course"]["graced"] = True


def extended(room: Frame, frame: Frame) -> None:
    """The meeting lasts longer: the next end has a grace of its own."""
    _later(room, frame)
    room["course"]["graced"] = False


def _helper(room: Frame, frame: Frame) -> None:
    mine = room["me"] if room["me"]["participant"] == frame["participant"] else None
    known = mine or room["people"].get(frame["participant"])
    if frame["helper"] == "cohost" and known and known["role"] == "participant":
        return
    if person := room["people"].get(frame["participant"]):
        person["helper"] = frame["helper"]
    if room["me"]["participant"] == frame["participant"]:
        room["me"]["helper"] = frame["helper"]


def _chair(room: Frame, frame: Frame) -> None:
    """Nobody has it while a host is here, nor without moderating."""
    person = room["people"].get(frame["participant"])
    host_here = any(one["role"] == "host" and one["here"] for one in room["people"].values())
    if person and person["role"] != "participant" and not host_here:
        room["chair"] = frame["participant"]


def _if_mine(room: Frame, **changes: bool) -> None:
    """Where two histories were joined, the floor may be someone else's."""
    if room["floor"]["holder"] == room["me"]["participant"]:
        room["me"].update(changes)


def _update(part: str, *names: str) -> Callable[[Frame, Frame], None]:
    return lambda room, frame: room[part].update({name: frame[name] for name in names})


def _hand_raised(room: Frame, frame: Frame) -> None:
    hand = {"participant": frame["participant"], "nickname": frame["nickname"]}
    if any(one["participant"] == frame["participant"] for one in room["floor"]["queue"]):
        return
    room["floor"]["queue"].insert(frame["place"], hand)
    if "desk" in room:
        room["desk"]["hands"][frame["participant"]] = {"reason": frame["reason"], "words": frame["words"]}


def _taken_out(room: Frame, participant: str) -> Frame | None:
    queue = room["floor"]["queue"]
    hand: Frame | None = next((one for one in queue if one["participant"] == participant), None)
    room["floor"]["queue"] = [one for one in queue if one is not hand]
    return hand


def _hand_lowered(room: Frame, frame: Frame) -> None:
    _taken_out(room, frame["participant"])
    if "desk" in room:
        room["desk"]["hands"].pop(frame["participant"], None)


def _hand_moved(room: Frame, frame: Frame) -> None:
    if hand := _taken_out(room, frame["participant"]):
        room["floor"]["queue"].insert(frame["place"], hand)


def _given(room: Frame, frame: Frame) -> None:
    """Who has the floor keeps it, where two histories were joined, and the other one is next."""
    if room["floor"]["holder"]:
        if room["floor"]["holder"] != frame["participant"]:
            _is_next(room, frame["participant"], frame["nickname"])
        return
    _hand_lowered(room, frame)
    given = {"holder": frame["participant"], "nickname": frame["nickname"], "share": frame["id"]}
    room["floor"].update(FREE | given | {"since_at": frame["at"], "share_ms": frame["share_ms"]})
    if room["me"]["participant"] == frame["participant"]:
        room["me"].update(SILENT, unfinished=False)


def _released(room: Frame, frame: Frame) -> None:
    if room["floor"]["holder"] == frame["participant"]:
        room["floor"].update(FREE | {"share": no_entry(frame["id"])})
        if room["me"]["participant"] == frame["participant"]:
            room["me"].update(SILENT)
    else:
        _hand_lowered(room, frame)


def _is_next(room: Frame, participant: str, nickname: str) -> None:
    hand = _taken_out(room, participant) or {"participant": participant, "nickname": nickname}
    room["floor"]["queue"].insert(0, hand)
    if "desk" in room:
        room["desk"]["hands"].setdefault(participant, {"reason": "", "words": ""})


def _resumed_by(room: Frame, frame: Frame) -> None:
    _for_holder(_resumed)(room, frame)
    if room["me"]["participant"] == frame["participant"] == room["floor"]["holder"]:
        room["me"]["asked"] = False


def _for_holder(change: Callable[[Frame, Frame], Frame]) -> Callable[[Frame, Frame], None]:
    def update(room: Frame, frame: Frame) -> None:
        if room["floor"]["holder"] == frame["participant"]:
            room["floor"].update(change(room["floor"], frame))

    return update


def _paused(floor: Frame, frame: Frame) -> Frame:
    return {} if floor["paused_at"] else {"paused_at": frame["since"]}


def _resumed(floor: Frame, frame: Frame) -> Frame:
    pause = frame["at"] - floor["paused_at"] if floor["paused_at"] else 0
    return {"paused_at": 0, "paused_ms": floor["paused_ms"] + pause}


def _invited(room: Frame, frame: Frame) -> None:
    room["desk"]["invited"] = room["desk"]["invited"] or frame["participant"]


def _invitation_ended(room: Frame, frame: Frame) -> None:
    if room["desk"]["invited"] == frame["participant"]:
        room["desk"]["invited"] = ""


FLOOR_CHANGES: dict[str, Callable[[Frame, Frame], None]] = {
    "phase_started": _phase,
    "script_changed": _script,
    "course_changed": _update("course", "on_clock", "chips_open", "fellowship_minutes"),
    "topic_set": _update("course", "topic"),
    "fellowship_began": _fellowship,
    "helper_named": _helper,
    "chair_taken": _chair,
    "hand_raised": _hand_raised,
    "hand_lowered": _hand_lowered,
    "hand_moved": _hand_moved,
    "queue_closed": lambda room, frame: room["floor"].update(queue_closed=True),
    "queue_opened": lambda room, frame: room["floor"].update(queue_closed=False),
    "floor_given": _given,
    "floor_released": _released,
    "floor_paused": _for_holder(_paused),
    "floor_resumed": _resumed_by,
    "invited": _invited,
    "invitation_ended": _invitation_ended,
    "my_invitation": lambda room, frame: room["me"].update(invited=frame["on"]),
    "typing": _for_holder(lambda floor, frame: {"typing_at": frame["at"]}),
    "my_words": lambda room, frame: _if_mine(room, holds_words=frame["on"], asked=False),
    "my_question": lambda room, frame: _if_mine(room, asked=frame["on"]),
    "my_unfinished": lambda room, frame: room["me"].update(unfinished=True),
    "grace_given": _grace,
    "floor_set": _update("floor", "share_minutes", "first_shares_first", "call_each", "protect_minutes"),
}
