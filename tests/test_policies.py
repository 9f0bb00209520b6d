# ruff: noqa: RUF001 - characters that look like others are what some policies are about
"""The built-in policies one by one, how policies are found, and the worked example of docs/moderation.md."""

import itertools
import re
import unicodedata
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest
from fake_time import in_fake_time
from house import house
from hypothesis import given
from hypothesis import strategies as st
from policies import BUILT_IN, reviewing

from chatroom.core.safety_events import Word, WordKind, WordVerdict
from chatroom.moderation.contact import Contact
from chatroom.moderation.patterns import PatternSet, WordList
from chatroom.moderation.phrases import pattern_of
from chatroom.moderation.policy import ACCEPT, Decision, Kind, Policy, Recent, Runs, Said, Verdict
from chatroom.moderation.registry import ENTRY_POINTS, PolicyNotLoaded, choose
from chatroom.moderation.repeated import SHORT_CODE_POINTS, Repeated
from chatroom.moderation.walls import Walls
from chatroom.moderation.words import Words
from chatroom.web.app import create_app
from chatroom.web.check import problems
from chatroom.web.policies import WORDS_AT_MOST, read_words
from chatroom.web.settings import Settings, SettingsError

DOCUMENT = (Path(__file__).parent.parent / "docs" / "moderation.md").read_text()
LONG = "This is a sentence that is long enough to be noticed."
TODAY = 1_700_000_000_000


def said(text: str, kind: Kind = Kind.MESSAGE, **fields: object) -> Said:
    return Said(text=text, kind=kind, now=TODAY, **fields)  # type: ignore[arg-type]


def decision(policy: Policy, text: str, kind: Kind = Kind.MESSAGE, **fields: object) -> str:
    verdict = policy.review(said(text, kind, **fields))
    assert isinstance(verdict, Verdict)
    assert bool(verdict.reason) is (verdict.decision is not Decision.ACCEPT)
    return verdict.decision.value


ALL = choose(BUILT_IN)


# ---- contact -------------------------------------------------------------------------------------------------------------

CONTACT = Contact()
STOPPED = {
    "telephone number": [
        "+1 (415) 555-0142",
        "call 555 0142",
        "0612345678",
        "+٣٤ ٦١٢ ٣٤٥ ٦٧٨",
        "6 1 2 3 4 5 6 7 8 mi número 612345678",
    ],
    "e-mail address": [
        "a@b.org",
        "ana at mail dot com",
        "ana (at) mail (dot) org",
        "ana arroba mail punto es",
        "ａｎａ@mail.org",
    ],
    "name in another service": [
        "ok @ana_22",
        "insta: ana.rios",
        "my snap is @ana",
        "ana#1234",
        "find ana_rios on tiktok, @ana_rios",
    ],
    "link": ["https://example.org", "www.example.org", "see example.com/x", "t.me/ana", "example\u200b.com now"],
    "street address": [
        "12 Main Street",
        "calle Mayor 12",
        "221b Baker St",
        "4 Oak Drive",
        "Paseo de Gracia 43",
        "12 oak st",
        "9 St. John Street",
        "12 MAIN STREET",
        "7 N. Elm Ct. 12 Elm Court",
        "Av. Libertad 12",
        "calle Mayor 12, segundo piso",
    ],
}
PASSES = [
    "day 4015", "30 days", "12 steps", "2019-03-14 18:00", "14/03/2019", "2009-2019", "2010 2011 2012", "10 000 000",
    "1,000,000", "20 mg, 3 times", "120/80", "7:30-8:30", "@Fern thank you", "1-800-273-8255", "900 525 100",
    "192.168.100.200", "1.2.3.4.5.6.7", "5 big steps", "paseo con el perro 2 veces", "12.05.1980", "i.e. me", "home.me too",
    "I have 90 days. Court is tomorrow.", "30 days. Dr said my liver is better", "12 steps. Close to step 9",
    "20 mg St John's wort", "en la calle llevo 30 días", "90 days! Court is tomorrow", "12 steps, Close to step 9",
    "Llevo 12 años. Calle y botella, 4 veces", "por la calle anduve 12 horas",
]  # fmt: skip


@pytest.mark.parametrize(("what", "text"), [(what, text) for what, texts in STOPPED.items() for text in texts])
def test_contact_details_are_stopped_with_a_kind_reason(what: str, text: str) -> None:
    verdict = CONTACT.review(said(text))
    assert verdict.decision is Decision.REJECT
    assert what in verdict.reason
    assert "To protect you" in verdict.reason


@pytest.mark.parametrize("text", PASSES)
def test_numbers_that_are_no_contact_details_pass(text: str) -> None:
    assert CONTACT.review(said(text)) is ACCEPT


def test_moderators_are_asked_about_contact_details_in_messages() -> None:
    assert decision(CONTACT, "www.example.org", moderates=True) == "nudge"
    assert decision(CONTACT, "www.example.org", Kind.REASON, moderates=True) == "reject"


# ---- repeated ------------------------------------------------------------------------------------------------------------


def before(*texts: str) -> tuple[Recent, ...]:
    return tuple(Recent(text, TODAY) for text in texts)


@pytest.mark.parametrize(
    ("text", "times", "expected"), [(LONG, 1, "accept"), (LONG, 2, "nudge"), ("Hi!", 4, "accept"), ("Hi!", 5, "nudge")]
)
def test_equal_words_are_nudged_greetings_later_than_sentences(text: str, times: int, expected: str) -> None:
    assert len("Hi!") <= SHORT_CODE_POINTS < len(LONG)
    recent = before("something else", *[text.upper().replace(" ", " \n ")] * times)
    assert decision(Repeated(), text, recent=recent) == expected


FLOODS = ["a" * 400, "x " * 30, "buy now " * 12, "no\n" * 25, "so" + "\n" * 15 + "far", "😀" * 250]
NO_FLOODS = ["ha" * 40, "no no no no, not that", "a" * 150, "one\n\n\ntwo", " ".join(map(str, range(300))), "thank you " * 2]


@pytest.mark.parametrize(
    ("text", "expected"), [*((text, "nudge") for text in FLOODS), *((text, "accept") for text in NO_FLOODS)]
)
def test_a_text_that_says_one_thing_over_and_over_is_nudged(text: str, expected: str) -> None:
    assert decision(Repeated(), text) == expected


@given(st.integers(0, 150), st.text("ab", max_size=5))
def test_a_run_is_found_wherever_it_stands(shift: int, end: str) -> None:
    assert decision(Repeated(), "".join(itertools.islice(itertools.cycle("xyz"), shift)) + "a" * 200 + end) == "nudge"


# ---- walls ---------------------------------------------------------------------------------------------------------------

CAPITALS = [
    "THIS IS ALL IN CAPITALS AND VERY LOUD",
    "ESTO ESTÁ TODO EN MAYÚSCULAS, ÑANDÚ, ASÍ",
    "ЭТО ВСЁ ЗАГЛАВНЫМИ БУКВАМИ НАПИСАНО ТУТ",
]
NO_CAPITALS = [
    "GOOD MORNING",
    "NA AND AA, I went to both of them today",
    "123 456 789 000 111 222 333 444 555 666",
    "这是一个没有大小写的句子" * 4,
]


@pytest.mark.parametrize(("text", "expected"), [*((t, "nudge") for t in CAPITALS), *((t, "accept") for t in NO_CAPITALS)])
def test_a_wall_of_capitals_is_nudged(text: str, expected: str) -> None:
    assert decision(Walls(), text) == expected


MARKS = [
    "h\u0316\u0317\u0318\u0319ello",
    "".join(f"{letter}\u0317\u0315\u0318" for letter in "hello again"),
    "x\u20dd\u20de\u20df\u20e0",
]
NO_MARKS = ["Tiếng Việt rất đẹp", unicodedata.normalize("NFD", "Tiếng Việt"), "ป่าไม้ที่นี่", "שָׁלוֹם עֲלֵיכֶם", "हिन्दी में", "مُحَمَّدٌ", "é̱"]


@pytest.mark.parametrize(("text", "expected"), [*((t, "reject") for t in MARKS), *((t, "accept") for t in NO_MARKS)])
def test_piles_of_marks_are_rejected_and_scripts_that_need_marks_are_not(text: str, expected: str) -> None:
    assert decision(Walls(), unicodedata.normalize("NFC", text)) == expected


# ---- words ---------------------------------------------------------------------------------------------------------------


def test_the_severest_of_all_words_that_are_found_decides() -> None:
    operators = WordList((Word("two", WordKind.LITERAL, WordVerdict.HOLD),))
    rooms = (Word("o.e", WordKind.RE2, WordVerdict.NUDGE), Word("th.ee", WordKind.LITERAL, WordVerdict.REJECT))
    words = WordList(rooms, beside=operators)
    texts = {"nothing": "accept", "ONE": "nudge", "one Two": "hold", "two th.ee one": "reject", "three": "accept"}
    assert {text: decision(Words(), text, words=words) for text in texts} == texts
    assert decision(Words(), "two") == "accept"


def test_hostile_patterns_take_no_time() -> None:
    words = WordList(tuple(Word("(a+)+" * 10 + f"{i}", WordKind.RE2, WordVerdict.HOLD) for i in range(100)))
    assert decision(Words(), "a" * 10_000, words=words) == "accept"


# ---- our own lists -------------------------------------------------------------------------------------------------------

NOTATION = [
    ("want to go", ["I want to go", "WANT, to; go."], ["want to goat", "swant to go"]),
    ("[really] (want|need) it", ["want it", "really need it"], ["really it"]),
    ("take .. now", ["take now", "take it right now"], ["take it a bit later than now"]),
    ("# pills", ["20 pills", "2.5 pills"], ["some pills"]),
    ("suicid*", ["suicidal", "suicidé"], ["homicide"]),
    ("can't stop", ["can't stop", "can\u2019t stop", "cant stop"], ["can stop"]),
    ("adiós", ["adiós", "adios"], ["adiós1"]),
    ("{thing} here", ["this here", "that one here"], ["one here"]),
]


@pytest.mark.parametrize(("phrase", "found", "missed"), NOTATION)
def test_the_notation_of_the_lists(phrase: str, found: list[str], missed: list[str]) -> None:
    pattern = PatternSet([r"(?:^|[^\pL\pN])" + pattern_of(phrase, {"thing": ["this", "that one"]}) + r"(?:$|[^\pL\pN])"])
    assert [bool(pattern.found(text)) for text in found + missed] == [True] * len(found) + [False] * len(missed)


@given(st.text(max_size=300), st.sampled_from(Kind))
def test_any_text_has_a_verdict_and_risk_is_never_a_sanction(text: str, kind: Kind) -> None:
    for chosen in ALL:
        verdict = chosen.policy.review(said(text, kind))
        assert isinstance(verdict, Verdict)
        assert chosen.name != "risk" or verdict.decision is Decision.ACCEPT


# ---- finding policies ----------------------------------------------------------------------------------------------------


def test_each_built_in_is_found() -> None:
    assert [(chosen.name, chosen.holds) for chosen in choose(("risk:hold", "words:open", "contact"))] == [
        ("risk", True),
        ("words", False),
        ("contact", False),
    ]
    assert {chosen.policy.runs for chosen in ALL} == {Runs.INLINE}
    assert Settings().policies == BUILT_IN


def test_a_policy_that_is_not_installed_stops_the_start_with_one_sentence() -> None:
    with pytest.raises(
        SettingsError, match=r"^POLICIES names poetry, which is not installed; installed are: contact, .*words\.$"
    ):
        create_app(Settings(policies=("contact", "poetry")))
    with pytest.raises(SettingsError, match=r"^POLICIES names poetry"):
        problems(Settings(policies=("poetry",)))


def test_the_built_in_policies_need_no_entry_point_and_give_way_to_none(monkeypatch: pytest.MonkeyPatch) -> None:
    other = EntryPoint("risk", "chatroom.moderation.walls:Walls", ENTRY_POINTS)
    monkeypatch.setattr("chatroom.moderation.registry.entry_points", lambda group: [other])
    assert [type(chosen.policy).__name__.lower() for chosen in choose(BUILT_IN)] == list(BUILT_IN)
    assert choose(()) == ()


def install(folder: Path, monkeypatch: pytest.MonkeyPatch, entry: str, source: str) -> None:
    """A package with one policy, as pip would leave it."""
    module = entry.partition("=")[2].partition(":")[0].strip()
    (folder / f"{module}.py").write_text(source)
    about = folder / f"{module}-1.0.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {module}\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[{ENTRY_POINTS}]\n{entry}\n")
    monkeypatch.syspath_prepend(folder)


BROKEN = {
    "no_review": "class P:\n    kinds, runs = frozenset(), 'inline'\n",
    "no_kinds": "class P:\n    runs = 'inline'\n    def review(self, said): ...\n",
    "odd_runs": "class P:\n    kinds, runs = frozenset(), 'sometimes'\n    def review(self, said): ...\n",
    "odd_kinds": "class P:\n    kinds, runs = frozenset({'poem'}), 'inline'\n    def review(self, said): ...\n",
    "raising": "class P:\n    def __init__(self): raise ValueError\n",
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_policy_stops_the_start(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    install(tmp_path, monkeypatch, f"{name} = {name}_policy:P", BROKEN[name])
    with pytest.raises(PolicyNotLoaded, match=f"^The policy {name} "):
        choose((name,))


# ---- the worked example --------------------------------------------------------------------------------------------------


def block(language: str) -> str:
    """The first block of code in this language in the document's example."""
    example = DOCUMENT.partition("## Write a policy")[2]
    found = re.search(rf"```{language}\n(.*?)```", example, re.DOTALL)
    assert found
    return found[1]


@in_fake_time
async def test_the_worked_example_works_as_it_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    group, entry = block("toml").strip().splitlines()
    assert group == f'[project.entry-points."{ENTRY_POINTS}"]'
    install(tmp_path, monkeypatch, entry.replace('"', ""), block("python"))
    (example,) = choose(("betting:hold",))
    async with house(reviewing(example)) as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        said = {"I feel better": "done", "it was 7/2 at the races": "nudged", "call my bookie": "done"}
        for i, (text, expected) in enumerate(said.items()):
            answer = await bea.ask("post", origin_id=f"origin-{i}", text=text)
            assert answer.get("code", answer["is"]) == expected, text
        assert ada.texts == ["I feel better"]
        assert ada.events[-1] == "message_held"
        assert (await bea.ask("post", origin_id="origin-1", text="it was 7/2 at the races", anyway=True))["is"] == "done"
        assert ada.texts == ["I feel better", "it was 7/2 at the races"]


# ---- the operator's file -------------------------------------------------------------------------------------------------

GOOD_FILE = '[{"pattern": "casino", "kind": "literal", "verdict": "hold"}]'
WRONG_FILES = {
    "[": "WORDS_FILE is not a list of words: ",
    "{}": "WORDS_FILE is not a list of words: ",
    '[{"pattern": "x"}]': "WORDS_FILE is not a list of words: ",
    '[{"pattern": "x(", "kind": "re2", "verdict": "hold"}]': "WORDS_FILE does not fit: x(",
    '[{"pattern": "", "kind": "re2", "verdict": "hold"}]': "WORDS_FILE does not fit: ",
    f"[{', '.join([GOOD_FILE[1:-1]] * (WORDS_AT_MOST + 1))}]": "WORDS_FILE holds more than 1000 ",
}


def test_a_list_that_an_editor_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    path = tmp_path / "words.json"
    path.write_bytes(b"\xef\xbb\xbf" + GOOD_FILE.encode())
    assert len(read_words(str(path))) == 1


def test_a_list_in_another_encoding_is_told_to_be_saved_again(tmp_path: Path) -> None:
    path = tmp_path / "words.json"
    path.write_bytes(GOOD_FILE.encode("utf-16"))
    with pytest.raises(SettingsError, match=r"^WORDS_FILE is not saved as UTF-8: .* UTF-8\.$"):
        read_words(str(path))


def test_the_operators_list_is_read(tmp_path: Path) -> None:
    (tmp_path / "words.json").write_text(GOOD_FILE)
    assert read_words(str(tmp_path / "words.json")) == (Word("casino", WordKind.LITERAL, WordVerdict.HOLD),)
    assert read_words("") == ()
    with pytest.raises(SettingsError, match=r"^WORDS_FILE cannot be read: "):
        read_words(str(tmp_path / "nothing.json"))


@pytest.mark.parametrize("text", WRONG_FILES)
def test_an_operators_list_that_does_not_fit_stops_the_start(text: str, tmp_path: Path) -> None:
    (tmp_path / "words.json").write_text(text)
    with pytest.raises(SettingsError, match=f"^{re.escape(WRONG_FILES[text])}"):
        create_app(Settings(words_file=str(tmp_path / "words.json")))
