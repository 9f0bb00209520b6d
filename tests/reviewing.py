"""People of whom every word is shown to policies, in a test's time."""

from fake_time import fake_time_loop
from house import Frame, Guest, House


def post(guest: Guest, text: str, origin_id: str = "", **fields: object) -> int:
    """Say something without waiting: the ref."""
    return guest.say("post", origin_id=origin_id or f"origin-{len(guest.frames)}-{guest._ref}", text=text, **fields)


async def answer_to(guest: Guest, text: str, origin_id: str = "", **fields: object) -> Frame:
    ref = post(guest, text, origin_id, **fields)
    await fake_time_loop().settle()
    return guest.answer(ref)


def is_waiting(guest: Guest, ref: int) -> bool:
    return all(frame.get("ref") != ref for frame in guest.frames)


async def two(inn: House) -> tuple[Guest, Guest]:
    return await inn.join("Ada", "host"), await inn.join("Bea")
