"""An attacker before a real Chromium: markup in every field, pages of other sites, and what our own scripts never do."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import pytest_asyncio
from browser import Crowd, Person, ask_for_a_room
from desk_screen import at_case, at_desk, opens
from playwright.async_api import expect
from safety_people import Desk, at_the_desk, words
from serving import Running, serving
from support_people import in_sheet, is_whole, sheet
from talking import new_origin

STATIC = Path(__file__).parent.parent / "static"
EVIL = "evil.example"
SINKS = re.compile(
    r"innerHTML|outerHTML|insertAdjacentHTML|setHTML|parseHTML|document\.write|DOMParser|createContextualFragment|srcdoc"
    r"|\beval\(|new Function|setTimeout\(\s*[\"'`]|setAttribute\(\s*[\"'`]on|javascript:"
)
WHAT_CAME_OF_IT = """() => {
    const attributes = [...document.querySelectorAll('*')].flatMap((node) => [...node.attributes]);
    const leads = /^(href|src|srcset|action|formaction|style)$/;
    return {
        planted: document.querySelectorAll('.planted, body script, iframe, object, embed, base').length,
        hurt: typeof hurt,
        handlers: attributes.filter(({ name }) => /^on/i.test(name)).length,
        elsewhere: attributes.filter(({ name, value }) => leads.test(name) && /evil|javascript:|data:|url/i.test(value)).length,
    };
}"""
NOTHING = {"planted": 0, "hurt": "undefined", "handlers": 0, "elsewhere": 0}
LINKS = f"javascript:hurt=1 https://{EVIL}/link [a](javascript:hurt=1) &lt;b&gt;"
NAME = "<b class=planted>Zed</b>"


def planted(field: str) -> str:
    """Markup that would ask another server, run a script, and be found in the page; it names the field it came in by."""
    return f"<img class=planted src=//{EVIL}/{field} onerror=hurt=1>\"'"


SCRIPT = [
    {"title": planted("before")},
    {"title": planted("phase"), "text": planted("reading"), "cue": planted("cue"), "kind": "milestones", "crosstalk": "open"},
]
EVERYWHERE = {
    "title": planted("title"),
    "welcome": planted("welcome"),
    "rules": [planted("rule")],
    "appeal": planted("appeal"),
    "script": SCRIPT,
}


@pytest_asyncio.fixture(scope="module")
async def server() -> AsyncIterator[Running]:
    settings = {"ROOMS_PER_SOURCE_PER_HOUR": "1000", "POLICIES": "words", "POSTS_PER_PERSON_PER_SECOND": "1000"}
    async with serving(settings) as (server,):
        yield server


def test_no_script_or_template_of_ours_makes_markup_or_code_of_text() -> None:
    files = [*STATIC.rglob("*.js"), *(STATIC.parent / "templates").rglob("*.html")]
    assert len(files) > 40
    assert [(file.name, found[0]) for file in files if (found := SINKS.search(file.read_text()))] == []


async def shows(person: Person, *fields: str) -> None:
    """What was planted in these fields stands before this person as it was typed, and nothing came of it."""
    for field in fields:
        await expect(person.page.get_by_text(f"{EVIL}/{field} ").filter(visible=True).first).to_be_visible()
    await is_unharmed(person)


async def is_unharmed(person: Person) -> None:
    assert await person.page.evaluate(WHAT_CAME_OF_IT) == NOTHING


async def test_markup_in_any_field_is_only_text(crowd: Crowd, server: Running) -> None:
    links = await ask_for_a_room(server.url, **EVERYWHERE)
    host, bo, cal = await crowd.someone(), await crowd.someone(), await crowd.someone()
    await bo.comes_to_the_door(links.participant)
    await shows(bo, "title", "welcome", "rule")
    await host.comes_in(links.host, "Quiet Heron")
    await bo.comes_in(name="Bo")
    await cal.comes_in(links.participant, "Cal")
    for person in (host, bo, cal):
        await is_whole(person)
    async with at_the_desk(server, links.host, "Hal") as hal, at_the_desk(server, links.participant, NAME) as zed:
        await what_everyone_sees(host, bo, hal, zed)
        await what_moderators_see(host, hal, zed)
        await what_one_person_sees(bo, cal, hal, zed)


async def what_everyone_sees(host: Person, bo: Person, hal: Desk, zed: Desk) -> None:
    message = (await zed.does("post", origin_id=new_origin(), text=planted("message")))["id"]
    await zed.does("post", origin_id=new_origin(), text=LINKS)
    await hal.does("go_to_phase", phase=1)
    await zed.does("take_chip", origin_id=new_origin(), chip="own", words=planted("chip"))
    await hal.does("set_topic", topic=planted("topic"))
    await hal.does("open_poll", question=planted("question"), options=[planted("option"), "no"], kind="single")
    for person in (host, bo):
        await shows(person, "message", "phase", "reading", "chip", "topic", "question")
        await expect(person.person(NAME)).to_be_visible()
    await bo.presses("Vote in the poll")
    await shows(bo, "option")
    await in_sheet(bo, "Close")
    await hal.does("note_content", message=message, topic="other")
    await hal.does("redact", message=message, reason=planted("redacted"))
    await bo.reads("A moderator took this message away.")
    for person in (host, bo):
        await is_unharmed(person)


async def what_moderators_see(host: Person, hal: Desk, zed: Desk) -> None:
    await shows(host, "cue")
    await hal.does("set_words", words=words(**{"hold": "hold", planted("word"): "nudge"}))
    said = (await zed.does("post", origin_id=new_origin(), text=planted("reported")))["id"]
    await zed.does("post", origin_id=new_origin(), text="hold " + planted("held"))
    await at_case(host, NAME, "Open")
    await shows(host, "held")
    await at_case(host, NAME, "Let it through")
    await hal.does("report", message=said, reason="other", words=planted("told"))
    await hal.does("write_note", participant=await hal.id_of(NAME), text=planted("note"))
    await at_case(host, NAME, "Open")
    await shows(host, "reported", "told", "note")
    await at_case(host, NAME, "Nothing needed")
    await zed.does("ask_support")
    await zed.does("say_privately", origin_id=new_origin(), text=planted("line"))
    await at_case(host, NAME, "Answer, 1 new")
    await shows(host, "line")
    await in_sheet(host, "Close")
    await hal.does("say_to_team", origin_id=new_origin(), text=planted("team"))
    await at_desk(host, "Moderators, 1 new")
    await shows(host, "team")
    await in_sheet(host, "Close")
    await opens(host, "Pace")
    await at_desk(host, "The list of words")
    assert planted("word") in [await field.input_value() for field in await sheet(host).get_by_label("Word or pattern").all()]
    await is_unharmed(host)
    await in_sheet(host, "Close")


async def what_one_person_sees(bo: Person, cal: Person, hal: Desk, zed: Desk) -> None:
    await hal.does("set_direct", on=True)
    await zed.does("ask_direct", participant=await hal.id_of("Bo"))
    await bo.presses(f"{NAME} asks to write to you")
    await in_sheet(bo, "Yes, we can write")
    await zed.does("say_direct", participant=await hal.id_of("Bo"), origin_id=new_origin(), text=planted("direct"))
    await shows(bo, "direct")
    await in_sheet(bo, "Close")
    await hal.does("mute", participant=await hal.id_of("Bo"), minutes=5, reason=planted("mute"))
    await shows(bo, "mute")
    await hal.does("send_back", participant=await hal.id_of("Bo"), reason=planted("back"))
    await shows(bo, "back")
    await hal.does("remove", participant=await hal.id_of("Cal"), reason=planted("removed"))
    await shows(cal, "removed", "appeal")


# ---- pages of other sites ------------------------------------------------------------------------------------------------

FRAMING = '<!doctype html><title>a game</title><iframe src="{url}/r" title="a prize"></iframe><iframe src="{url}/"></iframe>'
ASKING = """async (url) => {
    const socket = new WebSocket(url.replace("http", "ws") + "/ws");
    const heard = await new Promise((tell) => {
        socket.onopen = () => tell("open");
        socket.onerror = () => tell("refused");
    });
    const body = JSON.stringify({ title: "taken over" });
    const posts = [];
    for (const options of [{ mode: "no-cors" }, { mode: "cors", headers: { "Content-Type": "application/json" } }]) {
        const asked = fetch(`${url}/api/rooms`, { method: "POST", body, ...options });
        posts.push(await asked.then((answer) => answer.type, () => "blocked"));
    }
    const read = await fetch(`${url}/r`).then(() => "read", () => "blocked");
    return { heard, posts, read };
}"""


@asynccontextmanager
async def another_site(page: str) -> AsyncIterator[str]:
    """A site on loopback, under another origin, with this one page."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers everything with the page; a browser also opens connections over which it asks nothing."""
        head = f"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {len(page)}\r\nConnection: close\r\n\r\n"
        with suppress(OSError, asyncio.IncompleteReadError):
            await reader.readuntil(b"\r\n\r\n")
            writer.write((head + page).encode())
            await writer.drain()
        writer.close()

    async with await asyncio.start_server(serve, "127.0.0.1", 0) as site:
        yield f"http://127.0.0.1:{site.sockets[0].getsockname()[1]}"


async def test_a_page_of_another_site_can_neither_frame_nor_use_nor_read_this_one(crowd: Crowd, server: Running) -> None:
    async with another_site(FRAMING.format(url=server.url)) as url:
        visitor = await crowd.someone()
        visitor.pardon(re.escape(server.url.partition("//")[2]))
        visitor.pardon("frame-ancestors|X-Frame-Options|CORS|ERR_FAILED|NotSameOrigin|chrome-error|favicon")
        await visitor.goes_to(url)
        framed = [frame for frame in visitor.page.frames if frame.parent_frame]
        assert len(framed) == 2
        for frame in framed:
            await frame.wait_for_url(re.compile("^chrome-error:"))
        answers = await visitor.page.evaluate(ASKING, server.url)
        assert answers == {"heard": "refused", "posts": ["blocked", "blocked"], "read": "blocked"}
