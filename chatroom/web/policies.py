"""What the settings say about policies: which, and the operator's own list of words, a JSON file in the form of `set_words`."""

from pathlib import Path

import msgspec

from chatroom.core.refusals import Refused
from chatroom.core.safety_events import Word
from chatroom.core.words_list import checked_words
from chatroom.moderation.registry import Chosen, PolicyNotLoaded, choose
from chatroom.web.settings import Settings, SettingsError
from chatroom.web.text_files import NotUtf8, read_utf8

WORDS_AT_MOST = 1_000
_decode = msgspec.json.Decoder(tuple[Word, ...]).decode


def chosen_policies(settings: Settings) -> tuple[Chosen, ...]:
    """The policies of POLICIES. Raises SettingsError with one sentence."""
    try:
        return choose(settings.policies)
    except PolicyNotLoaded as error:
        raise SettingsError(str(error)) from error


def read_words(path: str) -> tuple[Word, ...]:
    """The list in this file, none when `path` is empty. Raises SettingsError with one sentence."""
    if not path:
        return ()
    try:
        words = _decode(read_utf8(Path(path)))
        if len(words) > WORDS_AT_MOST:
            raise SettingsError(f"WORDS_FILE holds more than {WORDS_AT_MOST} words and patterns.")
        return checked_words(words)
    except OSError as error:
        raise SettingsError(f"WORDS_FILE cannot be read: {error.strerror}.") from None
    except NotUtf8 as error:
        raise SettingsError(f"WORDS_FILE {error}.") from None
    except msgspec.DecodeError as error:
        raise SettingsError(f"WORDS_FILE is not a list of words: {error}.") from None
    except Refused as refusal:
        raise SettingsError(f"WORDS_FILE does not fit: {refusal.detail}") from None
