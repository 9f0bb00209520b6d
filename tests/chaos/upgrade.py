"""Rolling upgrades: each process is replaced as docs/operations.md says, while both versions serve one room."""

import asyncio
import secrets

from newer import NEWER
from serving import Version
from versions import looks_round

from chaos.person import Person
from chaos.place import PATIENCE_SECONDS, PROGRAM, Never, Place, is_online


async def to_this_version(place: Place) -> None:
    await _upgrade(place, PROGRAM)


async def to_a_newer_format(place: Place) -> None:
    """To this version, had it one more kind of event: nobody may store one before the last older process has ended."""
    await _upgrade(place, NEWER)
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            while await _answer_to_hug(place, place.probes[0]) != "done":
                await looks_round(place.redis.url)
    except TimeoutError:
        raise Never("What is new is still refused after the upgrade.") from None


async def _upgrade(place: Place, version: Version) -> None:
    """One process, back again for a moment, then the other one, and the first."""
    older = place.stations[0].version
    for number, its_version in ((0, version), (0, older), (1, version), (0, version)):
        await place.replace(number, its_version)
        await _all_hear_each_process(place)
        versions = {station.version for station in place.stations}
        if its_version is NEWER and len(versions) > 1:
            await _is_refused(place, place.probes[number])


async def _all_hear_each_process(place: Place) -> None:
    """Someone is at each process beside its probe, and everyone hears every probe."""
    await place.each(place.everyone, is_online, "Not everyone is back.")
    if not all(set(place.people_at(station)) - set(place.probes) for station in place.stations):
        raise Never("Nobody came to a process that was just started.")
    began = asyncio.get_running_loop().time()

    def hears_them(person: Person) -> bool:
        heard = {by for written_at, _, by in person.noted.heard if written_at > began}
        return heard >= {probe.participant for probe in place.probes if probe is not person}

    await place.each(place.everyone, hears_them, "Not everyone hears the people at the other process.")


async def _is_refused(place: Place, probe: Person) -> None:
    """Also after its process has asked which formats the others read."""
    await looks_round(place.redis.url)
    answer = await _answer_to_hug(place, probe)
    if answer != "upgrade_unfinished":
        raise Never(f"While an older process serves the room, the answer to what is new is {answer}.")


async def _answer_to_hug(place: Place, probe: Person) -> str:
    """`done`, or why it was refused."""
    ref = await probe.ask({"do": "hug", "origin_id": secrets.token_hex(8)})
    await place.each([probe], lambda person: ref in person.answers, "A command is never answered.")
    answer = probe.answers[ref]
    return str(answer.get("code", answer["is"]))
