"""A meeting as its clients recorded it, sound in every way, and the words to spoil it with."""

from typing import Any

from history import History, Recorder, check
from recording import Frame

Step = tuple[str, str, Any]
"""Who, what was recorded, and the frame, command or close code."""
Script = list[Step]

ROLES = {"Ada": "host", "Bea": "participant", "Cal": "participant", "Mo": "moderator"}


def entry(offset: int, event: str, **fields: object) -> Frame:
    return {"is": "entry", "id": offset, "at": offset * 1000, "position": ["E", offset, f"n{offset}"], "event": event, **fields}


def posted(offset: int, by: str, text: str, origin_id: str) -> Frame:
    return entry(offset, "message_posted", by=by, nickname=by, role=ROLES[by], text=text, origin_id=origin_id)


def message(offset: int, by: str, text: str, origin_id: str, gone: str = "") -> Frame:
    said = posted(offset, by, text, origin_id)
    return {name: said[name] for name in said if name not in ("is", "position", "event")} | {"gone": gone, "reactions": {}}


def welcome(who: str, offset: int, messages: list[Frame] | None = None, epoch: str = "E") -> Frame:
    """A snapshot, or a resume when there are no messages to show."""
    frame = {"is": "welcome", "recovered": messages is None, "position": [epoch, offset, f"n{offset}"], "now": 0}
    if messages is None:
        return frame
    desk: Frame = {"desk": {}} if ROLES[who] != "participant" else {}
    me = {"participant": who, "role": ROLES[who]}
    return frame | {"room": {"me": me, "messages": messages, "more": False, **desk}}


def post(who: str, ref: int, text: str, origin_id: str) -> Step:
    return who, "invoke", {"do": "post", "ref": ref, "text": text, "origin_id": origin_id}


def done(who: str, ref: int, offset: int) -> Step:
    return who, "answered", {"is": "done", "ref": ref, "id": offset}


def refused(who: str, ref: int, code: str) -> Step:
    return who, "answered", {"is": "refused", "ref": ref, "code": code}


def seen(frame: Frame, *people: str) -> Script:
    return [(who, "saw", frame) for who in people]


def by_ada(offset: int, event: str, **fields: object) -> Frame:
    return entry(offset, event, by="Ada", by_nickname="Ada", **fields)


SOUND: Script = [
    ("Ada", "welcomed", welcome("Ada", 3, [])),
    ("Bea", "welcomed", welcome("Bea", 3, [])),
    post("Ada", 1, "welcome all", "a-one"),
    *seen(posted(4, "Ada", "welcome all", "a-one"), "Ada", "Bea"),
    done("Ada", 1, 4),
    *seen(entry(5, "joined", participant="Cal", nickname="Cal", role="participant"), "Ada", "Bea"),
    ("Cal", "welcomed", welcome("Cal", 6, [])),
    post("Bea", 1, "hello", "b-one"),
    ("Bea", "lost", 1),
    ("Bea", "closed", 1006),
    *seen(posted(7, "Bea", "hello", "b-one"), "Ada", "Cal"),
    ("Bea", "welcomed", welcome("Bea", 5)),
    post("Bea", 1, "hello", "b-one"),
    *seen(posted(7, "Bea", "hello", "b-one"), "Bea"),
    done("Bea", 1, 7),
    post("Bea", 2, "oh no", "b-two"),
    *seen(posted(9, "Bea", "oh no", "b-two"), "Ada", "Bea", "Cal"),
    done("Bea", 2, 9),
    ("Ada", "invoke", {"do": "redact", "ref": 2, "message": 9}),
    ("Ada", "saw", by_ada(10, "redacted", message=9, participant="Bea", nickname="Bea", reason="")),
    *seen(entry(10, "redacted", message=9), "Bea", "Cal"),
    done("Ada", 2, 10),
    ("Ada", "invoke", {"do": "mute", "ref": 3, "participant": "Bea", "minutes": 1, "reason": "unkind"}),
    ("Ada", "saw", by_ada(11, "muted", participant="Bea", nickname="Bea", until=71_000, reason="unkind")),
    ("Bea", "saw", {"is": "personal", "id": 11, "at": 11_000, "event": "my_mute", "until": 71_000, "reason": "unkind"}),
    done("Ada", 3, 11),
    post("Bea", 3, "let me speak", "b-three"),
    refused("Bea", 3, "muted"),
    ("Ada", "invoke", {"do": "unmute", "ref": 4, "participant": "Bea"}),
    ("Ada", "saw", by_ada(12, "unmuted", participant="Bea", nickname="Bea")),
    done("Ada", 4, 12),
    post("Bea", 4, "let me speak", "b-three"),
    *seen(posted(13, "Bea", "let me speak", "b-three"), "Ada", "Bea", "Cal"),
    done("Bea", 4, 13),
    ("Ada", "invoke", {"do": "remove", "ref": 5, "participant": "Cal", "reason": "threats"}),
    ("Ada", "saw", by_ada(14, "removed", participant="Cal", nickname="Cal", reason="threats")),
    *seen(entry(14, "left", participant="Cal", quiet=True), "Bea", "Cal"),
    ("Cal", "closed", 4502),
    done("Ada", 5, 14),
    ("Ada", "saw", {"is": "heartbeat", "position": ["E", 14, "n14"], "now": 0}),
    ("Bea", "closed", 4001),
    post("Ada", 6, "and on", "a-two"),
    *seen(posted(15, "Ada", "and on", "a-two"), "Ada"),
    done("Ada", 6, 15),
    (
        "Bea",
        "welcomed",
        welcome(
            "Bea",
            16,
            [
                message(4, "Ada", "welcome all", "a-one"),
                message(7, "Bea", "hello", "b-one"),
                message(9, "Bea", "", "b-two", "redacted"),
                message(13, "Bea", "let me speak", "b-three"),
                message(15, "Ada", "and on", "a-two"),
            ],
        ),
    ),
    post("Bea", 5, "again", "b-four"),
    *seen(posted(17, "Bea", "again", "b-four"), "Ada", "Bea"),
    done("Bea", 5, 17),
]
"""A mute, a redaction, a removal, a cut with a retry, and a resume by a snapshot; all of it as it should be."""
THE_END: Script = [
    ("Ada", "invoke", {"do": "end", "ref": 7}),
    *seen(entry(18, "ended"), "Ada", "Bea"),
    ("Ada", "closed", 4501),
    ("Bea", "closed", 4501),
]


def my_held(offset: int, state: str, text: str = "") -> Frame:
    """What Bea is told of her held words."""
    frame = {"is": "personal", "id": offset, "at": offset * 1000, "event": "my_held", "held": 18, "origin_id": "b-held"}
    return frame | {"text": text, "state": state, "reason": ""}


def resolved(state: str, offset: int = 19) -> Script:
    """Moderators and Bea are told what becomes of her held words."""
    frame = by_ada(offset, "held_resolved", held=18, participant="Bea", nickname="Bea", state=state, reason="")
    return [("Ada", "saw", frame), ("Bea", "saw", my_held(offset, state))]


HELD: Script = [
    post("Bea", 8, "careful", "b-held"),
    ("Ada", "saw", entry(18, "message_held", held=18, participant="Bea", text="careful", reason="", origin_id="b-held")),
    ("Bea", "saw", my_held(18, "waiting", "careful")),
    done("Bea", 8, 18),
]
"""After the sound script: words of Bea wait for a moderator."""
ASKED: Script = [("Ada", "invoke", {"do": "accept_held", "ref": 8, "held": 18}), done("Ada", 8, 19)]
LET_THROUGH: Script = seen(posted(20, "Bea", "careful", "b-held"), "Ada", "Bea")


def played(script: Script) -> History:
    history = History()
    people: dict[str, Recorder] = {}
    calls: dict[tuple[str, int], int] = {}
    for who, what, value in script:
        recorder = people.get(who) or people.setdefault(who, history.client(who, ROLES[who]))
        if what == "invoke":
            calls[who, value["ref"]] = recorder.invoke(value)
        elif what == "lost":
            recorder.lost(calls[who, value])
        elif what == "answered":
            recorder.answered(calls[who, value["ref"]], value)
        else:
            getattr(recorder, what)(value)
    return history


def broken(script: Script) -> set[str]:
    """The rules that a script breaks."""
    return {violation.rule for violation in check(played(script))}


def place_of(who: str, what: str, offset: int) -> int:
    """Where in the sound script someone is sent this offset, for the first time."""
    return next(i for i, (w, kind, value) in enumerate(SOUND) if (w, kind) == (who, what) and value.get("id") == offset)


def without(i: int) -> Script:
    return SOUND[:i] + SOUND[i + 1 :]


def changed(i: int, **fields: object) -> Script:
    who, what, value = SOUND[i]
    return [*SOUND[:i], (who, what, value | fields), *SOUND[i + 1 :]]


def after(i: int, *steps: Step) -> Script:
    return [*SOUND[: i + 1], *steps, *SOUND[i + 1 :]]


def moved(i: int, to: int) -> Script:
    rest = without(i)
    return [*rest[:to], SOUND[i], *rest[to:]]


def at_the_end(*steps: Step) -> Script:
    return [*SOUND, *steps]


def saw(who: str, offset: int) -> int:
    return place_of(who, "saw", offset)


LAST_WELCOME = max(i for i, step in enumerate(SOUND) if step[1] == "welcomed")


def snapshot(**fields: object) -> Script:
    """The sound script with another room in its last snapshot."""
    return changed(LAST_WELCOME, room=SOUND[LAST_WELCOME][2]["room"] | fields)


def shown(*messages: Frame) -> Script:
    return snapshot(messages=list(messages))


MESSAGES: list[Frame] = SOUND[LAST_WELCOME][2]["room"]["messages"]


def pipelined(first: int, second: int) -> Script:
    """Bea sends two messages at once; they are put at these offsets."""
    one, other = posted(first, "Bea", "first", "b-first"), posted(second, "Bea", "second", "b-second")
    entries = sorted((one, other), key=lambda frame: int(frame["id"]))
    return [
        post("Bea", 8, "first", "b-first"),
        post("Bea", 9, "second", "b-second"),
        *(step for frame in entries for step in seen(frame, "Ada", "Bea")),
        done("Bea", 8, first),
        done("Bea", 9, second),
    ]


def in_turn(first: int, second: int) -> Script:
    """Ada asks when Bea has her answer; what they say is put at these offsets."""
    one, other = posted(first, "Bea", "first", "b-first"), posted(second, "Ada", "second", "a-second")
    entries = sorted((one, other), key=lambda frame: int(frame["id"]))
    return [
        post("Bea", 8, "first", "b-first"),
        done("Bea", 8, first),
        post("Ada", 9, "second", "a-second"),
        *(step for frame in entries for step in seen(frame, "Ada", "Bea")),
        done("Ada", 9, second),
    ]


def not_unmuted(script: Script) -> Script:
    """The script without Ada's unmute."""
    first = SOUND.index(("Ada", "invoke", {"do": "unmute", "ref": 4, "participant": "Bea"}))
    gone = SOUND[first : first + 3]
    return [step for step in script if step not in gone]


def with_mo(but: int = 0) -> Script:
    """The sound script with a moderator who sees what Ada sees, except one offset."""
    script: Script = [("Mo", "welcomed", welcome("Mo", 3, []))]
    for who, what, value in SOUND:
        script.append((who, what, value))
        if (who, what) == ("Ada", "saw") and value.get("id") != but:
            script.append(("Mo", what, value))
    return script


def with_text(step: Step, offset: int, text: str) -> Step:
    """The step with other words in its entry or snapshot at this offset."""
    who, what, value = step
    if what == "saw" and value.get("id") == offset:
        return who, what, value | {"text": text}
    if what == "welcomed" and "room" in value:
        messages = [each | ({"text": text} if each["id"] == offset else {}) for each in value["room"]["messages"]]
        return who, what, value | {"room": value["room"] | {"messages": messages}}
    return step
