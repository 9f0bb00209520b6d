# ruff: noqa: RUF001 - names in many scripts, and characters that look like others, are what these tests are about
"""Which nicknames are allowed, which look alike, which are reserved, which are suggested."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from precis_i18n import get_profile

from chatroom.core.limits import NICKNAME_CODE_POINTS
from chatroom.core.nicknames import SUGGESTION_BYTES, BadNickname, prepare_nickname, skeleton, suggest_nicknames
from chatroom.core.reserved_names import ALONE, INSIDE, ROLES
from chatroom.core.words import NICKNAME_FIRST, NICKNAME_SECOND

CODES = {"name_empty", "name_too_long", "name_contact", "name_not_allowed", "name_reserved"}
ALL_SUGGESTIONS = [f"{first} {second}" for first in NICKNAME_FIRST for second in NICKNAME_SECOND]
ALL_SKELETONS = frozenset(map(skeleton, ALL_SUGGESTIONS))
RFC_8266 = get_profile("NicknameCaseMapped:ToLower")

any_text = st.text(st.characters(exclude_categories=()), max_size=40)
TRICKY = (
    "abhHostrRnmvwiIlL01357$!|._-' "
    "\t@/\u200c\u0d4d\u0d28\U0001fa77\U0001f469\U0001f4bb\u20e3\u3005\u0627\u0631\u0301\u0336\u200d\u202e\ufe0f\u0430\u03bf\u0456\u3042\u0e35\u2764"
)
tricky_text = st.text(st.sampled_from(TRICKY), max_size=40)


def code_of(text: str) -> str:
    with pytest.raises(BadNickname) as refused:
        prepare_nickname(text)
    assert str(refused.value) == refused.value.code
    return refused.value.code


def prepared_or_refused(text: str) -> str | BadNickname:
    try:
        return prepare_nickname(text)
    except BadNickname as refused:
        return refused


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Morning Fern", "Morning Fern"),
        ("  Morning \t", "Morning"),
        ("Morning    Fern", "Morning Fern"),
        ("Morning\u00a0Fern", "Morning Fern"),
        ("Morning\u3000Fern", "Morning Fern"),
        ("Ｍorning", "Morning"),
        ("𝓜orning", "Morning"),
        ("Zoe\u0308", "Zo\u00eb"),
        ("ﬁg", "fig"),
        ("Ann \u2764\ufe0f", "Ann \u2764"),
        ("José", "José"),
        ("Søren", "Søren"),
        ("O'Neil", "O'Neil"),
        ("Noʻa", "Noʻa"),
        ("Anne-Marie", "Anne-Marie"),
        ("J. R.", "J. R."),
        ("Nguyễn Thị", "Nguyễn Thị"),
        ("Владимир", "Владимир"),
        ("Елена Fern", "Елена Fern"),
        ("Ελένη", "Ελένη"),
        ("美咲", "美咲"),
        ("さくらさん", "さくらさん"),
        ("Aさん", "Aさん"),
        ("김민지", "김민지"),
        ("محمد", "محمد"),
        ("مُحَمَّد", "مُحَمَّد"),
        ("שרה", "שרה"),
        ("राम", "राम"),
        ("चीज़ें", "चीज़ें"),
        ("น้ำ", "น้ํา"),
        ("မြို့", "မြို့"),
        ("தமிழ்", "தமிழ்"),
        ("Fern 🌿", "Fern 🌿"),
        ("Sam 12", "Sam 12"),
        ("🌿🌿", "🌿🌿"),
        ("\U0001fa77", "\U0001fa77"),
        ("\U0001fa75", "\U0001fa75"),
        ("\U0001fae8", "\U0001fae8"),
        ("\U0001fae9", "\U0001fae9"),
        ("Sam \U0001fae9", "Sam \U0001fae9"),
        ("\U00031350", "\U00031350"),
        ("佐々木", "佐々木"),
        ("奈々", "奈々"),
        ("〆木", "〆木"),
        ("いすゞ", "いすゞ"),
        ("ミスヾ", "ミスヾ"),
        ("علی\u200cرضا", "علی\u200cرضا"),
        ("امیر\u200cعلی", "امیرعلی"),
        ("ප්\u200dරසන්න", "ප්\u200dරසන්න"),
        ("क्\u200dष", "क्\u200dष"),
        ("शक्\u200cति", "शक्\u200cति"),
        ("മോഹന്\u200d", "മോഹന്\u200d"),
        ("Sam 👩\u200d💻", "Sam 👩\u200d💻"),
        ("👩\u200d🌾 Ann", "👩\u200d🌾 Ann"),
        ("Sam 👩🏽\u200d💻", "Sam 👩🏽\u200d💻"),
        ("Sam \u2764\ufe0f\u200d🔥", "Sam \u2764\u200d🔥"),
        ("Ann 🏳\ufe0f\u200d🌈", "Ann 🏳\u200d🌈"),
        (
            "Ann \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
            "Ann \U0001f3f4\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
        ),
        ("Class of 1984", "Class of 1984"),
        ("x" * NICKNAME_CODE_POINTS, "x" * NICKNAME_CODE_POINTS),
        ("e\u0301" * NICKNAME_CODE_POINTS, "\u00e9" * NICKNAME_CODE_POINTS),
    ],
)
def test_names_that_are_allowed(typed: str, shown: str) -> None:
    assert prepare_nickname(typed) == shown


@pytest.mark.parametrize(
    "name",
    [
        "Ghost Heron", "Hosta", "Modest Fern", "Modern Fern", "Botany", "Robot", "Badminton", "Ali", "Al", "Eli",
        "Mel", "Hereford", "Help Me Grow", "Here Comes Ann", "Call Me Ann", "You and Me", "Helpful Fern",
        "Systematic", "Allison", "Chairlift", "Moderate Breeze", "Supportive Sam", "Melody", "Hostile Weather",
        "Ownership", "Usher", "Polly", "Lectern", "Nursery Rhyme", "Copper", "Readerly",
        "Good Mood", "Puss in Boots", "Otto", "Anna Lee", "Steamer",
    ],
)  # fmt: skip
def test_names_that_only_contain_a_reserved_word_are_allowed(name: str) -> None:
    assert prepare_nickname(name) == name


@pytest.mark.parametrize("text", ["", " ", "\t\n", "\u00a0\u3000", "\ufe0f", " \ufe0f "])
def test_empty_names(text: str) -> None:
    assert code_of(text) == "name_empty"


@pytest.mark.parametrize(
    "text",
    [
        "x" * (NICKNAME_CODE_POINTS + 1), "e\u0301" * (NICKNAME_CODE_POINTS + 1), "x" + " x" * 16, "\ufdfa" * 3,
        "a" + " " * 200 + "b", "\u200b" * 200, "x" * 1_000_000,
    ],
)  # fmt: skip
def test_names_that_are_too_long(text: str) -> None:
    assert code_of(text) == "name_too_long"


@pytest.mark.parametrize(
    "text",
    [
        "@ann", "Ann @ home", "ann@example.org", "ann＠example", "https://x", "sms://1", "www.ann", "Call 555-1234",
        "5551234", "12345", "Ann 1 2 3 4 5", "Ann １２３４５", "Ann ①②③④⑤", "Ann ❶❷❸❹❺", "Ann ٠١٢٣٤", "ann.com",
        "ann．com", "t.me/ann", "Ann.ORG",
    ],
)  # fmt: skip
def test_numbers_handles_and_links_are_no_names(text: str) -> None:
    assert code_of(text) == "name_contact"


@pytest.mark.parametrize(
    "text",
    [
        "An\u200bn", "An\u200cn", "An\u200dn", "An\u2060n", "An\ufeffn", "An\u00adn", "An\u034fn", "An\u180en",
        "An\u061cn", "\u200eAnn", "\u200fAnn", "\u202aAnn", "\u202bAnn\u202c", "nnA\u202e", "\u2066Ann\u2069",
        "An\u2063n", "An\u206an", "An\U000e0061n", "An\U000e0101n", "An\u115fn", "An\u1160n", "An\u3164n",
        "An\uffa0n", "An\u17b4n", "An\u2800n", "An\U0001d159n", "An\ufffcn", "An\ufffdn", "An\U00016fe4n", "An\0n",
        "An\x1b[31mn", "An\nn", "An\tn", "An\x7fn", "An\x85n", "An\u2028n", "An\u2029n", "An\ufff9n", "Ann \ud800",
        "An\ue000n", "An\uffffn", "An\U0010ffffn", "An\u0378n", "\u0301", "\u0301\u0302", "\u0301Ann", "Ann \u0301",
        "\u0915\u094d\u200d", "X\u0300\u0301\u0302", "A\u0316\u0317\u0318", "A\u0330\u0330", "ก\u0e47\u0e47\u0e47",
        "A\u0336n\u0336n\u0336", "A\u20e3", "A\u20dd", "🌿\u0301", "က\u102d\u102f\u1037\u103b\u103c",
        "\U0001f3f4\U000e0067\U000e0062\U000e007f Ann",
        "🌿\u200d🌿", "Sam 🌿\u200d🌿", "h\u200do\u200ds\u200dt", "ho\u200cst", "علی\u200c", "\u200cعلی", "Ann\u200d",
        "\U0001fa77\u200d", "\u200d\U0001fa77", "...", "-_-", "123", "🅰🅱", "ʼ", "½",
        "Μorning", "Fеrn", "аnn", "Annа", "Ꭺnn", "ꓮnn", "Ωmega", "Anո", "An\u0e35", "Aא",
    ],
)  # fmt: skip
def test_invisible_reordering_piled_up_and_mixed_characters_are_refused(text: str) -> None:
    assert code_of(text) == "name_not_allowed"


@pytest.mark.parametrize(
    "text",
    [
        "host", "Host", "HOST", "The Host", "Kind Host", "host!", "*host*", "[Host]", "Host-Ann", "host_ann",
        "Ann (host)", "Host's Friend", "h o s t", "Kind h o s t", "h.o.s.t", "h🙂o🙂s🙂t", "ho st", "KindHost",
        "TheHost", "thehost", "hOsT", "Kind hOsT", "Kind 5taff", "Host1", "host 2", "3host",
        "Kind Host7", "h0st", "ho5t", "ho$t", "hos7",
        "hóst", "h\u00f6st", "ｈｏｓｔ", "𝐡𝐨𝐬𝐭", "ⓗⓞⓢⓣ", "ʜᴏꜱᴛ", "ħøşŧ", "ᵯod", "ħꝋȿᵵ", "һоѕт", "ꓧꓳꓢꓔ", "Kind 🅗🅞🅢🅣",
        "Kind 🅷🅾🆂🆃",
        "Kind 🇭🇴🇸🇹", "moderator", "Moderators", "Our Moderator Ann", "supermoderator", "m0derat0r", "rnoderator",
        "mod", "Mod Ann", "m0d", "rnod", "mod3", "MODS", "admin", "Adm1n", "adm!n", "adm|n", "AdmIn", "admln",
        "4dmin", "Administrator", "administrat0r", "system", "$ystem", "Sy5tem", "system 🌿", "server", "serⅴer",
        "staff", "5taff", "operator", "owner", "ovvner", "0wner", "bot", "Chat Bot", "support", "Help Desk",
        "helpline", "co-host", "cohost", "Chair", "facilitator", "Anfitrión", "anfitriona", "moderador",
        "La Moderadora", "sistema", "dueño", "hôte", "modérateur", "Gastgeber", "everyone", "Everybody", "all", "ALL",
        "here", "help", "me", "You", "(you)", "deleted", "[deleted]", "removed", "anonymous", "ayuda",
        "Reader", "Kind Reader", "Greeter", "Timekeeper", "Time Keeper", "Helper", "Therapist", "Your Therapist", "Counsellor",
        "Counselor Ann", "Sponsor", "Crisis line", "Crisis-Line 24", "Police", "P0lice", "Doctor Ann", "Nurse", "Social Worker",
        "Lectora", "Terapeuta", "Consejera", "Padrino", "Madrina", "Policía", "Línea de crisis", "Psicóloga", "Ayudante",
        "ɥost", "Hosʇ", "ɥosʇ", "ɯoderator", "ʍoderator", "modeɹator", "ɹoʇɐɹǝpoɯ", "Hoost", "hhost", "Hosst", "Moderattor",
        "Kind Hoosst", "Official", "Group Leader", "The Team",
    ],
)  # fmt: skip
def test_names_that_pass_for_a_role_or_the_system_are_reserved(text: str) -> None:
    assert code_of(text) == "name_reserved"


@pytest.mark.parametrize("word", ROLES + INSIDE)
def test_every_role_is_refused_alone_and_beside_a_name(word: str) -> None:
    assert {code_of(word), code_of(f"{word.upper()} Ann"), code_of(f"Ann-{word.title()}")} == {"name_reserved"}


@pytest.mark.parametrize("word", sorted(ALONE))
def test_every_word_of_the_page_is_refused_only_alone(word: str) -> None:
    assert code_of(f"*{word.upper()}*") == "name_reserved"
    assert prepare_nickname(f"{word} Ann") == f"{word} Ann"


@pytest.mark.parametrize(
    "same",
    [
        "morning fern", "MORNING FERN", "MorningFern", "morning-fern", "Morning.Fern", "Morning_Fern",
        "Morning  Fern", " Morning Fern ", "Morning\u00a0Fern", "Morning Fern!", "\u00abMorning Fern\u00bb",
        "Morning 🌿 Fern", "Mórning Férn", "Mo\u0308rning Fern", "Ｍｏｒｎｉｎｇ Ｆｅｒｎ", "𝕸𝖔𝖗𝖓𝖎𝖓𝖌 𝕱𝖊𝖗𝖓",
        "ⓜⓞⓡⓝⓘⓝⓖ Fern", "🅼🅾🆁🅽🅸🅽🅶 Fern", "ᴍᴏʀɴɪɴɢ ꜰᴇʀɴ", "Μorning Fеrn", "Morning Fеrn", "Mоrning Fern",
        "m0rning-fern", "M0RN1NG F3RN", "Mornlng Fern", "MornIng Fern", "Morn|ng Fern", "Morn!ng Fern", "Momlng Fem",
        "Mo\u200brning Fern", "Mor\u202ening Fern", "Мorning Fern", "Mørning Fern", "Morniŋg Fern", "Mornıng Fern",
        "Ꮇorning Fern", "ꓟorning Fern", "Morninɡ Fern", "Morning Fɛrn", "M o r n i n g F e r n",
    ],
)  # fmt: skip
def test_names_that_look_like_morning_fern(same: str) -> None:
    assert skeleton(same) == skeleton("Morning Fern")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Morning Fern", "Evening Fern"), ("Ann", "Anna"), ("Ann", "Ann 2"), ("Sam 1", "Sam 2"), ("Иван", "Ирина"),
        ("राम", "रोम"), ("มา", "มี"), ("ハナ", "バナ"), ("美咲", "美空"), ("שרה", "שירה"), ("김민지", "김민주"),
        ("\U0001fa77", "\U0001fa75"), ("🌿", "🌻"), ("佐々木", "佐木"),
    ],
)  # fmt: skip
def test_names_that_do_not_look_alike(one: str, other: str) -> None:
    assert skeleton(one) != skeleton(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("lan", "Ian"), ("OIivia", "0livia"), ("vvren", "Wren"), ("rnaple", "Maple"), ("Straße", "STRASSE"),
        ("Νίκος", "ΝΙΚΟΣ"), ("АННА", "Анна"), ("ΑΝΝΑ", "Anna"), ("Æther", "aether"), ("Jose\u0301", "Jose"),
        ("O\u02bcNeil", "ONeil"), ("a\u0301!b", "a!b"), ("محمد", "مُحَمَّد"), ("Ⱥda", "Ada"),
        ("علی\u200cرضا", "علیرضا"), ("ප්\u200dරසන්න", "ප්රසන්න"), ("ᵬeɇ", "Bee"), ("Iɽȿȥ", "lrsz"),
        ("vivid heɹon", "Vivid Heron"), ("∧i∨id", "Vivid"),
        ("Sam 👩\u200d💻", "Sam"), ("Sam \U0001fa77", "sam"), ("Ann 1\ufe0f\u20e3", "Ann 1"), ("🌿 🌿", "🌿🌿"),
    ],
)  # fmt: skip
def test_names_that_look_alike(one: str, other: str) -> None:
    assert skeleton(one) == skeleton(other)


@given(any_text | tricky_text)
def test_preparing_refuses_by_code_or_is_done_in_one_step(text: str) -> None:
    result = prepared_or_refused(text)
    if isinstance(result, BadNickname):
        assert result.code in CODES
    else:
        assert prepare_nickname(result) == result
        assert 0 < len(result) <= NICKNAME_CODE_POINTS
        assert skeleton(result)


@given(any_text | tricky_text)
def test_a_skeleton_is_its_own_skeleton(text: str) -> None:
    assert skeleton(skeleton(text)) == skeleton(text)


@given(any_text | tricky_text)
def test_names_equal_by_rfc_8266_have_one_skeleton(text: str) -> None:
    try:
        compared = RFC_8266.enforce(text)
    except UnicodeEncodeError:
        return
    assert skeleton(compared) == skeleton(text)


def test_every_suggestion_is_allowed_as_it_stands() -> None:
    assert [name for name in ALL_SUGGESTIONS if prepare_nickname(name) != name] == []


def test_no_two_suggestions_look_alike() -> None:
    assert len(ALL_SKELETONS) == len(ALL_SUGGESTIONS) > 20_000


@given(st.integers(0, 50).flatmap(lambda count: st.binary(min_size=4 * count, max_size=4 * count)))
def test_suggestions_are_as_many_as_asked_for_different_and_repeatable(random_bytes: bytes) -> None:
    names = suggest_nicknames(random_bytes)
    assert len(set(names)) == len(names) == len(random_bytes) // SUGGESTION_BYTES
    assert set(names) <= set(ALL_SUGGESTIONS)
    assert suggest_nicknames(random_bytes) == names


@given(st.binary(min_size=32, max_size=32), st.integers(0, 7), st.binary(min_size=4, max_size=4))
def test_each_suggestion_is_drawn_by_itself(random_bytes: bytes, place: int, other: bytes) -> None:
    """From some of them nobody can tell what the others are, or would be if nobody had them."""
    start = place * SUGGESTION_BYTES
    changed = random_bytes[:start] + other + random_bytes[start + SUGGESTION_BYTES :]
    before, after = suggest_nicknames(random_bytes), suggest_nicknames(changed)
    assert before[:place] == after[:place]
    assert len(set(before[place + 1 :]) - set(after)) <= 1, "but for one that was drawn twice"


def test_every_suggestion_is_drawn_by_some_bytes() -> None:
    count = len(ALL_SUGGESTIONS)
    assert [suggest_nicknames(place.to_bytes(SUGGESTION_BYTES))[0] for place in range(count)] == ALL_SUGGESTIONS
    assert suggest_nicknames((count - 1).to_bytes(4) + (2 * count - 1).to_bytes(4)) == [ALL_SUGGESTIONS[-1], ALL_SUGGESTIONS[0]]


@pytest.mark.parametrize("count", [1, SUGGESTION_BYTES - 1, SUGGESTION_BYTES + 1])
def test_suggestions_need_their_random_bytes(count: int) -> None:
    with pytest.raises(ValueError, match="4 random bytes"):
        suggest_nicknames(bytes(count))


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126), min_size=1, max_size=40))
def test_a_name_in_ascii_is_shown_as_the_profile_has_it(text: str) -> None:
    try:
        name = prepare_nickname(text)
    except BadNickname:
        return
    assert name == get_profile("NicknameCasePreserved").enforce(text)
