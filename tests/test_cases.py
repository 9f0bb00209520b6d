"""Words that are held, concerns, claims and content notes: what no scene shows."""

from collections.abc import Callable

import msgspec
import pytest
from fake_time import in_fake_time
from house import house, two_houses
from log_place import Place
from meeting import Meeting, copy_of, plain, refused
from safety_situation import hold

from chatroom.core import commands as c
from chatroom.core import floor_commands as fc
from chatroom.core import safety_commands as s
from chatroom.core import support_commands as sc
from chatroom.core.door_commands import SetPace
from chatroom.core.erasing import has_no_words, without_words
from chatroom.core.events import Draft, Entry, MessageKind, MessagePosted, Position
from chatroom.core.limits import HELD_PER_PERSON, HELD_PER_ROOM, HELD_TEXTS, OUTBOX_BYTES, WORRIES_PER_PERSON
from chatroom.core.room import Room, apply
from chatroom.core.safety_events import ConcernNoted, Danger, HeldResolved, HeldState, MessageHeld, Sign, Topic
from chatroom.core.script import Mode, Phase
from chatroom.live.history import History
from chatroom.log.merge import Fork

SECRET = "meet me at the bridge"


def folded(entries: list[Entry]) -> Room:
    room = Room()
    for entry in entries:
        apply(room, entry)
    return room


def kept(meeting: Meeting) -> bytes:
    return msgspec.msgpack.encode([meeting.room, meeting.entries])


# ---- the same words again ------------------------------------------------------------------------------------------------

SAID = c.Post(origin_id="origin-1", text=SECRET)
HELD = c.Reviewed(command=SAID, hold="contact", reason="a place")
ENDS: dict[str, Callable[[int], tuple[str, c.AnyCommand]]] = {
    "accepted": lambda held: ("Mo", s.AcceptHeld(held=held)),
    "rejected": lambda held: ("Mo", s.RejectHeld(held=held, reason="no places")),
    "withdrawn": lambda held: ("Bea", c.Retract(message=held)),
}


@pytest.mark.parametrize("end", ["waiting", *ENDS])
def test_the_same_words_again_answer_the_first_offset_in_every_state(meeting: Meeting, end: str) -> None:
    offset = meeting.do("Bea", HELD)
    if end in ENDS:
        meeting.do(*ENDS[end](offset))
    entries = len(meeting.entries)
    for again in (SAID, HELD, c.Reviewed(command=SAID), c.Reviewed(command=SAID, hold="words")):
        assert meeting.do("Bea", again) == offset
    meeting.do("Mo", c.Mute(participant="Bea", minutes=5, reason="a pause"))
    for again in (SAID, HELD):
        assert meeting.do("Bea", again) == offset
    assert len(meeting.entries) == entries + 1


def test_other_words_under_the_id_of_what_waits_are_refused(meeting: Meeting) -> None:
    meeting.do("Bea", HELD)
    assert refused(meeting, "Bea", c.Post(origin_id="origin-1", text="other words")) == "origin_reused"
    meeting.do("Mo", c.Mute(participant="Bea", minutes=5, reason="a pause"))
    assert refused(meeting, "Bea", c.Post(origin_id="origin-1", text="other words")) == "muted"


def test_what_may_not_be_said_is_not_held_either(meeting: Meeting) -> None:
    meeting.do("Mo", c.Mute(participant="Bea", minutes=5, reason="a pause"))
    assert refused(meeting, "Bea", HELD) == "muted"
    assert refused(meeting, "Cal", c.Reviewed(command=c.Post(origin_id="origin-1", text=" "), hold="contact")) == "text_empty"


# ---- what becomes of it --------------------------------------------------------------------------------------------------


def test_a_chip_is_held_and_said_as_a_chip(meeting: Meeting) -> None:
    meeting.do("Ada", fc.AllowChips(on=True))
    chip = sc.TakeChip(origin_id="origin-1", chip=sc.Chip.OWN, words="a day")
    held = meeting.do("Bea", c.Reviewed(command=chip, hold="words"))
    resolved = meeting.do("Mo", s.AcceptHeld(held=held))
    assert meeting.entries[resolved].event == MessagePosted("Bea", "a day", "origin-1", MessageKind.CHIP, "own")


def test_what_was_held_is_said_whoever_has_the_floor(meeting: Meeting) -> None:
    held = hold(meeting, "Bea")
    meeting.do("Ada", fc.ChangeScript(script=(Phase(title="Shares", mode=Mode.FLOOR),), phase=0))
    meeting.do("Cal", fc.RaiseHand())
    assert meeting.room.floor.holder == "Cal"
    meeting.do("Mo", s.AcceptHeld(held=held))
    (message,) = meeting.room.messages.values()
    assert (message.by, message.text, message.share) == ("Bea", "call me", 0)


def test_the_words_of_who_left_can_be_said_those_of_who_was_removed_cannot(meeting: Meeting) -> None:
    first, second = hold(meeting, "Bea"), hold(meeting, "Cal", SECRET)
    meeting.do("Bea", c.Leave())
    meeting.do("Mo", c.Remove(participant="Cal", reason="threats", erase=False))
    meeting.do("Mo", s.AcceptHeld(held=first))
    assert meeting.room.cases.held[second].state is HeldState.REJECTED
    assert SECRET.encode() not in kept(meeting)
    assert refused(meeting, "Mo", s.AcceptHeld(held=second)) == "already_so"
    assert [message.by for message in meeting.room.messages.values()] == ["Bea"]


def test_words_held_beside_a_removal_are_not_said_where_two_histories_were_joined(meeting: Meeting) -> None:
    meeting.do("Mo", c.Remove(participant="Cal", reason="threats"))
    meeting.happens(MessageHeld("Cal", "late", "origin-1", MessageKind.WORDS, "", Topic.NONE, "words", ""))
    held = meeting.room.offset
    assert refused(meeting, "Mo", s.AcceptHeld(held=held)) == "no_such_person"
    meeting.do("Mo", s.RejectHeld(held=held, reason="removed"))


@pytest.mark.parametrize("end", ENDS)
def test_held_text_is_nowhere_once_it_waits_no_more(meeting: Meeting, end: str) -> None:
    """What was accepted is a message, and goes with that."""
    held = meeting.do("Bea", HELD)
    assert SECRET.encode() in kept(meeting)
    resolved = meeting.do(*ENDS[end](held))
    assert has_no_words(meeting.entries[held - 1].event)
    if end == "accepted":
        assert kept(meeting).count(SECRET.encode()) == 2
        meeting.do("Mo", c.Redact(message=resolved + 1))
    assert SECRET.encode() not in kept(meeting)
    assert b"a place" not in kept(meeting)
    assert folded(meeting.entries) == meeting.room


def test_words_that_are_held_count_for_slow_mode(meeting: Meeting) -> None:
    meeting.do("Mo", SetPace(slow_seconds=30, listen_minutes=0, hold_new=False))
    hold(meeting, "Bea")
    assert refused(meeting, "Bea", SAID) == refused(meeting, "Bea", HELD) == "slow_mode"
    meeting.now += 30_000
    meeting.do("Bea", HELD)


def test_so_many_words_wait_for_one_person(meeting: Meeting) -> None:
    offsets = [hold(meeting, "Bea") for _ in range(HELD_PER_PERSON)]
    again = c.Reviewed(command=c.Post(origin_id="one-too-many", text="and me"), hold="contact")
    assert refused(meeting, "Bea", again) == "room_busy"
    meeting.do("Cal", again)
    meeting.do("Mo", s.RejectHeld(held=offsets[0], reason="no"))
    meeting.do("Bea", again)


def test_so_many_words_wait_in_a_room_and_fit_into_an_outbox(meeting: Meeting) -> None:
    people = [f"Person {number}" for number in range(HELD_PER_ROOM // HELD_PER_PERSON)]
    for name in people:
        meeting.come_in(name)
        for _ in range(HELD_PER_PERSON):
            hold(meeting, name, "\U0001f33f" * (HELD_TEXTS // HELD_PER_ROOM - 50))
    for text in ("x", "x" * 500):
        one_more = c.Reviewed(command=c.Post(origin_id="one-too-many", text=text), hold="contact")
        assert refused(meeting, "Bea", one_more) == "room_busy"
    assert len(msgspec.json.encode(meeting.view("Mo"))) < OUTBOX_BYTES


def test_long_words_wait_up_to_a_total(meeting: Meeting) -> None:
    for number in range(HELD_TEXTS // 2_000):
        hold(meeting, ("Bea", "Cal")[number % 2], "x" * 1_950)
    assert refused(meeting, "Bea", HELD) == "room_busy"


# ---- how it goes through the log -----------------------------------------------------------------------------------------


def test_words_that_were_rejected_while_a_process_read_the_log_are_not_kept(meeting: Meeting) -> None:
    """It reads twice: what it read first still has the words, what it read then has the end of it."""
    head = meeting.entries[-1]
    held = meeting.do("Bea", HELD)
    read_first = list(meeting.entries)
    meeting.do("Mo", s.RejectHeld(held=held, reason="no places"))
    history = History("epoch", [*read_first, *meeting.entries[len(read_first) :]])
    missed = history.since(Position("epoch", head.offset, head.nonce), "Ada")
    assert missed
    assert [entry.event.text for entry in missed if isinstance(entry.event, MessageHeld)] == [""]


def test_what_is_erased_in_one_history_is_erased_in_both_and_names_follow(meeting: Meeting) -> None:
    start = list(meeting.entries)
    held = meeting.do("Bea", HELD)
    before = list(meeting.entries)
    meeting.do("Mo", s.Claim(item=held))
    meeting.do("Mo", s.RejectHeld(held=held, reason="no places"))
    elsewhere = Meeting()
    elsewhere.entries, elsewhere.room = list(start), folded(start)
    elsewhere.say("Cal", "meanwhile")
    for one, other in ((meeting.entries, before), (before, meeting.entries)):
        assert SECRET.encode() not in msgspec.msgpack.encode(Fork(one, other, {}).joined())
    room = folded(Fork(meeting.entries, elsewhere.entries, {}).joined())
    assert {offset: one.state for offset, one in room.cases.held.items()} == {held + 1: HeldState.REJECTED}


def test_of_two_ends_in_two_histories_the_first_counts(meeting: Meeting) -> None:
    held = meeting.do("Bea", HELD)
    here, there = list(meeting.entries), list(meeting.entries)
    for entries, command in ((here, s.AcceptHeld(held=held)), (there, s.RejectHeld(held=held, reason="no places"))):
        apart = Meeting()
        apart.entries, apart.room = entries, folded(entries)
        apart.do("Mo", command)
    room = folded(Fork(there, here, {}).joined())
    assert room.cases.held[held].state is HeldState.ACCEPTED
    assert [message.text for message in room.messages.values()] == [SECRET]


async def test_held_words_leave_every_log_with_their_end(place: Place) -> None:
    held = MessageHeld("Bea", SECRET, "origin-1", MessageKind.WORDS, "", Topic.NONE, "contact", SECRET)
    (offset,) = await place.append(Draft((held,), "held"))
    assert SECRET in str((await place.fresh()).entries_known[offset - 1].event)
    resolved = HeldResolved(offset, "Bea", HeldState.REJECTED, "Mo", "no places")
    rejection = Draft((resolved,), "resolved", erases=((offset, without_words(held)),))
    await place.append(rejection, decided_at=offset)
    kept = (await place.fresh()).entries_known
    assert (kept[offset - 1].event, kept[offset].event) == (without_words(held), resolved)
    assert SECRET not in str(kept)


@in_fake_time
async def test_held_words_are_in_no_memory_of_two_processes_and_in_no_snapshot_once_rejected() -> None:
    async with two_houses() as (here, there):
        mo, bea = await here.join("Mo", "moderator"), await there.join("Bea")
        await mo.ask("set_pace", slow_seconds=0, listen_minutes=0, hold_new=True)
        held = (await bea.ask("post", origin_id="origin-1", text=SECRET))["id"]
        writer = here.live_room()._writer
        assert SECRET.encode() in msgspec.msgpack.encode(here.live_room().room)
        assert SECRET.encode() not in writer._snapshot_without([held])
        await mo.ask("reject_held", held=held, reason="no places")
        await here.loop.settle()
        for home in (here, there):
            live = home.live_room()
            assert SECRET.encode() not in msgspec.msgpack.encode([live.room, live._history.entries])
        for stored in here.memory._rooms.values():
            assert SECRET.encode() not in msgspec.msgpack.encode([stored.entries, stored.snapshot])


@in_fake_time
async def test_an_author_who_was_away_is_told_what_became_of_held_words() -> None:
    async with house() as home:
        mo, bea, cal = await home.join("Mo", "moderator"), await home.join("Bea"), await home.join("Cal")
        await mo.ask("set_pace", slow_seconds=0, listen_minutes=0, hold_new=True)
        screen = bea.screen()
        bea_elsewhere = await home.back(bea)
        offsets = [(await bea_elsewhere.ask("post", origin_id=f"origin-{n}", text=f"{SECRET} {n}"))["id"] for n in range(3)]
        await mo.ask("reject_held", held=offsets[0], reason="no places")
        await mo.ask("accept_held", held=offsets[1])
        late = await home.back(bea)
        assert late.last("welcome")["recovered"] is True
        for frame in late.all("entry") + late.all("personal"):
            screen.take(frame)
        shown = [(one["held"], one["state"], one["text"]) for one in screen.room["me"]["held"]]
        assert shown == [(offsets[0], "rejected", ""), (offsets[2], "waiting", f"{SECRET} 2")]
        assert SECRET not in str([frame for frame in cal.frames if frame.get("event") != "message_posted"])


# ---- concerns ------------------------------------------------------------------------------------------------------------


def risky(meeting: Meeting, text: str, *, held: str = "") -> int:
    said = c.Post(origin_id=f"risky-{len(meeting.entries):03}", text=text)
    return meeting.do("Bea", c.Reviewed(command=said, hold=held, concern=Danger.SELF_HARM))


def test_a_concern_names_the_words_it_came_from(meeting: Meeting) -> None:
    message = risky(meeting, "I cannot go on")
    (concern,) = meeting.room.cases.concerns.values()
    assert (concern.offset, concern.message, concern.topic) == (message + 1, message, Danger.SELF_HARM)
    assert meeting.view("Bea")["me"]["care"] == "self_harm"
    assert meeting.view("Cal")["me"]["care"] == ""
    assert meeting.room.messages[message].text == "I cannot go on"


def test_words_that_are_held_give_a_concern_as_well(meeting: Meeting) -> None:
    held = risky(meeting, "I cannot go on", held="words")
    (concern,) = meeting.room.cases.concerns.values()
    assert (concern.message, meeting.room.messages) == (held, {})


def test_one_concern_of_a_kind_is_open_about_a_person(meeting: Meeting) -> None:
    first = risky(meeting, "I cannot go on")
    risky(meeting, "no more")
    assert len(meeting.room.cases.concerns) == 1
    meeting.do("Mo", s.ResolveConcern(concern=first + 1))
    assert refused(meeting, "Mo", s.ResolveConcern(concern=first + 1)) == "no_such_item"
    risky(meeting, "still here")
    assert len(meeting.room.cases.concerns) == 1


def test_the_same_words_again_note_no_second_concern(meeting: Meeting) -> None:
    said = c.Reviewed(command=SAID, concern=Danger.OVERDOSE)
    offset = meeting.do("Bea", said)
    meeting.do("Mo", s.ResolveConcern(concern=offset + 1))
    assert meeting.do("Bea", said) == offset
    assert meeting.room.cases.concerns == {}


def test_a_person_is_worried_about_so_many_once_each(meeting: Meeting) -> None:
    names = [f"Person {number}" for number in range(WORRIES_PER_PERSON + 1)]
    for name in names:
        meeting.come_in(name)
    for name in names[:-1]:
        concern = meeting.do("Bea", s.Worry(participant=name))
        meeting.do("Mo", s.ResolveConcern(concern=concern))
        assert meeting.do("Bea", s.Worry(participant=name)) == 0
    assert refused(meeting, "Bea", s.Worry(participant=names[-1])) == "too_often"
    meeting.do("Cal", s.Worry(participant=names[-1]))
    meeting.do("Cal", c.Leave())
    assert refused(meeting, "Bea", s.Worry(participant="Cal")) == "no_such_person"


def test_a_worry_says_nothing_of_who_is_worried(meeting: Meeting) -> None:
    told: list[object] = []
    meeting.heard.append(lambda entry: told.extend(meeting.frames(name, entry) for name in ("Ada", "Mo", "Bea", "Cal")))
    concern = meeting.do("Cal", s.Worry(participant="Bea"))
    assert meeting.entries[concern - 1].event == ConcernNoted("Bea", Sign.FRIEND, by="Cal")
    assert [len(frames) for frames in told] == [1, 1, 0, 0]  # type: ignore[arg-type]
    assert "Cal" not in str(told)
    assert "Cal" not in str(meeting.view("Mo")["desk"]["concerns"])


# ---- claims --------------------------------------------------------------------------------------------------------------


def test_what_is_closed_is_not_claimed(meeting: Meeting) -> None:
    held = hold(meeting, "Bea")
    message = meeting.say("Bea", "hello")
    meeting.do("Mo", s.Claim(item=held))
    assert refused(meeting, "Mo", s.Claim(item=held)) == "already_so"
    assert refused(meeting, "Ada", s.Claim(item=held)) == "claimed_by_other"
    meeting.do("Mo", s.RejectHeld(held=held, reason="no"))
    for item in (held, message, 1, 2**53):
        assert refused(meeting, "Ada", s.Claim(item=item)) == "no_such_item"


@pytest.mark.parametrize("gone", [s.TakeBreak(), c.Leave(), c.DropSession(session="session of Mo")])
def test_who_is_gone_or_on_a_break_looks_at_nothing(meeting: Meeting, gone: c.AnyCommand) -> None:
    held = hold(meeting, "Bea")
    meeting.do("Mo", s.Claim(item=held))
    meeting.do("Mo", gone)
    meeting.do("Ada", s.Claim(item=held))
    assert meeting.view("Ada")["desk"]["held"][0]["claimed_by"] == "Ada"


def test_a_room_with_all_this_comes_through_a_snapshot(meeting: Meeting) -> None:
    hold(meeting, "Bea")
    risky(meeting, "I cannot go on")
    meeting.do("Cal", s.Worry(participant="Bea"))
    assert copy_of(meeting.room) == meeting.room
    assert plain(meeting.room) == plain(copy_of(meeting.room))
