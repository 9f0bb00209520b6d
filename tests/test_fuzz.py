"""Whatever a client says: it is answered or refused, no task fails, and everyone's screen stays right."""

import json
import logging
from typing import Any

from fake_time import in_fake_time
from house import Guest, House, generous, house
from hypothesis import example, given, settings
from hypothesis import strategies as st
from meeting import plain
from test_wire import almost_commands, values

from chatroom.core.refusals import CLOSINGS, REFUSALS
from chatroom.core.snapshot import room_view

ANSWERS = {"done", "door", "earlier", "people", "refused", "suggestions", "welcome"}


async def a_room(inn: House) -> tuple[Guest, Guest]:
    """Ada the host and Bea, with something said and reported."""
    ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
    for n in range(3):
        await bea.ask("post", origin_id=f"origin-{n}", text=f"words {n}")
    await ada.ask("report", message=5, reason="other")
    return ada, bea


def is_right(inn: House, guest: Guest) -> None:
    """The screen shows the room as the server knows it."""
    room = inn.live_room().room
    assert guest.screen().room == plain(room_view(room, room.people[guest.me]))


# ---- positions ----------------------------------------------------------------------------------------------------------


def changed(position: list[Any], index: int, value: Any) -> Any:
    return [*position[:index], value, *position[index + 1 :]]


@settings(max_examples=40)
@given(st.data())
@in_fake_time
async def test_whatever_position_gives_all_that_was_missed_or_a_fresh_snapshot_or_a_refusal(data: st.DataObject) -> None:
    """A position that is mine but for one part, one of another entry, any text, or any JSON at all."""
    async with house(generous()) as inn:
        ada, bea = await a_room(inn)
        bea.cut()
        await ada.ask("post", origin_id="origin-9", text="while she was away")
        entries = [frame["position"] for frame in ada.all("entry")]
        known = st.sampled_from([bea.position, *entries])
        offsets = st.integers(-2, 20) | st.integers(-(2**64), 2**64)
        position = data.draw(
            known
            | st.text(max_size=80)
            | values
            | st.builds(changed, known, st.just(1), offsets)
            | st.builds(changed, known, st.integers(0, 2), values)
            | st.tuples(st.just(bea.position[0]), offsets, st.text(max_size=9)).map(list)
        )
        again = inn.knock()
        again.say("hello", secret=inn.keys.secret, seat=bea.seat, position=position)
        await inn.loop.settle()
        answer = again.frames[0]
        if answer["is"] == "refused":
            assert answer["code"] in ("bad_command", "not_json")
            return
        assert answer["is"] == "welcome"
        if answer["recovered"]:
            assert position in [bea.position, *entries]
            assert isinstance(position, list)
            missed = [frame for frame in ada.all("entry") if frame["id"] > position[1]]
            assert [frame["id"] for frame in again.all("entry")] == [frame["id"] for frame in missed]
        else:
            is_right(inn, again)


# ---- commands -----------------------------------------------------------------------------------------------------------

IDS = st.sampled_from(["ada", "bea", "cal"])
LIVELY = st.fixed_dictionaries(
    {"do": st.sampled_from(["post", "retract", "react", "report", "earlier", "leave", "mute", "unmute", "redact", "remove"])},
    optional={
        "origin_id": st.sampled_from(["origin-1", "origin-2", "origin-x"]),
        "text": st.text(max_size=20),
        "message": st.integers(0, 12),
        "before": st.integers(0, 12),
        "reaction": st.sampled_from(["heart", "hug", "none"]),
        "on": st.booleans(),
        "reason": st.sampled_from(["other", "spam", "\0", ""]),
        "participant": IDS,
        "minutes": st.sampled_from([1, 5, None, 7]),
    },
)
SAYINGS = st.lists(almost_commands | LIVELY | st.text(max_size=30), min_size=1, max_size=12)


@settings(max_examples=40)
@given(SAYINGS, st.sampled_from(["host", "moderator", "participant"]))
@example([{"do": "leave"}, {"do": "post", "origin_id": "origin-1", "text": "too late"}], "participant")
def test_whatever_is_said_is_answered_once_and_everyone_sees_the_same(sayings: list[Any], role: str) -> None:
    records = _Errors()
    logging.getLogger("chatroom").addHandler(records)
    try:
        in_fake_time(say_it_all)(sayings, role)
    finally:
        logging.getLogger("chatroom").removeHandler(records)
    assert records.lines == []


class _Errors(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(record.getMessage())


async def say_it_all(sayings: list[Any], role: str) -> None:
    async with house(generous()) as inn:
        ada, bea = await a_room(inn)
        cal = await inn.join("Cal", role)
        people = {"ada": ada.me, "bea": bea.me, "cal": cal.me}
        for number, saying in enumerate(sayings, start=1_000):
            known = len(cal.frames)
            if isinstance(saying, dict):
                aimed = {**saying, "participant": people[saying["participant"]]} if "participant" in saying else saying
                saying = json.dumps({**aimed, "ref": number})
            if cal.closed:
                break
            cal.send(saying)
            await inn.loop.settle()
            answers = [frame for frame in cal.frames[known:] if frame["is"] in ANSWERS or frame["is"] == "closing"]
            assert len(answers) == 1, answers
            is_kind(answers[0])
        for guest in (ada, bea, cal):
            if not guest.closed:
                is_right(inn, guest)


def is_kind(answer: dict[str, Any]) -> None:
    """A refusal or a goodbye says why."""
    if answer["is"] == "refused":
        assert answer["sentence"] == REFUSALS[answer["code"]]
    if answer["is"] == "closing":
        assert answer["sentence"] in {closing.sentence for closing in CLOSINGS.values()}
