"""A page in a rolling upgrade: it stays in the room when the server that it came from is replaced by one of another version."""

from browser import BROKEN_NETWORK, Crowd, ask_for_a_room
from newer import NEWER
from playwright.async_api import Page, Route, expect
from relay import Network
from serving import HERE
from versions import Start, hug, looks_round

from chatroom.core.formats import PROTOCOL
from chatroom.core.refusals import REFUSALS

OF_THE_NEXT_VERSION = {
    "connection": (f"PROTOCOL = {PROTOCOL};", f"PROTOCOL = {PROTOCOL + 1};"),
    "outbox": ('do: "post",', 'do: "post", ...(text.includes("warmly") ? { mood: "warm" } : {}),'),
}
"""What it changes in scripts: it speaks a newer protocol, and can say something in a mood."""


async def load_next_version(page: Page) -> None:
    """Its pages, from whichever server."""

    async def change(route: Route) -> None:
        answer = await route.fetch()
        name = route.request.url.rpartition("/")[2].removesuffix(".js")
        old, new = OF_THE_NEXT_VERSION[name]
        script = await answer.text()
        assert script.count(old) == 1, name
        await route.fulfill(response=answer, body=script.replace(old, new))

    for name in OF_THE_NEXT_VERSION:
        await page.context.route(f"**/js/{name}.js", change)


async def test_a_page_of_the_older_version_stays_in_the_room_with_its_draft(
    start: Start, valkey_url: str, crowd: Crowd
) -> None:
    older, newer = await start(HERE), await start(NEWER)
    async with Network([newer.server.url, older.server.url]) as network:
        next(network._for_sockets)  # the first connection leads to the older one
        links = await ask_for_a_room(network.url, needs_moderator=False)
        ada = await crowd.someone()
        ada.pardon(BROKEN_NETWORK)
        await ada.comes_in(links.participant, "Ada")
        await ada.says("from the older")
        await ada.field.fill("half a thought")
        bea = await newer.hello(links.words)
        assert (await bea.ask("join", nickname="Bea", accept_rules=True))["is"] == "welcome"
        await older.server.stop()
        await expect(ada.banner).to_contain_text("This page has been updated.")
        await expect(ada.field).to_have_value("half a thought")
        await looks_round(valkey_url)
        assert (await hug(bea))["is"] == "done"
        await bea.post("from the newer")
        await ada.sees("from the older", "from the newer")
        await expect(ada.field).to_have_value("half a thought")
        await ada.says("half a thought, and the rest")
        await ada.sees("half a thought, and the rest")


async def test_a_page_of_the_newer_version_stays_in_the_room_and_keeps_what_the_older_does_not_know(
    start: Start, crowd: Crowd
) -> None:
    older, newer = await start(HERE), await start(NEWER)
    async with Network([newer.server.url, older.server.url]) as network:
        links = await ask_for_a_room(network.url, needs_moderator=False)
        ada = await crowd.someone()
        ada.pardon(BROKEN_NETWORK)
        await load_next_version(ada.page)
        await ada.comes_in(links.participant, "Ada")
        await ada.says("from the newer")
        await ada.field.fill("half a thought")
        bea = await older.hello(links.words)
        assert (await bea.ask("join", nickname="Bea", accept_rules=True))["is"] == "welcome"
        await newer.server.stop()
        await bea.post("from the older")
        await ada.sees("from the newer", "from the older")
        await expect(ada.field).to_have_value("half a thought")
        await ada.says("I mean it warmly")
        await ada.reads(REFUSALS["upgrade_unfinished"])
        await expect(ada.page.locator("#log .failed .text")).to_have_text("I mean it warmly")
        await expect(ada.button("Try again")).to_be_visible()
        await ada.says("all of a thought")
        await ada.sees("all of a thought")
        await expect(ada.banner).not_to_contain_text("This page has been updated.")
