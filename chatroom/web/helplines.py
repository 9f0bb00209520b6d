"""Help lines: whom a person in need can call, by country. The product's own list, or the operator's file in its place."""

import datetime
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta

from chatroom.web.kinds import SettingsError
from chatroom.web.text_files import NotUtf8, read_utf8

OWN_LIST = Path(__file__).parent / "helplines.json"
OLD_DAYS = 365
Text = Annotated[str, Meta(max_length=100)]
Name = Annotated[str, Meta(min_length=1, max_length=100)]
Number = Annotated[str, Meta(pattern=r"^([+*#]?[0-9][0-9 ()-]*)?$", max_length=40)]


class Line(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One line: at least one of `number` to call, `text` for SMS, and `address` on the web."""

    kind: Literal["emergency", "crisis", "alcohol and drugs", "poison"]
    name: Name
    source: Annotated[str, Meta(pattern=r"^https?://[^ ]+$", max_length=500)]
    checked: datetime.date
    number: Number = ""
    text: Number = ""
    address: Annotated[str, Meta(pattern=r"^(https://[^ ]+)?$", max_length=500)] = ""
    hours: Text = ""
    languages: Text = ""
    note: Text = ""


class Country(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A country (ISO 3166-1 alpha-2; "" for all others), its IANA time zones, and its lines in the order they are shown."""

    country: Annotated[str, Meta(pattern=r"^([A-Z]{2})?$")]
    name: Name
    lines: Annotated[tuple[Line, ...], Meta(min_length=1)]
    zones: tuple[Name, ...] = ()


HelpLines = Annotated[tuple[Country, ...], Meta(min_length=1)]


def read_help_lines(path: str) -> tuple[Country, ...]:
    """The countries of the operator's file, or of the product's list when `path` is empty.

    Raises SettingsError with one sentence that says what is wrong, and where.
    """
    try:
        countries = msgspec.json.decode(read_utf8(Path(path or OWN_LIST)), type=HelpLines)
    except OSError as error:
        raise SettingsError(f"HELPLINES_FILE cannot be read: {error.strerror}.") from None
    except NotUtf8 as error:
        raise SettingsError(f"HELPLINES_FILE {error}.") from None
    except msgspec.DecodeError as error:
        raise SettingsError(f"HELPLINES_FILE is wrong: {error}.") from None
    for found in _wrong(countries):
        raise SettingsError(f"HELPLINES_FILE is wrong: {found}.")
    return countries


def _wrong(countries: Sequence[Country]) -> Iterable[str]:
    """What the types do not say, in the words of their errors."""
    known: set[str] = set()
    for at, country in enumerate(countries):
        if country.country in known:
            yield f"There is a second {country.country!r} - at `$[{at}].country`"
        known.add(country.country)
        for line_at, line in enumerate(country.lines):
            if not (line.number or line.text or line.address):
                yield f"A line needs a number, a text or an address - at `$[{at}].lines[{line_at}]`"


def old_lines(countries: Iterable[Country], today: datetime.date) -> list[tuple[str, str]]:
    """Country code and name of each line that nobody has checked within a year."""
    oldest = today - datetime.timedelta(days=OLD_DAYS)
    return [(country.country, line.name) for country in countries for line in country.lines if line.checked < oldest]


def for_browsers(countries: Iterable[Country]) -> bytes:
    """The list as pages fetch it: JSON without the sources, each country with the day its oldest line was checked."""
    return msgspec.json.encode([_for_browsers(country) for country in countries])


def _for_browsers(country: Country) -> dict[str, object]:
    lines = [
        {name: text for name, text in msgspec.to_builtins(line).items() if name not in ("source", "checked")}
        for line in country.lines
    ]
    return {
        "country": country.country,
        "name": country.name,
        "zones": country.zones,
        "checked": min(line.checked for line in country.lines),
        "lines": lines,
    }
