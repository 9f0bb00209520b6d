"""Asked again, or decided at once in two processes: what was accepted stays accepted, what was erased stays erased."""

import msgspec
import pytest
from fake_time import in_fake_time
from house import SlowMemory, house, second_house
from meeting import MINUTE_MS, Meeting, opened

from chatroom.core import commands as c
from chatroom.core import floor_commands as fc
from chatroom.core import support_commands as s
from chatroom.core.events import MessagePosted, Position, Role
from chatroom.core.refusals import Refused
from chatroom.live.history import History


def meeting() -> Meeting:
    meeting = Meeting(opened())
    meeting.come_in("Ada", Role.HOST)
    meeting.come_in("Bea")
    return meeting


def refusal(meeting: Meeting, command: c.AnyCommand) -> str:
    with pytest.raises(Refused) as caught:
        meeting.do("Bea", command)
    return caught.value.code


SAID = c.Post(origin_id="origin-1", text="please  listen ")
MUTE = c.Mute(participant="Bea", minutes=5, reason="unkind")


def test_who_was_muted_meanwhile_is_told_where_the_message_stands() -> None:
    room = meeting()
    offset = room.do("Bea", SAID)
    room.do("Ada", MUTE)
    head = len(room.entries)
    assert room.do("Bea", SAID) == offset
    assert len(room.entries) == head
    assert refusal(room, c.Post(origin_id="origin-2", text=SAID.text)) == "muted"


def test_so_is_whose_message_was_redacted_and_who_was_muted() -> None:
    room = meeting()
    offset = room.do("Bea", SAID)
    room.do("Ada", c.Redact(message=offset))
    room.do("Ada", MUTE)
    assert room.do("Bea", SAID) == offset


def test_other_words_under_the_same_id_are_refused_as_ever() -> None:
    room = meeting()
    room.do("Bea", SAID)
    room.do("Ada", MUTE)
    assert refusal(room, c.Post(origin_id=SAID.origin_id, text="other words")) == "muted"
    room.now += 6 * MINUTE_MS
    assert refusal(room, c.Post(origin_id=SAID.origin_id, text="other words")) == "origin_reused"


def test_nobody_gets_the_answer_of_another() -> None:
    room = meeting()
    room.do("Ada", SAID)
    room.do("Ada", MUTE)
    assert refusal(room, SAID) == "muted"


def asked_again(room: Meeting, command: c.AnyCommand, *meanwhile: c.AnyCommand, fails: str) -> None:
    """Bea's command is answered with its first offset after what Ada does meanwhile, when nobody could ask it anew."""
    offset = room.do("Bea", command)
    for act in meanwhile:
        room.do("Ada", act)
    head = len(room.entries)
    assert room.do("Bea", command) == offset
    assert len(room.entries) == head
    assert refusal(room, msgspec.structs.replace(command, origin_id="origin-anew")) == fails


CHIP = s.TakeChip(origin_id="origin-1", chip=s.Chip.OWN, words="one  year ")
THANKS = s.Thank(origin_id="origin-1", reply=s.ThanksReply.ME_TOO)
PRIVATE = s.SayPrivately(origin_id="origin-1", text="a hard  day ")


def test_words_said_in_a_line_that_was_closed_meanwhile_stand_where_they_stood() -> None:
    room = meeting()
    room.do("Bea", s.AskSupport())
    asked_again(room, PRIVATE, s.CloseLine(line="Bea"), fails="no_line")
    for other in (s.SayPrivately(origin_id="origin-1", text="other words"), s.SayPrivately(origin_id="origin-1", text="")):
        assert refusal(room, other) == "no_line"
    assert refusal(room, c.Post(origin_id="origin-1", text="a hard day")) == "origin_reused"


def test_so_do_those_of_a_moderator_to_someone_who_left() -> None:
    room = meeting()
    room.do("Bea", s.AskSupport())
    answer = s.SayPrivately(origin_id="origin-1", text="I am here", line="Bea")
    offset = room.do("Ada", answer)
    room.do("Bea", PRIVATE)
    room.do("Bea", c.Leave())
    assert room.do("Ada", answer) == offset


def test_a_chip_taken_before_chips_were_closed_and_a_mute_stands_where_it_stood() -> None:
    room = meeting()
    room.do("Ada", fc.AllowChips(on=True))
    asked_again(room, CHIP, fc.AllowChips(on=False), fails="chips_closed")
    room.do("Ada", MUTE)
    assert room.do("Bea", CHIP)
    assert refusal(room, s.TakeChip(origin_id="origin-1", chip=s.Chip.WEEK_1, words=CHIP.words)) == "muted"


def test_so_do_thanks_said_before_a_mute() -> None:
    room = meeting()
    asked_again(room, THANKS, MUTE, fails="muted")
    assert refusal(room, s.Thank(origin_id="origin-1", reply=s.ThanksReply.WELCOME)) == "muted"


@in_fake_time
async def test_private_words_whose_answer_was_lost_are_stored_once_though_the_line_is_closed() -> None:
    logs = SlowMemory()
    async with house(logs=logs) as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        await bea.ask("ask_support")
        inn.slow_log().answers.clear()
        bea.say("say_privately", origin_id="private-1", text="a hard day")
        await inn.loop.settle()
        bea.cut()
        inn.slow_log().answers.set()
        await ada.ask("close_line", line=bea.me)
        again = await inn.back(bea)
        answer = await again.ask("say_privately", origin_id="private-1", text="a hard day")
        (said,) = [frame for frame in ada.all("entry") if frame["event"] == "line_said"]
        assert (answer["is"], answer["id"]) == ("done", said["id"])


@in_fake_time
async def test_a_retry_after_a_mute_on_another_process_is_answered() -> None:
    logs = SlowMemory()
    async with house(logs=logs) as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        offset = (await bea.ask("post", origin_id="origin-1", text="hello"))["id"]
        await ada.ask("mute", participant=bea.me, minutes=5, reason="unkind")
        again = await inn.back(bea)
        answer = await again.ask("post", origin_id="origin-1", text="hello")
        assert (answer["is"], answer["id"]) == ("done", offset)


def test_what_was_erased_while_a_process_read_the_log_is_not_kept() -> None:
    """It reads twice: what it read first still has the words, what it read then has the erasure."""
    room = meeting()
    head = room.entries[-1]
    offset = room.do("Bea", SAID)
    read_first = list(room.entries)
    room.do("Bea", c.Retract(message=offset))
    read = [*read_first, *room.entries[len(read_first) :]]
    replaced = History("epoch")
    replaced.replace("another", read)
    for kept in (History("epoch", read), replaced):
        missed = kept.since(Position(kept.epoch, head.offset, head.nonce), "Ada")
        assert missed
        assert [entry.event.text for entry in missed if isinstance(entry.event, MessagePosted)] == [""]


@in_fake_time
async def test_a_reaction_to_what_was_erased_meanwhile_shows_nowhere() -> None:
    """Two processes decide at once: the reaction on one comes after the redaction on the other."""
    logs = SlowMemory()
    async with house(logs=logs) as inn:
        other = await second_house(inn)
        ada, bea = await inn.join("Ada", "host"), await other.join("Bea")
        offset = (await ada.ask("post", origin_id="origin-1", text="hello"))["id"]
        other.slow_log().requests.clear()
        bea.say("react", message=offset, reaction="hug", on=True)
        await inn.loop.settle()
        await ada.ask("redact", message=offset)
        other.slow_log().requests.set()
        await inn.loop.settle()
        assert bea.screen().room["me"]["reactions"] == {}
        await other.hub.stop()
