"""Threats, slurs, harassment and advances: what is stopped, what waits, and who is never punished."""

import pytest
from fake_time import in_fake_time
from house import house
from policies import built_in

from chatroom.core.limits import REASON_CODE_POINTS
from chatroom.moderation.hurtful import Hurtful
from chatroom.moderation.policy import Decision, Kind, Said, Verdict

POLICY = Hurtful()


def decided(text: str, kind: Kind = Kind.MESSAGE, *, moderates: bool = False) -> str:
    verdict = POLICY.review(Said(text=text, kind=kind, now=0, moderates=moderates))
    assert isinstance(verdict, Verdict)
    assert bool(verdict.reason) is (verdict.decision is not Decision.ACCEPT)
    assert len(verdict.reason) <= REASON_CODE_POINTS
    return verdict.decision.value


CASES = [
    ("kill yourself you junkie", "reject"),
    ("KILL  YOURSELF!!", "reject"),
    ("K1ll urself", "reject"),
    ("why don't you kill yourself", "reject"),
    ("m\u00e1tate", "reject"),
    ("MATATE YA", "reject"),
    ("shut up faggot", "reject"),
    ("cállate, maricón", "reject"),
    ("I know where you live", "hold"),
    ("faggot is a word", "hold"),
    ("you are worthless", "hold"),
    ("no vales nada", "hold"),
    ("send nudes", "hold"),
    ("he said kill yourself", "hold"),
    ("\u201ckill yourself\u201d", "hold"),
    ("kill yourself was in my inbox", "hold"),
    ("me escribió mátate", "hold"),
    ("please don't kill yourself", "accept"),
    ("do you want to kill yourself?", "accept"),
    ("I wanted to kill myself", "accept"),
    ("he called me a faggot", "accept"),
    ("I am a dyke and sober for two years", "accept"),
    ("he called me a faggot, and you are a faggot", "hold"),
    ("I am sick of you faggots", "reject"),
    ("skill yourself up", "accept"),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text for text, _ in CASES])
def test_what_is_stopped_what_waits_and_what_passes(text: str, expected: str) -> None:
    assert decided(text) == expected


def test_of_moderators_nothing_waits_and_threats_are_stopped() -> None:
    assert decided('we do not say "kill yourself" here', moderates=True) == "accept"
    assert decided("you are worthless", moderates=True) == "accept"
    assert decided("kill yourself", moderates=True) == "reject"


def test_between_two_people_an_own_story_passes_and_all_else_is_rejected() -> None:
    """No moderator could look at it first."""
    for text in ("kill yourself", "send nudes", "you are worthless"):
        assert decided(text, Kind.DIRECT) == "reject"
    assert decided("he told me: you are worthless", Kind.DIRECT) == "accept"


def test_a_name_that_hurts_is_none() -> None:
    assert decided("Kill Yourself", Kind.NAME) != "accept"
    assert decided("xx_faggot_xx", Kind.NAME) != "accept"
    assert decided("Morning Fern", Kind.NAME) == "accept"


@in_fake_time
async def test_urging_someone_to_die_reaches_nobody_and_an_own_story_reaches_a_moderator() -> None:
    async with house(policy=built_in()) as inn:
        ada, bea, cal = await inn.join("Ada", "host"), await inn.join("Bea"), await inn.join("Cal")
        refused = await bea.ask("post", origin_id="origin-1", text="kill yourself you junkie")
        assert (refused["code"], refused["detail"][:4]) == ("rejected", "This")
        assert (await bea.ask("post", origin_id="origin-2", text="he used to tell me: kill yourself"))["is"] == "done"
        assert ada.events[-1] == "message_held"
        assert cal.texts == []
        held = next(frame for frame in ada.all("entry") if frame["event"] == "message_held")
        assert held["policy"] == "hurtful"
