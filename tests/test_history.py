"""The history checker passes what is sound, and each of its rules catches what it is there for."""

from collections.abc import Callable

import pytest
from history import RULES, check
from hypothesis import given
from hypothesis import strategies as st
from sound_history import (
    ASKED,
    HELD,
    LAST_WELCOME,
    LET_THROUGH,
    MESSAGES,
    SOUND,
    THE_END,
    Script,
    after,
    at_the_end,
    broken,
    by_ada,
    changed,
    done,
    entry,
    in_turn,
    message,
    moved,
    not_unmuted,
    pipelined,
    place_of,
    played,
    post,
    posted,
    refused,
    resolved,
    saw,
    seen,
    shown,
    snapshot,
    welcome,
    with_mo,
    with_text,
    without,
)

CAL_AGAIN = ("Cal", "welcomed", welcome("Cal", 17, [message(7, "Bea", "hello", "b-one")]))

WRONG: dict[str, tuple[str, Callable[[], Script]]] = {
    "other words at the same place": ("total_order", lambda: changed(saw("Bea", 4), text="other")),
    "another nonce at the same place": ("total_order", lambda: changed(saw("Cal", 7), position=["E", 7, "other"])),
    "another event at the same place": ("total_order", lambda: changed(saw("Bea", 14), event="returned")),
    "other words in a snapshot": ("total_order", lambda: shown(*MESSAGES[:4], MESSAGES[4] | {"text": "other"})),
    "an acknowledged message that came to nobody": (
        "no_acknowledged_loss",
        lambda: at_the_end(post("Ada", 9, "lost", "a-lost"), done("Ada", 9, 18)),
    ),
    "a snapshot without a message": ("no_acknowledged_loss", lambda: shown(*MESSAGES[:4])),
    "a snapshot without the words": ("no_acknowledged_loss", lambda: shown(*MESSAGES[:4], MESSAGES[4] | {"text": ""})),
    "a new log without a message": (
        "no_acknowledged_loss",
        lambda: at_the_end(("Bea", "closed", 4003), ("Bea", "welcomed", welcome("Bea", 20, [], "F"))),
    ),
    "one origin_id at two places": (
        "no_duplicate",
        lambda: at_the_end(*seen(posted(18, "Bea", "again", "b-four"), "Ada", "Bea")),
    ),
    "two answers to one origin_id": ("no_duplicate", lambda: at_the_end(post("Bea", 6, "again", "b-four"), done("Bea", 6, 99))),
    "one place given twice": ("no_duplicate", lambda: after(saw("Cal", 13), SOUND[saw("Cal", 13)])),
    "a message that nobody sent": ("no_phantom", lambda: at_the_end(*seen(posted(18, "Ada", "boo", "a-boo"), "Ada", "Bea"))),
    "words that nobody sent": ("no_phantom", lambda: [with_text(step, 7, "other") for step in SOUND]),
    "a message before it was sent": ("no_phantom", lambda: moved(saw("Ada", 4), 2)),
    "a refused message": (
        "no_phantom",
        lambda: changed(place_of("Bea", "answered", 9), **{"is": "refused", "code": "text_empty"}),
    ),
    "a resume that skips one": ("no_gap", lambda: without(saw("Bea", 7))),
    "a resume from further on": ("no_gap", lambda: after(saw("Cal", 7), *seen(entry(8, "posting_stopped"), "Ada", "Cal"))),
    "a stretch that skips one": ("no_gap", lambda: without(saw("Cal", 9))),
    "a moderators' event that one moderator lacks": ("no_gap", lambda: with_mo(but=11)),
    "a position that goes back": ("monotonic_reads", lambda: changed(LAST_WELCOME, position=["E", 12, "n12"])),
    "entries out of order": ("monotonic_reads", lambda: moved(saw("Cal", 9), saw("Cal", 13))),
    "later words first": ("sender_order", lambda: at_the_end(*pipelined(19, 18))),
    "an acknowledged message after a later one": ("real_time_order", lambda: at_the_end(*in_turn(19, 18))),
    "a message after a mute": ("atomic_mutes", lambda: not_unmuted(SOUND)),
    "a message after a mute of which only the muted know": (
        "atomic_mutes",
        lambda: not_unmuted(without(saw("Ada", 11))),
    ),
    "a message that is there, and is refused for a mute": (
        "atomic_mutes",
        lambda: at_the_end(post("Bea", 6, "again", "b-four"), refused("Bea", 6, "muted")),
    ),
    "an entry after the end": (
        "nothing_after_the_end",
        lambda: [*SOUND, *THE_END[:3], ("Bea", "saw", entry(19, "left", participant="Ada", quiet=True)), *THE_END[3:]],
    ),
    "an acknowledgement after the end": (
        "nothing_after_the_end",
        lambda: [*SOUND, post("Ada", 8, "late", "a-late"), *THE_END[:3], done("Ada", 8, 19), *THE_END[3:]],
    ),
    "someone who stays after the end": ("nothing_after_the_end", lambda: [*SOUND, *THE_END[:-1]]),
    "words from before one came": ("entitlement", lambda: after(7, ("Cal", "welcomed", welcome("Cal", 6, [MESSAGES[0]])))),
    "the moderators' view": ("entitlement", lambda: changed(saw("Bea", 10), **SOUND[saw("Ada", 10)][2])),
    "a moderators' event": ("entitlement", lambda: after(saw("Ada", 12), ("Bea", "saw", SOUND[saw("Ada", 12)][2]))),
    "the desk": ("entitlement", lambda: snapshot(desk={})),
    "the room after a removal": (
        "entitlement",
        lambda: at_the_end(CAL_AGAIN, *seen(entry(18, "dropped", participant="Bea"), "Ada", "Bea", "Cal")),
    ),
    "erased words in a snapshot": (
        "erased_words",
        lambda: shown(*MESSAGES[:2], message(9, "Bea", "oh no", "b-two"), *MESSAGES[3:]),
    ),
    "erased words in a resume": (
        "erased_words",
        lambda: at_the_end(
            *(("Bea", "closed", 1006), ("Ada", "invoke", {"do": "redact", "ref": 8, "message": 18}), done("Ada", 8, 19)),
            *(
                post("Ada", 9, "oh", "a-oh"),
                done("Ada", 9, 18),
                ("Ada", "closed", 1006),
                ("Ada", "welcomed", welcome("Ada", 17)),
            ),
            *seen(posted(18, "Ada", "oh", "a-oh"), "Ada"),
        ),
    ),
    "held words that were let through and are lost": (
        "no_acknowledged_loss",
        lambda: at_the_end(*HELD, *ASKED, *resolved("accepted")),
    ),
    "held words shown twice": (
        "no_duplicate",
        lambda: at_the_end(
            *(*HELD, *ASKED, *resolved("accepted"), *LET_THROUGH),
            *seen(posted(21, "Bea", "careful", "b-held"), "Ada", "Bea"),
        ),
    ),
    "words held twice": ("no_duplicate", lambda: at_the_end(*HELD, post("Bea", 9, "careful", "b-held"), done("Bea", 9, 19))),
    "held words that nobody let through": ("held_words", lambda: at_the_end(*HELD, *resolved("accepted"), *LET_THROUGH)),
    "held words that were rejected": (
        "held_words",
        lambda: at_the_end(*HELD, *ASKED, *resolved("rejected"), *LET_THROUGH),
    ),
    "held words that were let through and rejected": (
        "held_words",
        lambda: at_the_end(*HELD, *ASKED, *resolved("accepted"), *LET_THROUGH, *resolved("rejected", 21)),
    ),
    "no answer": ("answered", lambda: at_the_end(("Bea", "invoke", {"do": "react", "ref": 9, "message": 17}))),
}
"""What is wrong, and the rule that says so."""


def test_a_sound_history_passes() -> None:
    assert check(played(SOUND)) == []
    assert check(played([*SOUND, *THE_END])) == []
    assert check(played([*SOUND, *pipelined(18, 19)])) == []
    assert check(played([*SOUND, *in_turn(18, 19)])) == []
    assert check(played(with_mo())) == []
    assert check(played([*SOUND, *HELD])) == []
    assert check(played([*SOUND, *HELD, *resolved("rejected")])) == []
    assert check(played([*SOUND, *HELD, ASKED[0], *resolved("accepted"), *LET_THROUGH, ASKED[1]])) == []


@pytest.mark.parametrize(("rule", "script"), WRONG.values(), ids=WRONG)
def test_what_is_wrong_is_caught(rule: str, script: Callable[[], Script]) -> None:
    assert rule in broken(script())


def test_who_came_between_a_message_and_its_second_answer_need_not_have_it() -> None:
    late = ("Mo", "welcomed", welcome("Mo", 17, []))
    history = played(at_the_end(late, post("Bea", 6, "again", "b-four"), done("Bea", 6, 17)))
    history.clients[-1].role = "participant"
    assert check(history) == []


def test_who_came_by_a_moderators_link_and_was_made_a_participant_need_not_have_what_was_before() -> None:
    frame = welcome("Mo", 17, [])
    frame["room"] |= {"me": {"participant": "Mo", "role": "participant"}}
    frame["room"].pop("desk")
    assert check(played(at_the_end(("Mo", "welcomed", frame)))) == []


def test_what_comes_after_a_snapshot_that_holds_it_is_as_the_new_role_sees_it() -> None:
    """The snapshot of a changed role leaves before what was under way."""
    demoted = welcome("Ada", 20, [*MESSAGES, message(17, "Bea", "again", "b-four")])
    demoted["room"] |= {"me": {"participant": "Ada", "role": "participant"}}
    demoted["room"].pop("desk")
    stopped, changed_role = entry(18, "posting_stopped"), entry(20, "role_changed", participant="Ada", role="participant")
    hidden = by_ada(19, "claimed", item=18)
    script = at_the_end(
        *seen(stopped, "Bea"),
        ("Mo", "welcomed", welcome("Mo", 18, [])),
        *seen(hidden, "Mo"),
        *seen(changed_role, "Bea", "Mo"),
        ("Ada", "welcomed", demoted),
        *seen(stopped, "Ada"),
        *seen(changed_role, "Ada"),
    )
    assert "no_gap" not in broken(script)


def test_what_was_said_under_another_epoch_may_stand_after_a_mute_of_which_that_knew_nothing() -> None:
    """Two histories were joined: first the one with the mute, then what it lacked."""
    muted = by_ada(4, "muted", participant="Bea", nickname="Bea", until=71_000, reason="unkind")
    hello = [("Bea", "welcomed", welcome("Bea", 3, [], "before")), post("Bea", 1, "hello", "b-one")]
    known = [*seen(posted(4, "Bea", "hello", "b-one"), "Bea"), done("Bea", 1, 4)]
    join = [
        ("Ada", "welcomed", welcome("Ada", 3, [])),
        *seen(muted, "Ada"),
        *seen(posted(5, "Bea", "hello", "b-one"), "Ada"),
    ]
    assert "atomic_mutes" not in broken([*hello, *known, *join])
    assert "atomic_mutes" in broken([*hello, *join])
    assert "atomic_mutes" in broken([*hello, *join, *known])


def test_every_rule_catches_something() -> None:
    assert {rule for rule, _ in WRONG.values()} == set(RULES)


def test_who_is_let_in_again_may_read_on() -> None:
    readmit = ("Ada", "invoke", {"do": "readmit", "ref": 8, "participant": "Cal"})
    back = seen(entry(19, "returned", participant="Cal", nickname="Cal", role="participant"), "Ada", "Bea")
    messages = [each for each in [*MESSAGES, message(17, "Bea", "again", "b-four")] if each["id"] > 5]
    let_in = [readmit, ("Ada", "saw", by_ada(18, "readmitted", participant="Cal", nickname="Cal")), done("Ada", 8, 18), *back]
    onward = seen(entry(21, "posting_stopped"), "Ada", "Bea", "Cal")
    assert check(played(at_the_end(*let_in, ("Cal", "welcomed", welcome("Cal", 20, messages)), *onward))) == []


def test_who_reads_everything_may_read_what_was_before() -> None:
    history = played(WRONG["words from before one came"][1]())
    history.late_joiners = "everything"
    assert "entitlement" not in {violation.rule for violation in check(history)}


SIGHTINGS = [i for i, (_, what, value) in enumerate(SOUND) if what == "saw" and value["is"] == "entry"]
SHARED = [i for i in SIGHTINGS if sum(SOUND[j][2]["id"] == SOUND[i][2]["id"] for j in SIGHTINGS) > 1]
"""Those of entries that somebody else saw as well."""
FOLLOWED = [i for i in SHARED if next((what for who, what, _ in SOUND[i + 1 :] if who == SOUND[i][0]), "") != "closed"]
"""Those after which the same connection went on."""


@given(st.sampled_from(FOLLOWED))
def test_no_sighting_can_be_left_out(i: int) -> None:
    assert broken(without(i)) & {"no_gap", "no_acknowledged_loss"}


@given(st.sampled_from(SIGHTINGS), st.integers(1, 10))
def test_no_sighting_can_come_again(i: int, later: int) -> None:
    who = SOUND[i][0]
    here = [j for j in range(i, len(SOUND)) if SOUND[j][0] == who and SOUND[j][1] != "closed"][:later]
    assert "no_duplicate" in broken(after(here[-1], SOUND[i]))


@given(st.sampled_from(SHARED), st.sampled_from([("position", ["E", 1, "another"]), ("at", 1), ("event", "returned")]))
def test_no_sighting_can_be_another(i: int, other: tuple[str, object]) -> None:
    assert "total_order" in broken(changed(i, **dict([other])))


@given(st.data())
def test_no_two_sightings_can_change_places(data: st.DataObject) -> None:
    who = data.draw(st.sampled_from(["Ada", "Bea", "Cal"]))
    mine = [i for i in SIGHTINGS if SOUND[i][0] == who]
    one, other = sorted(data.draw(st.lists(st.sampled_from(mine), min_size=2, max_size=2, unique=True)))
    script = list(SOUND)
    script[one], script[other] = script[other], script[one]
    assert broken(script) & {"monotonic_reads", "no_phantom"}
