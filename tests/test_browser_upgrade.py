"""A page in a rolling upgrade: it stays in the room when the server that it came from is replaced by a newer one."""

from browser import BROKEN_NETWORK, Crowd, ask_for_a_room
from newer import NEWER
from playwright.async_api import expect
from relay import Network
from serving import HERE
from versions import Start, hug, looks_round


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
