"""The checks of layout see what is wrong and say it, and a given font is the one in use."""

import pytest
from accessible import CUT_OFF, SMALL_TARGETS, TARGET_PX, is_fine
from browser import Crowd, Person
from fonts import EM, FONTS, MIDDLE, Font, give, take_back
from meeting import plain

SIZE = "(id) => { const { width, height } = document.getElementById(id).getBoundingClientRect(); return [width, height]; }"
HEAD = '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>A page</title>'
TEXT = '<p style="font: 100px/normal serif"><span id="ten">0123456789</span></p>'


async def reads(crowd: Crowd, body: str) -> Person:
    person = await crowd.someone(is_phone=True)
    await person.page.set_content(f"{HEAD}<main><h1>A page</h1>{body}</main>")
    return person


@pytest.mark.parametrize("font", FONTS, ids=lambda font: font.name)
async def test_a_given_font_is_in_use_until_it_is_taken_back(crowd: Crowd, font: Font) -> None:
    page = (await reads(crowd, TEXT)).page
    before = await page.evaluate(SIZE, "ten")
    await give(page, font)
    width, height = await page.evaluate(SIZE, "ten")
    assert width == pytest.approx(10 * 100 * font.width * MIDDLE / EM, abs=1)
    assert height == pytest.approx(100 * (font.ascent + font.descent), abs=1)
    await take_back(page)
    assert await page.evaluate(SIZE, "ten") == before


async def test_a_target_that_is_too_small_is_named_with_its_size(crowd: Crowd) -> None:
    person = await reads(crowd, '<button style="width: 40px; height: 44px; padding: 0">Go</button>')
    (found,) = await person.page.evaluate(SMALL_TARGETS, TARGET_PX)
    assert found.startswith("<button")
    assert found.endswith(">Go</button> 40 x 44")
    with pytest.raises(AssertionError, match=r"a narrow font, 360 px, too small: <button.*Go</button> 40 x 44"):
        await is_fine(person)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ('<p style="width: 80px; border: 1px solid; white-space: nowrap">Come in now</p>', '"now" from'),
        ('<p style="width: 80px; overflow: hidden; white-space: nowrap">Come in now</p>', '"now" from'),
        ('<p style="width: 80px; height: 20px; line-height: 20px; overflow: hidden">Come in now, all</p>', '"all" from'),
        ('<p style="margin-left: 340px; white-space: nowrap">Come</p>', '"Come" from'),
        ('<button style="width: 50px; overflow-wrap: break-word">Understanding</button>', '"Understanding" is broken'),
    ],
)
async def test_words_that_are_cut_off_or_broken_are_named(crowd: Crowd, body: str, said: str) -> None:
    person = await reads(crowd, body)
    found = await person.page.evaluate(CUT_OFF)
    assert [one for one in found if one.startswith(said)], found


async def test_words_that_fit_are_not_named(crowd: Crowd) -> None:
    person = await reads(crowd, '<p style="border: 1px solid; padding: 4px">Come in now</p><button>Understanding</button>')
    assert await person.page.evaluate(CUT_OFF) == []


def test_a_bare_check_in_a_helper_says_what_it_found() -> None:
    with pytest.raises(AssertionError, match="isinstance"):
        plain(object())
