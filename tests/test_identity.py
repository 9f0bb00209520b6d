"""Room words, secrets, links, keys, tokens, ids and address tags."""

import base64
import string

import pytest
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDFExpand
from hypothesis import example, given
from hypothesis import strategies as st

from chatroom.core.identity import (
    network_tag,
    new_secret,
    new_token,
    normalize_secret,
    parse_link,
    participant_id,
    room_key,
    subkey,
    token_hash,
    token_matches,
)
from chatroom.core.words import ROOM_WORDS

SECRET = "amber-banjo-canoe-dainty-eager-falcon"
TOKEN = new_token(bytes(range(16)))
KEY = bytes(range(32))

any_text = st.text(st.characters(exclude_categories=()))

UNKIND = """
abuse addict alcohol angel arm ass beat beer belly bet binge bingo bishop bitch bleed blow body bomb bottle brain brandy
breast bullet cannon casino cask chase chemist church cigar clean clinic cocaine coffee coke cop cork corpse crack crime
cross crystal cure cut dagger dead death demon detox devil dice die disease doctor dope drink drug drunk dry dust faith
fat fever fix gamble gang ghost gin god grass grave gun hang hash heaven hell hemp hero heroin heron high hit holy
hooker hospital hostage hunter hurt ill inject jail joint junkie kill knife lager lottery malt master meth minister
morgue mosque murder needle nun opium party patient pill pipe pistol poison poker police pope pot powder pray priest
prison pub puff rape relapse rifle rum rye sex shame shoot shot sick sin slave slut smoke snort snow sober speed spirit
spoon still stone suicide sword syringe tablet tavern temple toast tobacco tomb trip vape victim vine virus vodka vote
wager wake war weapon weed whiskey whisky wine
"""


def slips(word: str) -> set[str]:
    """Everything one typing slip away: a letter less, more, other, or swapped with its neighbour."""
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    letters = string.ascii_lowercase
    less = {left + right[1:] for left, right in cuts if right}
    more = {left + letter + right for left, right in cuts for letter in letters}
    other = {left + letter + right[1:] for left, right in cuts if right for letter in letters}
    swapped = {left + right[1] + right[0] + right[2:] for left, right in cuts if len(right) > 1}
    return (less | more | other | swapped) - {word}


def test_room_words_are_2048_short_plain_words() -> None:
    assert len(ROOM_WORDS) == 2048
    assert all(3 <= len(word) <= 7 for word in ROOM_WORDS)
    assert set("".join(ROOM_WORDS)) <= set(string.ascii_lowercase)


def test_room_words_differ_in_their_first_four_letters() -> None:
    assert len({word[:4] for word in ROOM_WORDS}) == 2048


def test_one_typing_slip_never_makes_another_room_word() -> None:
    words = set(ROOM_WORDS)
    assert [(word, slips(word) & words) for word in ROOM_WORDS if slips(word) & words] == []


def test_no_room_word_hurts_in_a_recovery_meeting() -> None:
    assert set(ROOM_WORDS) & set(UNKIND.split()) == set()


@given(st.binary(min_size=9, max_size=9))
def test_a_secret_is_its_own_normal_form_and_holds_66_bits(random_bytes: bytes) -> None:
    secret = new_secret(random_bytes)
    assert normalize_secret(secret) == secret
    number = 0
    for word in secret.split("-"):
        number = number * 2048 + ROOM_WORDS.index(word)
    assert number == int.from_bytes(random_bytes) >> 6


def test_secrets_at_the_ends_of_the_list() -> None:
    assert new_secret(bytes(9)) == "-".join([ROOM_WORDS[0]] * 6)
    assert new_secret(b"\xff" * 9) == "-".join([ROOM_WORDS[-1]] * 6)


@pytest.mark.parametrize(
    "typed",
    [
        SECRET,
        SECRET.upper(),
        SECRET.title(),
        SECRET.replace("-", " "),
        SECRET.replace("-", "."),
        SECRET.replace("-", ", "),
        SECRET.replace("-", " - "),
        SECRET.replace("-", "--"),
        SECRET.replace("-", "\N{EN DASH}"),
        SECRET.replace("-", "\N{NON-BREAKING HYPHEN}"),
        SECRET.replace("-", "\N{NO-BREAK SPACE}"),
        SECRET.replace("-", "_"),
        SECRET.replace("-", "\n"),
        f"  {SECRET}\r\n",
        f"\N{LEFT DOUBLE QUOTATION MARK}{SECRET}.\N{RIGHT DOUBLE QUOTATION MARK}",
        "1. amber 2. banjo 3. canoe 4. dainty 5. eager 6. falcon",
        "".join(chr(ord(c) + 0xFEE0) if c.isalpha() else c for c in SECRET),
    ],
)
def test_what_people_type_for_a_secret(typed: str) -> None:
    assert normalize_secret(typed) == SECRET


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "------",
        "amber-banjo-canoe-dainty-eager",
        SECRET + "-falcon",
        SECRET.replace("amber", "amberr"),
        SECRET.replace("amber", "amb\N{LATIN SMALL LETTER E WITH ACUTE}r"),
        SECRET.replace("amber", "\N{CYRILLIC SMALL LETTER A}mber"),
        SECRET.replace("-", ""),
        SECRET + "-\N{GREEK SMALL LETTER ALPHA}",
        "\ud800",
        "my room is " + SECRET,
    ],
)
def test_what_is_no_secret(typed: str) -> None:
    assert normalize_secret(typed) is None
    assert parse_link(typed) is None


@given(any_text)
def test_any_text_is_a_normal_secret_or_none(text: str) -> None:
    normal = normalize_secret(text)
    assert normal is None or normalize_secret(normal) == normal


@pytest.mark.parametrize(
    ("text", "token"),
    [
        (f"https://chat.example/r#{SECRET}", None),
        (f"https://chat.example/r#{SECRET}.{TOKEN}", TOKEN),
        (f"  http://127.0.0.1:8000/path/r#{SECRET}.{TOKEN}\n", TOKEN),
        (f"#{SECRET}.{TOKEN}", TOKEN),
        (f"{SECRET}.{TOKEN}", TOKEN),
        (f"{SECRET.upper()}.{TOKEN.upper()}", TOKEN),
        (f"#{SECRET}", None),
        (f"https://chat.example/r#{SECRET}.", None),
        (SECRET.replace("-", "."), None),
        (SECRET.replace("-", " ").title(), None),
    ],
)
def test_links(text: str, token: str | None) -> None:
    assert parse_link(text) == (SECRET, token)


@pytest.mark.parametrize(
    "text",
    [
        f"https://chat.example/r#{SECRET}.{TOKEN[:-1]}",
        f"https://chat.example/r#{SECRET}.{TOKEN}a",
        f"https://chat.example/r#{SECRET}.{TOKEN}.{TOKEN}",
        f"https://chat.example/r#{SECRET[:-1]}.{TOKEN}",
        f"https://chat.example/r#.{TOKEN}",
        f"https://chat.example/{SECRET}",
        "https://chat.example/r#",
        "https://chat.example/r",
        TOKEN,
        f".{TOKEN}",
    ],
)
def test_what_is_no_link(text: str) -> None:
    assert parse_link(text) is None


@given(st.binary(min_size=9, max_size=9), st.none() | st.binary(min_size=16, max_size=16).map(new_token))
def test_a_link_gives_back_what_was_put_in(random_bytes: bytes, token: str | None) -> None:
    secret = new_secret(random_bytes)
    fragment = secret if token is None else f"{secret}.{token}"
    assert parse_link(f"https://chat.example/r#{fragment}") == (secret, token)


def test_the_room_key_is_fixed_for_a_secret_and_other_for_another() -> None:
    assert room_key(SECRET).hex() == "75d96ef1527d05091a875b432b6c6951be4a3fe6c521e40ba966afbfa65c4b98"
    assert room_key(SECRET.replace("amber", "amble")) != room_key(SECRET)


@given(st.binary(min_size=32, max_size=32), st.binary())
def test_subkeys_are_hkdf_expand(key: bytes, purpose: bytes) -> None:
    assert subkey(key, purpose) == HKDFExpand(SHA256(), 32, purpose).derive(key)


@given(st.binary(min_size=16, max_size=16))
def test_tokens_are_base32_and_match_only_their_own_hash(random_bytes: bytes) -> None:
    token = new_token(random_bytes)
    assert len(token) == 26
    assert base64.b32decode(token.upper() + "======") == random_bytes
    assert token_matches(token, token_hash(token))
    assert not token_matches(token[:-1], token_hash(token))
    assert not token_matches(token + "a", token_hash(token))


@given(any_text, st.binary())
@example("\ud800", b"")
def test_any_text_may_be_tried_as_a_token(text: str, stored: bytes) -> None:
    assert token_matches(text, token_hash(text))
    assert not token_matches(text, stored)


def test_participant_ids_are_eight_letters() -> None:
    assert participant_id(bytes(5)) == "aaaaaaaa"
    assert participant_id(b"\xff" * 5) == "77777777"


@pytest.mark.parametrize(("make", "count"), [(new_secret, 9), (new_token, 16), (participant_id, 5)])
@pytest.mark.parametrize("off_by", [-1, 1])
def test_random_bytes_are_neither_missing_nor_wasted(make: type[str], count: int, off_by: int) -> None:
    with pytest.raises(ValueError, match=f"{count} random bytes"):
        make(bytes(count + off_by))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("192.0.2.7", "::ffff:192.0.2.7"),
        ("192.0.2.7", "::ffff:c000:207"),
        ("2001:db8:1:2::1", "2001:db8:1:2:ffff:ffff:ffff:ffff"),
        ("2001:db8:1:2::1", "2001:DB8:0001:0002::9"),
        ("fe80::1%eth0", "fe80::2"),
        ("", "unix:"),
        ("", "not an address"),
        ("", "192.0.2.256"),
    ],
)
def test_addresses_of_one_network(one: str, other: str) -> None:
    assert network_tag(KEY, one) == network_tag(KEY, other)
    assert len(network_tag(KEY, one)) == 16


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("192.0.2.7", "192.0.2.8"),
        ("192.0.2.7", "::192.0.2.7"),
        ("2001:db8:1:2::1", "2001:db8:1:3::1"),
        ("::ffff:192.0.2.7", "::ffff:192.0.2.8"),
        ("192.0.2.7", ""),
        ("::", ""),
    ],
)
def test_addresses_of_two_networks(one: str, other: str) -> None:
    assert network_tag(KEY, one) != network_tag(KEY, other)


def test_the_same_address_has_other_tags_in_other_rooms() -> None:
    assert network_tag(KEY, "192.0.2.7") != network_tag(bytes(32), "192.0.2.7")
