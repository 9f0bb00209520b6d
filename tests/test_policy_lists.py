"""How often the built-in lists miss what they are for, and stop what is harmless: measured on labelled sentences of our own.

docs/moderation.md states these figures. When a list or the sentences change, put the table that this test prints there.
"""

from pathlib import Path

import msgspec
import pytest

from chatroom.moderation.contact import Contact
from chatroom.moderation.drugs import Drugs
from chatroom.moderation.hurtful import Hurtful
from chatroom.moderation.phrases import LANGUAGES, read_list
from chatroom.moderation.policy import Decision, Kind, Policy, Said, Verdict
from chatroom.moderation.risk import Risk

LABELLED = Path(__file__).parent / "labelled"
UNSEEN = LABELLED / "unseen"
TOLD = LABELLED / "told"
DOCUMENT = (Path(__file__).parent.parent / "docs" / "moderation.md").read_text()
POLICIES: dict[str, Policy] = {"contact": Contact(), "drugs": Drugs(), "hurtful": Hurtful(), "risk": Risk()}
HARMLESS = "harmless"
SENTENCES_AT_LEAST = 60


def labelled(policy: str, language: str, folder: Path = LABELLED) -> dict[str, list[str]]:
    """Sentences by what is to be found in them."""
    return msgspec.json.decode((folder / f"{policy}.{language}.json").read_bytes(), type=dict[str, list[str]])


def found_in(policy: str, text: str) -> str:
    """What the policy finds: a concern, or "found", or "harmless"."""
    verdict = POLICIES[policy].review(Said(text=text, kind=Kind.MESSAGE, now=0))
    assert isinstance(verdict, Verdict)
    return verdict.concern or (HARMLESS if verdict.decision is Decision.ACCEPT else "found")


def measured(policy: str, language: str, folder: Path = LABELLED) -> str:
    """A row of the table: how many sentences, how many missed, how many harmless, how many false alarms."""
    sets = labelled(policy, language, folder)
    missed = [text for label, texts in sets.items() if label != HARMLESS for text in texts if found_in(policy, text) != label]
    alarms = [text for text in sets[HARMLESS] if found_in(policy, text) != HARMLESS]
    looked_for = sum(map(len, sets.values())) - len(sets[HARMLESS])
    return f"| `{policy}` | {language} | {looked_for} | {len(missed)} | {len(sets[HARMLESS])} | {len(alarms)} |"


def stated(table: str) -> list[str]:
    """The rows of a table in docs/moderation.md."""
    return DOCUMENT.partition(f"<!-- {table} -->\n")[2].partition(f"<!-- end of {table} -->")[0].splitlines()[2:]


def test_the_stated_misses_and_false_alarms_are_the_measured_ones() -> None:
    assert stated("measured") == [measured(policy, language) for policy in POLICIES for language in LANGUAGES]


def test_the_stated_figures_for_sentences_not_used_for_tuning_are_the_measured_ones() -> None:
    files = sorted(UNSEEN.glob("*.json"))
    assert stated("measured unseen") == [
        measured(policy, language, UNSEEN) for policy, language in (file.stem.split(".") for file in files)
    ]


def told(language: str) -> list[str]:
    """Sentences by people who tell what was said to them, or who speak of themselves."""
    return msgspec.json.decode((TOLD / f"hurtful.{language}.json").read_bytes(), type=list[str])


@pytest.mark.parametrize("language", LANGUAGES)
def test_nobody_is_rejected_for_telling_what_was_said_to_them(language: str) -> None:
    policy, texts = POLICIES["hurtful"], told(language)
    verdicts = [policy.review(Said(text=text, kind=Kind.MESSAGE, now=0)) for text in texts]
    decisions = [verdict.decision for verdict in verdicts if isinstance(verdict, Verdict)]
    assert Decision.REJECT not in decisions
    row = f"| {language} | {len(texts)} | {decisions.count(Decision.ACCEPT)} | {decisions.count(Decision.HOLD)} | 0 |"
    assert row in stated("measured told")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("policy", POLICIES)
def test_half_of_many_different_sentences_are_harmless(policy: str, language: str) -> None:
    sets = labelled(policy, language)
    texts = [text for one in sets.values() for text in one]
    assert len(texts) == len(set(texts)) >= SENTENCES_AT_LEAST
    assert len(sets[HARMLESS]) * 2 >= len(texts) - 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("policy", ["drugs", "hurtful", "risk"])
def test_no_list_holds_a_phrase_twice(policy: str, language: str) -> None:
    for name, phrases in read_list(policy, language).items():
        for each in phrases.values() if name == "words" else [phrases]:
            assert len(each) == len(set(each))
