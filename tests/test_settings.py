"""Settings: what is read from the environment, what is refused and in which words, and the table in the documents."""

import ipaddress
from dataclasses import fields
from pathlib import Path

import pytest

from chatroom.web.kinds import NETWORKS
from chatroom.web.settings import TABLE, Settings, SettingsError, settings_table

HASH = f"$argon2id$v=19$m=19456,t=2,p=1${'c29t' * 5}AA${'aGFz' * 10}AAA"
OPERATIONS = (Path(__file__).parent.parent / "docs" / "operations.md").read_text()


def test_nothing_set_gives_the_defaults() -> None:
    assert Settings.from_environment({}) == Settings()
    assert Settings.from_environment({"PORT": "", "UNRELATED": "x"}) == Settings()


GOOD = [
    ("HOST", "::1", "::1"),
    ("HOST", "chat.example.org", "chat.example.org"),
    ("PORT", " 65535 ", 65535),
    ("BASE_URL", "https://example.org/chat/", "https://example.org/chat/"),
    ("REDIS_URL", "rediss://user:secret@redis.example:6380/1", "rediss://user:secret@redis.example:6380/1"),
    ("REDIS_URL", "unix:///run/redis.sock", "unix:///run/redis.sock"),
    ("TRUSTED_PROXIES", "10.0.0.0/8, ::1,unix", (ipaddress.ip_network("10.0.0.0/8"), ipaddress.ip_network("::1"), "unix")),
    ("ALLOWED_ORIGINS", "https://Example.org:443, http://a.example:8080/", ("https://example.org", "http://a.example:8080")),
    ("OPENING", "nobody", "nobody"),
    ("OPENING", HASH, HASH),
    ("MAX_ROOMS", "1", 1),
    ("POSTS_PER_PERSON_PER_SECOND", "0.5", 0.5),
    ("LOG_LEVEL", "WARNING", "warning"),
]


@pytest.mark.parametrize(("name", "text", "value"), GOOD)
def test_a_good_value_is_read(name: str, text: str, value: object) -> None:
    assert getattr(Settings.from_environment({name: text}), name.lower()) == value


BAD = [
    ("HOST", "a b", "HOST must be an IP address or a host name, not 'a b'."),
    ("HOST", "300.1.1.1", "HOST must be an IP address or a host name, not '300.1.1.1'."),
    ("PORT", "abc", "PORT must be a whole number from 1 to 65535, not 'abc'."),
    ("PORT", "0", "PORT must be a whole number from 1 to 65535, not '0'."),
    ("PORT", "8000.5", "PORT must be a whole number from 1 to 65535, not '8000.5'."),
    ("PORT", "٨٠", "PORT must be a whole number from 1 to 65535, not '٨٠'."),
    ("MAX_ROOMS", "9" * 5000, f"MAX_ROOMS must be a whole number from 1 to 1000000, not '{'9' * 100}'."),
    ("BASE_URL", "example.org", "BASE_URL must be an address such as https://example.org/, not 'example.org'."),
    (
        "LEAVE_URL",
        "javascript:alert(1)",
        "LEAVE_URL must be an address such as https://example.org/, not 'javascript:alert(1)'.",
    ),
    (
        "REDIS_URL",
        "http://:secret@h",
        "REDIS_URL must be an address such as redis://example.org:6379/0, rediss://example.org/0 or unix:///run/redis.sock.",
    ),
    (
        "REDIS_URL",
        "redis://h:port",
        "REDIS_URL must be an address such as redis://example.org:6379/0, rediss://example.org/0 or unix:///run/redis.sock.",
    ),
    (
        "REDIS_URL",
        "redis://h?timeout=5",
        "REDIS_URL must be an address such as redis://example.org:6379/0, rediss://example.org/0 or unix:///run/redis.sock.",
    ),
    (
        "REDIS_URL",
        "redis://h/rooms",
        "REDIS_URL must be an address such as redis://example.org:6379/0, rediss://example.org/0 or unix:///run/redis.sock.",
    ),
    (
        "REDIS_URL",
        "unix://",
        "REDIS_URL must be an address such as redis://example.org:6379/0, rediss://example.org/0 or unix:///run/redis.sock.",
    ),
    ("TRUSTED_PROXIES", "10.0.0.1/8", f"TRUSTED_PROXIES must be {NETWORKS.words}, not '10.0.0.1/8'."),
    ("ALLOWED_ORIGINS", "*", "ALLOWED_ORIGINS must be origins such as https://example.org, with commas between them, not '*'."),
    ("OPENING", HASH[:-1], "OPENING must be anyone, nobody, or a hash made by `chatroom hash-passphrase`."),
    ("OPENING", "open sesame", "OPENING must be anyone, nobody, or a hash made by `chatroom hash-passphrase`."),
    ("POSTS_PER_ROOM_PER_SECOND", "nan", "POSTS_PER_ROOM_PER_SECOND must be a number from 1 to 10000, not 'nan'."),
    ("LOG_LEVEL", "loud", "LOG_LEVEL must be debug, info, warning or error, not 'loud'."),
]


@pytest.mark.parametrize(("name", "text", "sentence"), BAD)
def test_a_wrong_value_is_one_sentence_that_names_the_setting(name: str, text: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({name: text})
    assert str(raised.value) == sentence


@pytest.mark.parametrize(
    ("host", "opening", "policy"),
    [
        ("127.0.0.1", "", "anyone"),
        ("localhost", "", "anyone"),
        ("::1", "", "anyone"),
        ("0.0.0.0", "", "nobody"),
        ("::", "", "nobody"),
        ("chat.example", "", "nobody"),
        ("0.0.0.0", "anyone", "anyone"),
        ("127.0.0.1", "nobody", "nobody"),
        ("0.0.0.0", HASH, HASH),
    ],
)
def test_who_may_open_rooms(host: str, opening: str, policy: str) -> None:
    assert Settings(host=host, opening=opening).opening_policy == policy


def test_origins_are_those_allowed_and_that_of_the_public_address() -> None:
    settings = Settings(base_url="https://Example.org:443/chat", allowed_origins=("https://a.example",))
    assert settings.origins == {"https://example.org", "https://a.example"}
    assert Settings().origins == frozenset()


def test_every_field_stands_in_the_table() -> None:
    assert list(TABLE) == [field.name for field in fields(Settings)]
    assert all(f"| `{name.upper()}` |" in settings_table() for name in TABLE)


def test_the_table_stands_in_the_documents() -> None:
    documented = OPERATIONS.split("<!-- settings -->\n")[1].split("<!-- end of settings -->")[0]
    assert documented == settings_table()
