"""Refusals of a process, before anything is decided, that could be deleted without any other test failing."""

import msgspec
from fake_time import fake_time_loop, in_fake_time
from house import SharedMemory, generous, house, second_house

from chatroom.core.refusals import Close
from chatroom.live.opening import OpenRoom


@in_fake_time
async def test_who_stands_at_the_door_cannot_leave() -> None:
    async with house() as inn:
        guest = await inn.door()
        assert (await guest.ask("leave"))["code"] == "not_joined"
        assert not guest.closed


@in_fake_time
async def test_nobody_knocks_twice_on_one_connection() -> None:
    async with house() as inn:
        mo = await inn.join("Mo", "moderator")
        await mo.ask("set_door", door="knock")
        guest = await inn.door()
        assert (await guest.ask("join", nickname="Bea", accept_rules=True))["is"] == "knocking"
        assert (await guest.ask("join", nickname="Cal", accept_rules=True))["code"] == "already_so"
        assert mo.events.count("knocked") == 1


@in_fake_time
async def test_a_full_process_takes_in_no_room_of_another() -> None:
    """Its people find a process that has it, or that has room."""
    full = msgspec.structs.replace(generous(), max_rooms=1)
    async with house(full, SharedMemory(clock=fake_time_loop().milliseconds)) as inn:
        other = await second_house(inn)
        await other.hub.open_room(OpenRoom(title="Wednesday"), other.new_address())
        guest = await other.door()
        last = guest.frames[-1]
        assert last.get("code") in ("server_busy", Close.SERVER_BUSY), last
        assert (await inn.door()).last("door")
        await other.hub.stop()
