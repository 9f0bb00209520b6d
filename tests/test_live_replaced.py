"""What a room in one process makes of a log that goes on under another epoch, or as another one."""

from fake_time import in_fake_time
from house import Guest, House, house

from chatroom.core.events import Dropped, Entry, MessagePosted, Muted, SessionOpened
from chatroom.core.refusals import Close
from chatroom.log.base import Opened


async def two(inn: House) -> tuple[Guest, Guest]:
    ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
    answer = await ada.ask("post", origin_id="origin-one", text="one")
    assert answer["is"] == "done", answer
    return ada, bea


@in_fake_time
async def test_everyone_learns_the_new_epoch_and_may_resume_from_the_old() -> None:
    async with house() as inn:
        ada, bea = await two(inn)
        position = bea.position
        bea.cut()
        inn.live_room().renamed("another")
        await ada.ask("post", origin_id="origin-two", text="two")
        assert ada.last("heartbeat")["position"][0] == ada.position[0] == "another"
        again = await inn.back(bea, position=position)
        assert again.last("welcome")["recovered"]
        assert again.texts == ["two"]
        assert again.position[0] == "another"


def joined(inn: House, *others: Entry) -> Opened:
    """The log of the house, in which others said something before the last entry."""
    entries = list(inn.live_room()._history.entries)
    last = entries.pop()
    moved = Entry(last.offset + len(others), last.at, last.nonce, last.event)
    return Opened("another", 0, b"", (*entries, *others, moved))


@in_fake_time
async def test_everyone_is_shown_the_room_anew_when_entries_moved() -> None:
    async with house() as inn:
        ada, bea = await two(inn)
        live = inn.live_room()
        head = live.room.offset
        inn.live_room().reopened(joined(inn, Entry(head, live.room.at, "nonce", MessagePosted(bea.me, "before", "b"))))
        await inn.loop.settle()
        for guest in (ada, bea):
            welcome = guest.last("welcome")
            assert not welcome["recovered"]
            assert welcome["position"][:2] == ["another", head + 1]
            assert [message["text"] for message in welcome["room"]["messages"]] == ["before", "one"]
        assert live.held().entries[-1].offset == head + 1  # type: ignore[union-attr]
        assert live.fold(b"", live.held().entries) == live.held().snapshot  # type: ignore[union-attr]


@in_fake_time
async def test_who_is_not_in_the_other_log_goes_and_who_was_muted_there_is() -> None:
    async with house() as inn:
        ada, bea = await two(inn)
        live = inn.live_room()
        entries = [entry for entry in live._history.entries if getattr(entry.event, "participant", "") != bea.me]
        head = entries[-1].offset
        muted = Entry(head + 1, live.room.at, "nonce", Muted(ada.me, 2**53, "mod", "reason"))
        live.reopened(Opened("another", 0, b"", (*entries, muted)))
        await inn.loop.settle()
        assert bea.closed == Close.LEFT
        assert ada.last("welcome")["room"]["me"]["mute_reason"] == "reason"


@in_fake_time
async def test_an_older_connection_that_stands_later_in_a_joined_log_does_not_take_over_the_newer_one() -> None:
    async with house() as inn:
        _, bea = await two(inn)
        again = await inn.back(bea, page=1, attempt=3)
        live = inn.live_room()
        late = Entry(live.room.offset + 1, live.room.at, "nonce", SessionOpened(bea.me, "older", "another", 1, 2))
        live.reopened(Opened("another", 0, b"", (*live._history.entries, late)))
        await inn.loop.settle()
        assert again.closed == 0
        assert again.last("welcome")["position"][0] == "another"


@in_fake_time
async def test_who_was_dropped_in_the_other_log_comes_back() -> None:
    async with house() as inn:
        _, bea = await two(inn)
        live = inn.live_room()
        dropped = Entry(live.room.offset + 1, live.room.at, "nonce", Dropped(bea.me))
        live.reopened(Opened("another", 0, b"", (*live._history.entries, dropped)))
        await inn.loop.settle()
        assert bea.closed == Close.UNAVAILABLE
        assert bea.last("closing")["retry_after_seconds"] > 0
