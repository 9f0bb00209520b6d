"""What is shown to policies besides messages, and with which lists of words: names, titles, reasons, direct messages."""

import pytest
from fake_time import in_fake_time
from house import house
from policies import EVERYTHING, ByWord, Waiting, built_in, reviewing
from remains import remaining
from reviewing import answer_to, is_waiting, two

from chatroom.core.refusals import Refused
from chatroom.core.safety_events import Word, WordKind, WordVerdict
from chatroom.log.base import Opened
from chatroom.moderation.policy import Kind
from chatroom.moderation.registry import Chosen, choose

# ---- all that is reviewed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("word", ["reject", "hold", "nudge"])
@in_fake_time
async def test_a_name_is_reviewed_before_anyone_sees_it(word: str) -> None:
    async with house(reviewing(Chosen("word", ByWord({Kind.NAME})))) as inn:
        ada, guest = await inn.join("Ada", "host"), await inn.door()
        answer = await guest.ask("join", nickname=f"Bea {word}", accept_rules=True)
        assert (answer["code"], answer["detail"]) == ("name_rejected", "" if word == "hold" else f"Because of {word}.")
        assert ada.events == []
        assert (await guest.ask("join", nickname="Bea", accept_rules=True))["is"] == "welcome"


@in_fake_time
async def test_a_name_that_is_reviewed_slowly_is_let_in_afterwards() -> None:
    waiting = Waiting({Kind.NAME})
    async with house(reviewing(Chosen("waiting", waiting))) as inn:
        guest = (await inn.join("Ada", "host"), await inn.door())[1]
        ref = guest.say("join", nickname="slow poke", accept_rules=True)
        said = guest.say("post", origin_id="origin-1", text="hello")
        await inn.loop.settle()
        assert is_waiting(guest, ref)
        waiting.go.set()
        await inn.loop.settle()
        assert (guest.answer(ref)["is"], guest.answer(said)["is"]) == ("welcome", "done")


@pytest.mark.parametrize("field", ["title", "welcome", "rules"])
@in_fake_time
async def test_a_room_is_not_opened_with_words_that_are_rejected(field: str) -> None:
    async with house(reviewing(Chosen("word", ByWord({Kind.TITLE})))) as inn:
        rooms = inn.hub.rooms
        with pytest.raises(Refused) as caught:
            await inn.open(**{field: ("please reject",) if field == "rules" else "please reject"})
        assert (caught.value.code, caught.value.detail, inn.hub.rooms) == ("rejected", "Because of reject.", rooms)
        await inn.open(**{field: ("hold nudge",) if field == "rules" else "hold nudge"})
        assert inn.hub.rooms == rooms + 1


@in_fake_time
async def test_topics_and_polls_are_titles() -> None:
    async with house(reviewing(Chosen("word", ByWord({Kind.TITLE})))) as inn:
        ada = await inn.join("Ada", "host")
        assert (await ada.ask("set_topic", topic="reject this"))["code"] == "rejected"
        assert (await ada.ask("set_topic", topic="hold this"))["is"] == "done"
        poll = {"question": "Which?", "kind": "single", "options": ["this", "reject that"]}
        assert (await ada.ask("open_poll", **poll))["code"] == "rejected"


@in_fake_time
async def test_reasons_that_others_read_are_reviewed_at_once_by_inline_policies_alone() -> None:
    waiting = Waiting(EVERYTHING)
    async with house(reviewing(Chosen("word", ByWord({Kind.REASON})), Chosen("waiting", waiting))) as inn:
        waiting.go.set()
        ada, bea = await two(inn)
        waiting.go.clear()
        for do, fields in (("mute", {"minutes": 5}), ("remove", {}), ("send_back", {})):
            assert (await ada.ask(do, participant=bea.me, reason="reject slow", **fields))["code"] == "rejected"
        assert (await ada.ask("mute", participant=bea.me, minutes=5, reason="hold nudge slow"))["is"] == "done"
        assert Kind.REASON not in {said.kind for said in waiting.then.seen}


@in_fake_time
async def test_a_direct_message_that_would_be_held_is_rejected() -> None:
    async with house(reviewing(Chosen("word", ByWord({Kind.DIRECT})))) as inn:
        ada, bea = await two(inn)
        await ada.ask("set_direct", on=True)
        await bea.ask("ask_direct", participant=ada.me)
        await ada.ask("answer_direct", participant=bea.me, yes=True)
        say = {"participant": ada.me, "text": "on hold"}
        assert (await bea.ask("say_direct", origin_id="origin-1", **say))["code"] == "rejected"
        assert (await bea.ask("say_direct", origin_id="origin-2", **{**say, "text": "a nudge"}))["is"] == "done"


@in_fake_time
async def test_private_lines_are_not_reviewed() -> None:
    policy = ByWord()
    async with house(reviewing(Chosen("word", policy))) as inn:
        _, bea = await two(inn)
        await bea.ask("ask_support")
        policy.seen.clear()
        assert (await bea.ask("say_privately", origin_id="origin-1", text="reject hold"))["is"] == "done"
        assert policy.seen == []


@in_fake_time
async def test_a_policy_is_shown_what_the_author_said_before_but_not_what_was_taken_back() -> None:
    policy = ByWord({Kind.MESSAGE})
    async with house(reviewing(Chosen("word", policy))) as inn:
        ada, bea = await two(inn)
        await answer_to(ada, "not by Bea")
        first = await answer_to(bea, "one")
        await answer_to(bea, "two")
        await bea.ask("retract", message=first["id"])
        await answer_to(bea, "three")
        assert [recent.text for recent in policy.seen[-1].recent] == []
        await answer_to(bea, "four")
        assert [recent.text for recent in policy.seen[-1].recent] == ["three"]
        assert policy.seen[-1].moderates is False
        await inn.loop.advance(130)
        await answer_to(ada, "five")
        assert (policy.seen[-1].recent, policy.seen[-1].moderates) == ((), True)


@in_fake_time
async def test_what_was_said_before_the_log_was_replaced_is_not_shown_to_policies() -> None:
    policy = ByWord({Kind.MESSAGE})
    async with house(reviewing(Chosen("word", policy))) as inn:
        _, bea = await two(inn)
        await answer_to(bea, "taken back elsewhere")
        live = inn.live_room()
        live.reopened(Opened("another", 0, b"", tuple(live._history.entries[:-1])))
        await answer_to(bea, "more")
        assert policy.seen[-1].recent == ()


# ---- words ---------------------------------------------------------------------------------------------------------------


@in_fake_time
async def test_the_rooms_list_holds_from_the_moment_it_is_set_beside_the_operators() -> None:
    policy = reviewing(*choose(("words",)))
    operators = Word("casino", WordKind.LITERAL, WordVerdict.REJECT)
    async with house(
        type(policy)(**{name: getattr(policy, name) for name in policy.__struct_fields__} | {"words": (operators,)})
    ) as inn:
        ada, bea = await two(inn)
        assert (await answer_to(bea, "the Casino is near"))["code"] == "rejected"
        assert (await answer_to(bea, "horses run"))["is"] == "done"
        words = [
            {"pattern": "hors(e|es)", "kind": "re2", "verdict": "nudge"},
            {"pattern": "b.t", "kind": "literal", "verdict": "hold"},
        ]
        assert (await ada.ask("set_words", words=words))["is"] == "done"
        assert (await answer_to(bea, "HORSES run"))["code"] == "nudged"
        assert (await answer_to(bea, "a bat, a bet"))["is"] == "done"
        assert (await answer_to(bea, "the b.t of it"))["is"] == "done"
        assert ada.events[-1] == "message_held"
        assert (await answer_to(bea, "casino horses"))["code"] == "rejected"
        assert (await ada.ask("set_words", words=[]))["is"] == "done"
        assert (await answer_to(bea, "horses again"))["is"] == "done"
        assert (await answer_to(bea, "casino again"))["code"] == "rejected"


@in_fake_time
async def test_nothing_of_a_rooms_words_is_left_when_it_is_over() -> None:
    async with house(built_in()) as inn:
        ada, bea = await two(inn)
        backwards = {"pattern": "mrettapterces", "text": "sdrowterces"}
        words = [{"pattern": backwards["pattern"][::-1], "kind": "re2", "verdict": "nudge"}]
        await ada.ask("set_words", words=words)
        await answer_to(bea, backwards["text"][::-1])
        assert ada.texts
        await ada.ask("end")
        await inn.loop.advance(60)
        del ada, bea, words
        assert remaining(backwards) == set()


@in_fake_time
async def test_with_everything_on_a_meeting_talks_as_ever() -> None:
    async with house(built_in()) as inn:
        ada, bea = await two(inn)
        for text in ("hello", "I am Bea, 30 days today", "thank you", "I could kill for a coffee"):
            assert (await answer_to(bea, text))["is"] == "done", text
        assert len(ada.texts) == 4
        assert (await answer_to(bea, "call me on 415 555 0142"))["code"] == "rejected"
        assert (await answer_to(ada, "the help line has 415 555 0142"))["code"] == "nudged"
        await ada.ask("name_helper", participant=bea.me, helper="cohost")
        assert (await answer_to(bea, "the reading is at www.example.org"))["code"] == "nudged"
