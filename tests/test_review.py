"""What people say is shown to the policies first: verdicts, their order, and what a slow or broken policy does."""

import threading

import pytest
from fake_time import in_fake_time
from house import Guest, house
from policies import ByWord, Foolish, Waiting, built_in, reviewing
from real_time import someone, until
from reviewing import answer_to, is_waiting, post, two
from test_floor_live import SHARES

from chatroom.live.hub import Hub
from chatroom.live.opening import OpenRoom
from chatroom.live.panel import REVIEW_SECONDS
from chatroom.live.review import TOLD_SECONDS, WAITING_AT_MOST
from chatroom.live.threads import AT_ONCE
from chatroom.log.memory import MemoryLogs
from chatroom.moderation.policy import Kind, Runs, Said, Verdict
from chatroom.moderation.registry import Chosen

# ---- verdicts ------------------------------------------------------------------------------------------------------------

RUNS = [Runs.INLINE, Runs.THREAD]


@pytest.mark.parametrize("runs", RUNS)
@in_fake_time
async def test_what_is_accepted_is_said(runs: Runs) -> None:
    async with house(reviewing(Chosen("word", ByWord(runs=runs)))) as inn:
        ada, bea = await two(inn)
        assert (await answer_to(bea, "good evening"))["is"] == "done"
        assert ada.texts == ["good evening"]


@pytest.mark.parametrize("runs", RUNS)
@in_fake_time
async def test_a_rejection_is_told_to_the_writer_alone_with_its_reason(runs: Runs) -> None:
    async with house(reviewing(Chosen("word", ByWord(runs=runs)))) as inn:
        ada, bea = await two(inn)
        heard = len(ada.frames)
        answer = await answer_to(bea, "please reject", anyway=True)
        assert (answer["code"], answer["detail"]) == ("rejected", "Because of reject.")
        assert ada.frames[heard:] == []


@pytest.mark.parametrize("runs", RUNS)
@in_fake_time
async def test_a_nudge_is_told_to_the_writer_who_may_send_it_anyway(runs: Runs) -> None:
    async with house(reviewing(Chosen("word", ByWord(runs=runs)))) as inn:
        ada, bea = await two(inn)
        answer = await answer_to(bea, "a nudge", origin_id="origin-1")
        assert (answer["code"], answer["detail"], ada.texts) == ("nudged", "Because of nudge.", [])
        assert (await answer_to(bea, "a nudge", origin_id="origin-1", anyway=True))["is"] == "done"
        assert ada.texts == ["a nudge"]


@pytest.mark.parametrize("runs", RUNS)
@in_fake_time
async def test_what_is_held_waits_for_a_moderator_and_is_there_once_however_often_it_is_sent(runs: Runs) -> None:
    async with house(reviewing(Chosen("word", ByWord(runs=runs)))) as inn:
        ada, bea = await two(inn)
        cal = await inn.join("Cal")
        first = await answer_to(bea, "on hold", origin_id="origin-1")
        again = await answer_to(bea, "on hold", origin_id="origin-1")
        assert (first["is"], first["id"]) == (again["is"], again["id"]) == ("done", first["id"])
        (held,) = [frame for frame in ada.all("entry") if frame["event"] == "message_held"]
        assert (held["text"], held["policy"], held["reason"]) == ("on hold", "word", "Because of hold.")
        assert (ada.texts, cal.texts, "message_held" in cal.events) == ([], [], False)
        assert (await ada.ask("accept_held", held=held["held"]))["is"] == "done"
        assert ada.texts == cal.texts == ["on hold"]
        assert (await answer_to(bea, "on hold", origin_id="origin-1"))["is"] == "done"
        assert ada.texts == ["on hold"]


@in_fake_time
async def test_a_name_of_someone_in_the_room_is_no_handle() -> None:
    async with house(built_in()) as inn:
        ada, bea = await two(inn)
        await inn.join("Tess12")
        for number, text in enumerate(("thank you @Tess12", "@tess12: yes", "(@Tess12)", "for @Tess12.")):
            assert (await answer_to(bea, text, origin_id=f"origin-{number}"))["is"] == "done"
        assert (await answer_to(bea, "write to @Tess13"))["code"] == "rejected"
        assert (await answer_to(bea, "me@Tess12.org"))["code"] == "rejected"
        assert ada.texts[0] == "thank you @Tess12"


@in_fake_time
async def test_danger_is_told_to_the_moderators_and_the_words_are_said() -> None:
    async with house(reviewing(Chosen("word", ByWord()))) as inn:
        ada, bea = await two(inn)
        cal = await inn.join("Cal")
        assert (await answer_to(bea, "in danger"))["is"] == "done"
        assert ada.texts == cal.texts == ["in danger"]
        assert "concern_noted" in ada.events
        assert "concern_noted" not in cal.events


@in_fake_time
async def test_danger_in_words_that_are_refused_is_told_as_well() -> None:
    async with house(built_in()) as inn:
        ada, bea = await two(inn)
        assert (await answer_to(bea, "I want to kill myself, call me at +44 7700 900123"))["code"] == "rejected"
        (concern,) = [frame for frame in ada.all("entry") if frame["event"] == "concern_noted"]
        assert (concern["nickname"], concern["topic"], concern["message"]) == ("Bea", "self_harm", 0)
        await answer_to(bea, "I want to kill myself, my mail is bea@example.org")
        assert [frame["event"] for frame in ada.all("entry")].count("concern_noted") == 1
        assert [frame["topic"] for frame in bea.all("personal") if frame["event"] == "my_care"] == ["self_harm"]
        await ada.ask("resolve_concern", concern=concern["concern"])
        await ada.ask("mute", participant=bea.me, minutes=5, reason="a rest")
        assert (await answer_to(bea, "I want to kill myself"))["code"] == "muted"
        assert [frame["event"] for frame in ada.all("entry")].count("concern_noted") == 2


@in_fake_time
async def test_the_severest_verdict_decides_and_a_concern_is_kept() -> None:
    both = [Chosen("first", ByWord()), Chosen("second", ByWord(kinds={Kind.MESSAGE}))]

    class Holds(ByWord):
        def review(self, said: Said) -> Verdict:
            return Verdict("hold", "Held.") if "danger" in said.text else super().review(said)  # type: ignore[arg-type]

    async with house(reviewing(*both, Chosen("third", Holds()))) as inn:
        ada, bea = await two(inn)
        await answer_to(bea, "danger and nudge")
        assert ada.texts == []
        assert ada.events[-2:] == ["message_held", "concern_noted"]


@in_fake_time
async def test_after_a_rejection_no_other_policy_is_asked() -> None:
    first, second = ByWord({Kind.MESSAGE}), ByWord({Kind.MESSAGE})
    async with house(reviewing(Chosen("first", first), Chosen("second", second))) as inn:
        _, bea = await two(inn)
        for text in ("reject this", "hold this"):
            await answer_to(bea, text)
        assert ([said.text for said in first.seen], [said.text for said in second.seen]) == (
            ["reject this", "hold this"],
            ["hold this"],
        )


# ---- order ---------------------------------------------------------------------------------------------------------------


@in_fake_time
async def test_an_authors_order_is_kept_and_others_pass_by() -> None:
    waiting = Waiting()
    async with house(reviewing(Chosen("waiting", waiting))) as inn:
        ada, bea = await two(inn)
        refs = [post(bea, text) for text in ("slow one", "two", "three")]
        await answer_to(ada, "meanwhile")
        assert (ada.texts, [is_waiting(bea, ref) for ref in refs]) == (["meanwhile"], [True] * 3)
        waiting.go.set()
        await inn.loop.settle()
        assert ada.texts == bea.texts == ["meanwhile", "slow one", "two", "three"]
        assert [bea.answer(ref)["is"] for ref in refs] == ["done"] * 3


@in_fake_time
async def test_the_end_of_a_share_waits_behind_its_words() -> None:
    waiting = Waiting()
    async with house(reviewing(Chosen("waiting", waiting)), script=SHARES) as inn:
        ada, bea = await two(inn)
        await ada.ask("next_phase", **{"from": -1})
        await bea.ask("raise_hand")
        await ada.ask("invite", participant=bea.me)
        await inn.loop.settle()
        said, ended = post(bea, "slow share"), bea.say("done")
        await inn.loop.settle()
        assert is_waiting(bea, ended)
        waiting.go.set()
        await inn.loop.settle()
        assert (bea.answer(said)["is"], bea.answer(ended)["is"]) == ("done", "done")
        posted, released = ada.events.index("message_posted"), ada.events.index("floor_released")
        assert posted < released


@in_fake_time
async def test_help_and_what_stops_harm_do_not_wait_behind_words() -> None:
    async with house(reviewing(Chosen("waiting", Waiting()))) as inn:
        ada, bea = await two(inn)
        cal = await inn.join("Cal")
        for guest in (ada, bea):
            post(guest, "slow")
        assert (await bea.ask("ask_support"))["is"] == "done"
        assert (await bea.ask("say_privately", origin_id="origin-1", text="help"))["is"] == "done"
        assert (await ada.ask("mute", participant=cal.me, minutes=1, reason="unkind"))["is"] == "done"
        assert (await ada.ask("calm"))["is"] == "done"
        assert (await ada.ask("remove", participant=cal.me, reason="unkind"))["is"] == "done"
        assert is_waiting(bea, bea.say("react", message=1, reaction="hug"))
        assert (await bea.ask("leave"))["is"] in ("done", "closing")


@in_fake_time
async def test_only_so_much_waits_behind_one_persons_words() -> None:
    waiting = Waiting()
    async with house(reviewing(Chosen("waiting", waiting))) as inn:
        ada, bea = await two(inn)
        post(bea, "slow")
        refs = [post(bea, f"number {i}") for i in range(WAITING_AT_MOST + 1)]
        await inn.loop.settle()
        assert bea.answer(refs[-1])["code"] == "slow_down"
        waiting.go.set()
        await inn.loop.settle()
        assert ada.texts == ["slow", *(f"number {i}" for i in range(WAITING_AT_MOST))]


@in_fake_time
async def test_what_is_refused_anyway_is_not_shown_to_a_slow_policy() -> None:
    waiting = Waiting()
    async with house(reviewing(Chosen("waiting", waiting))) as inn:
        ada, bea = await two(inn)
        await ada.ask("mute", participant=bea.me, minutes=5, reason="unkind")
        assert (await answer_to(bea, "slow words"))["code"] == "muted"
        assert waiting.then.seen == []


@pytest.mark.parametrize("text", ["nudge", "reject", "hold"])
@in_fake_time
async def test_who_may_not_speak_hears_that_and_no_verdict(text: str) -> None:
    async with house(reviewing(Chosen("word", ByWord()))) as inn:
        ada, bea = await two(inn)
        await ada.ask("mute", participant=bea.me, minutes=5, reason="other")
        assert (await answer_to(bea, text))["code"] == "muted"


@in_fake_time
async def test_who_is_muted_during_the_review_is_refused() -> None:
    waiting = Waiting()
    async with house(reviewing(Chosen("waiting", waiting))) as inn:
        ada, bea = await two(inn)
        ref = post(bea, "slow words")
        await ada.ask("mute", participant=bea.me, minutes=5, reason="unkind")
        waiting.go.set()
        await inn.loop.settle()
        assert bea.answer(ref)["code"] == "muted"


# ---- failures ------------------------------------------------------------------------------------------------------------

FOOLISH = ["nudge", None, 7, Verdict("sometimes"), Verdict(concern="boredom"), Verdict("nudge", 5)]  # type: ignore[arg-type]


def troubles(guest: Guest) -> list[list[str]]:
    return [frame["names"] for frame in guest.all("policy_trouble")]


@pytest.mark.parametrize("holds", [False, True])
@in_fake_time
async def test_a_policy_that_raises_is_decided_by_its_setting_counted_and_told_to_moderators(holds: bool) -> None:
    async with house(reviewing(Chosen("word", ByWord(), holds))) as inn:
        ada, bea = await two(inn)
        assert (await answer_to(bea, "raise now"))["is"] == "done"
        assert ada.texts == ([] if holds else ["raise now"])
        assert ("message_held" in ada.events) is holds
        await inn.loop.advance(2)
        assert (inn.hub.panel.failures, troubles(ada), troubles(bea)) == ({"word": 1}, [["word"]], [])


@pytest.mark.parametrize("answer", FOOLISH)
@in_fake_time
async def test_an_answer_that_is_no_verdict_is_a_failure(answer: object) -> None:
    async with house(reviewing(Chosen("foolish", Foolish(answer), holds=True))) as inn:
        ada, bea = await inn.door("host"), await inn.door()
        assert (await bea.ask("join", nickname="Bea", accept_rules=True))["code"] == "name_rejected"
        assert inn.hub.panel.failures == {"foolish": 1}
        assert (await ada.ask("join", nickname="Ada", accept_rules=True))["code"] == "name_rejected"


@pytest.mark.parametrize("holds", [False, True])
@in_fake_time
async def test_a_late_policy_is_decided_by_its_setting_and_cancelled(holds: bool) -> None:
    waiting = Waiting()
    async with house(reviewing(Chosen("waiting", waiting, holds))) as inn:
        ada, bea = await two(inn)
        ref = post(bea, "slow words")
        await inn.loop.advance(REVIEW_SECONDS - 0.1)
        assert is_waiting(bea, ref)
        await inn.loop.advance(0.2)
        assert bea.answer(ref)["is"] == "done"
        assert ada.texts == ([] if holds else ["slow words"])
        assert (waiting.cancelled, inn.hub.panel.failures) == (1, {"waiting": 1})


@in_fake_time
async def test_moderators_are_told_of_failures_once_a_minute_at_most() -> None:
    async with house(reviewing(Chosen("one", ByWord()), Chosen("two", ByWord()))) as inn:
        ada, bea = await two(inn)
        for i in range(10):
            await answer_to(bea, f"raise {i}")
            await inn.loop.advance(2)
        assert troubles(ada) == [["one", "two"]]
        await inn.loop.advance(TOLD_SECONDS)
        assert troubles(ada) == [["one", "two"]] * 2
        await inn.loop.advance(TOLD_SECONDS * 3)
        assert troubles(ada) == [["one", "two"]] * 2
        assert inn.hub.panel.failures == {"one": 10, "two": 10}


async def test_a_thread_that_never_returns_holds_up_its_author_for_a_second_and_nobody_else() -> None:
    stuck, entered = threading.Event(), threading.Event()

    class Stuck(ByWord):
        def review(self, said: Said) -> Verdict:
            if "stuck" in said.text:
                entered.set()
                stuck.wait()
            return super().review(said)

    hub = Hub(MemoryLogs(), reviewing(Chosen("stuck", Stuck({Kind.MESSAGE}, Runs.THREAD))))
    await hub.start()
    keys = await hub.open_room(OpenRoom(title="Tuesday"), "10.0.0.1")
    ada, bea = await someone(hub, keys.secret, "Ada", keys.host_token), await someone(hub, keys.secret, "Bea")
    post(bea, "stuck here")
    await until(entered.is_set)
    post(ada, "hello")
    await until(lambda: ada.texts)
    assert ada.texts == ["hello"]
    await until(lambda: len(ada.texts) > 1)
    assert (ada.texts, hub.panel.failures) == (["hello", "stuck here"], {"stuck": 1})
    before = threading.active_count()
    for _ in range(AT_ONCE):
        post(bea, "stuck again", anyway=True)
        post(ada, "stuck as well", anyway=True)
    await until(lambda: len(ada.texts) == 2 + 2 * AT_ONCE)
    assert threading.active_count() <= before + AT_ONCE
    await hub.stop()
    stuck.set()
