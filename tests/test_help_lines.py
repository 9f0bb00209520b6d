"""Help lines: the product's list, the operator's own in its place, what pages are given, and what the operator is told."""

import json
import re
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx2
import msgspec
import pytest
from serving import serving, serving_here
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from test_cli import chatroom

from chatroom.web.check import reminders
from chatroom.web.helplines import OLD_DAYS, Country, Line, for_browsers, old_lines, read_help_lines
from chatroom.web.schema import help_lines_schema
from chatroom.web.settings import Settings, SettingsError

DOCUMENT = Path(__file__).parent.parent / "docs" / "help-lines.md"
OWN = read_help_lines("")
LINES = [(country, line) for country in OWN for line in country.lines]
ENGLISH_AND_SPANISH = set(re.findall("..", "AUCAGBIEINNZPHSGUSZAARCLCOCRECESMXPEUY"))
OTHERS = set(re.findall("..", "ATBEBRCHCZDEFIFRGRHUITJPKRNLNOPLPTSE"))
A_LINE: dict[str, Any] = {
    "kind": "crisis",
    "name": "Our Line",
    "number": "555 0100",
    "source": "https://example.org/",
    "checked": "2026-11-22",
}
A_COUNTRY: dict[str, Any] = {"country": "NZ", "name": "New Zealand", "lines": [A_LINE]}


def table() -> str:
    """The list as docs/help-lines.md shows it."""
    rows = [
        f"| {country.name} | {line.name} | {line.kind} | {reached(line)} | {line.hours} | <{line.source}> | {line.checked} |"
        for country, line in LINES
    ]
    head = "| country | line | kind | number | hours | source | checked |"
    return "\n".join([head, "|---|---|---|---|---|---|---|", *rows]) + "\n"


def reached(line: Line) -> str:
    return ", ".join(filter(None, [line.number, line.text and f"text {line.text}", line.address, line.note]))


# ---- the product's list -----------------------------------------------------------------------------------------------


def test_the_list_covers_the_countries_it_promises() -> None:
    codes = [country.country for country in OWN]
    assert {*ENGLISH_AND_SPANISH, *OTHERS} <= set(codes)
    assert codes[-1] == ""
    assert [country.name for country in OWN[:-1]] == sorted(country.name for country in OWN[:-1])


@pytest.mark.parametrize("country", OWN, ids=lambda country: country.country or "others")
def test_every_country_has_an_emergency_number_first_and_someone_to_talk_to(country: Country) -> None:
    assert country.lines[0].kind == "emergency"
    assert country.lines[0].number
    assert "crisis" in {line.kind for line in country.lines}


def test_no_line_stands_twice_and_no_zone_belongs_to_two_countries() -> None:
    lines = Counter((country.country, line.number or line.text or line.address) for country, line in LINES)
    zones = Counter(zone for country in OWN for zone in country.zones)
    assert {found: count for found, count in (lines + zones).items() if count > 1} == {}
    assert all(country.zones for country in OWN if country.country)


def test_the_list_stands_in_the_documents() -> None:
    documented = DOCUMENT.read_text().split("<!-- help lines -->\n")[1].split("<!-- end of help lines -->")[0]
    assert documented == table()


# ---- the operator's own file ------------------------------------------------------------------------------------------


def written(folder: Path, content: object) -> str:
    path = folder / "lines.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content), "utf-8")
    return str(path)


def one(**changes: object) -> list[dict[str, Any]]:
    return [{**A_COUNTRY, "lines": [{**A_LINE, **changes}]}]


def test_a_file_that_an_editor_saved_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    assert read_help_lines(written(tmp_path, "\ufeff" + json.dumps([A_COUNTRY])))[0].country == "NZ"


def test_a_file_in_another_encoding_is_told_to_be_saved_again(tmp_path: Path) -> None:
    path = tmp_path / "lines.json"
    path.write_bytes(json.dumps(one(name="Línea"), ensure_ascii=False).encode("latin-1"))
    with pytest.raises(SettingsError, match=r"^HELPLINES_FILE is not saved as UTF-8: .* UTF-8\.$"):
        read_help_lines(str(path))


WRONG = [
    ("", "Input data was truncated"),
    ("[", "Input data was truncated"),
    ([], "Expected `array` of length >= 1"),
    ([{**A_COUNTRY, "lines": []}], "Expected `array` of length >= 1 - at `$[0].lines`"),
    ([A_COUNTRY, A_COUNTRY], "There is a second 'NZ' - at `$[1].country`"),
    ([{**A_COUNTRY, "country": "nz"}], "Expected `str` matching regex '^([A-Z]{2})?$' - at `$[0].country`"),
    (one(number="", text=""), "A line needs a number, a text or an address - at `$[0].lines[0]`"),
    (one(number="call us"), "Expected `str` matching regex '^([+*#]?[0-9][0-9 ()-]*)?$' - at `$[0].lines[0].number`"),
    (one(number="123\n45"), "Expected `str` matching regex '^([+*#]?[0-9][0-9 ()-]*)?$' - at `$[0].lines[0].number`"),
    (one(kind="friendly"), "Invalid enum value 'friendly' - at `$[0].lines[0].kind`"),
    (one(checked="yesterday"), "Invalid RFC3339 encoded date - at `$[0].lines[0].checked`"),
    (one(address="javascript:alert(1)"), "Expected `str` matching regex '^(https://[^ ]+)?$' - at `$[0].lines[0].address`"),
    (one(phone="555"), "Object contains unknown field `phone` - at `$[0].lines[0]`"),
]


@pytest.mark.parametrize(("content", "found"), WRONG, ids=lambda value: str(value)[:30])
def test_a_wrong_file_is_one_sentence_that_says_what_is_wrong_where(tmp_path: Path, content: object, found: str) -> None:
    with pytest.raises(SettingsError) as raised:
        read_help_lines(written(tmp_path, content))
    assert str(raised.value) == f"HELPLINES_FILE is wrong: {found}."


async def test_a_wrong_file_stops_the_start(tmp_path: Path) -> None:
    for command in ("serve", "check"):
        code, out, error = await chatroom(command, HELPLINES_FILE=str(tmp_path / "none.json"))
        assert (code, out, error) == (1, "", "HELPLINES_FILE cannot be read: No such file or directory.\n")


async def test_the_schema_is_that_of_the_file() -> None:
    code, out, error = await chatroom("schema", "helplines")
    assert (code, error, json.loads(out)) == (0, "", json.loads(json.dumps(help_lines_schema())))
    line, country = (json.loads(out)["$defs"][name] for name in ("Line", "Country"))
    assert set(line["properties"]) == set(Line.__struct_fields__)
    assert set(line["required"]) == {"kind", "name", "source", "checked"}
    assert set(country["properties"]) == set(Country.__struct_fields__)


# ---- what was not checked for a year ----------------------------------------------------------------------------------


def checked_on(day: date) -> tuple[Country, ...]:
    return msgspec.convert(one(checked=str(day)), tuple[Country, ...])


def test_a_line_is_old_when_nobody_checked_it_within_a_year() -> None:
    day = date(2026, 11, 22)
    assert old_lines(checked_on(day), day + timedelta(days=OLD_DAYS)) == []
    assert old_lines(checked_on(day), day + timedelta(days=OLD_DAYS + 1)) == [("NZ", "Our Line")]


def test_the_operator_is_reminded_of_old_lines_by_name(tmp_path: Path) -> None:
    settings = Settings(helplines_file=written(tmp_path, one(checked="2020-01-31")))
    assert reminders(settings, date(2020, 2, 1)) == []
    assert reminders(settings, date(2026, 1, 1)) == ["Nobody has checked these help lines within a year: Our Line (NZ)."]


async def test_old_lines_are_told_by_check_and_counted_at_the_start(tmp_path: Path) -> None:
    path = written(tmp_path, one(checked="2020-01-31"))
    told = "All is well.\nNobody has checked these help lines within a year: Our Line (NZ).\n"
    assert await chatroom("check", HELPLINES_FILE=path) == (0, told, "")
    async with serving({"HELPLINES_FILE": path}) as [server]:
        await server.stop()
    assert re.search(r"event=started version=\S+ old_help_lines=1\n", "".join(server.errors))


# ---- what pages are given ---------------------------------------------------------------------------------------------


def test_pages_get_no_sources_and_the_day_of_the_line_checked_longest_ago() -> None:
    lines = [{**A_LINE, "checked": day} for day in ("2026-03-01", "2026-02-01", "2026-04-01")]
    countries = msgspec.convert([{**A_COUNTRY, "lines": lines}], tuple[Country, ...])
    [given] = json.loads(for_browsers(countries))
    assert given["checked"] == "2026-02-01"
    assert given["lines"][0] == {"kind": "crisis", "name": "Our Line", "number": "555 0100"}


async def test_every_page_leads_to_the_list_and_the_list_may_be_kept_for_ever(tmp_path: Path) -> None:
    async with serving_here(Settings(helplines_file=written(tmp_path, [A_COUNTRY]))) as server:

        async def boom(request: Request) -> Response:
            raise RuntimeError

        app: Any = server.config.app
        app.router.routes.insert(0, Route("/a/boom", boom))
        async with httpx2.AsyncClient(base_url=server.url, trust_env=False) as client:
            for path in ("/", "/open", "/r", "/not/here", "/a/boom"):
                page = await client.get(path)
                address = re.findall(r'data-help="([^"]+)"', page.text)[0]
                found = await client.get(str(page.url.join(address)))
                assert [country["name"] for country in found.json()] == ["New Zealand"], path
                assert found.headers["cache-control"] == "max-age=31536000, immutable"
                assert found.headers["content-security-policy"] == page.headers["content-security-policy"]
            old = await client.get("/help/0123456789abcdef.json")
            assert (old.json(), old.headers["cache-control"]) == (found.json(), "no-store")
            assert (page.status_code, page.headers["cache-control"]) == (500, "no-store")


async def test_the_first_page_shows_the_lines_without_javascript(tmp_path: Path) -> None:
    lines = one(number="*555", text="555 01", address="https://example.org/help/", hours="Always", note="Ask for <Ann>")
    settings = Settings(helplines_file=written(tmp_path, lines))
    async with serving_here(settings) as server, httpx2.AsyncClient(base_url=server.url, trust_env=False) as client:
        page = (await client.get("/")).text
    for part in ('href="tel:*555"', 'href="sms:55501"', 'href="https://example.org/help/"', "Always. Ask for &lt;Ann&gt;"):
        assert part in page


# ---- the title of the tab ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "title"), [(Settings(), "Meeting"), (Settings(neutral_title="Notes & more"), "Notes &amp; more")]
)
async def test_the_tab_has_a_neutral_title_from_the_start(settings: Settings, title: str) -> None:
    async with serving_here(settings) as server, httpx2.AsyncClient(base_url=server.url, trust_env=False) as client:
        for path in ("/", "/open", "/r", "/not/here"):
            assert f"<title>{title}</title>" in (await client.get(path)).text


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("NEUTRAL_TITLE", "x" * 61, "one line of at most 60 characters"),
        ("NEUTRAL_TITLE", "a\nb", "one line of at most 60 characters"),
        ("HELPLINES_FILE", "lines.json", "a path from / on"),
    ],
)
def test_a_wrong_value_is_refused_in_words(name: str, text: str, words: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} must be {words}, not"):
        Settings.from_environment({name: text})


if __name__ == "__main__":
    before, after = (
        DOCUMENT.read_text().split("<!-- help lines -->\n")[0],
        DOCUMENT.read_text().split("<!-- end of help lines -->")[1],
    )
    DOCUMENT.write_text(f"{before}<!-- help lines -->\n{table()}<!-- end of help lines -->{after}")
