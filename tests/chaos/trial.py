"""One fault under a steady load, and what people noticed of it."""

import asyncio
import math
import random
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from history import Violation, check

from chaos.person import Person
from chaos.place import Act, Needs, Never, Place, Station, is_online, place_for

STOP_SECONDS = 25
GHOST_SECONDS = 45
LOSSES = frozenset({"no_acknowledged_loss", "no_gap"})
DUPLICATES = frozenset({"no_duplicate"})
KINDLY = 4500
"""The close code that says that there is no such meeting, and not to try again."""


async def nothing(place: Place) -> None:
    """A fault that heals by itself, or that is one act."""


@dataclass(frozen=True)
class Fault:
    """How to bring it about and how to heal it, and what is promised about it."""

    name: str
    inject: Act
    heal: Act = nothing
    hold_seconds: float = 0.0
    """From the one to the other."""
    needs: Needs = field(default_factory=Needs)
    recovery_seconds: float = 5
    """From the heal, at most: until every process acknowledges and everyone is back."""
    away_seconds: float = 30
    """At most, for anyone."""
    is_outage: bool = False
    """People are told, and no process calls itself ready."""
    ends_room: bool = False
    """The room is lost, and people are told so."""
    freezes_process: bool = False
    """The people at the first process are not among the others."""
    vanish: int = 0
    """So many people leave with the fault and do not come back: none of them stays as a ghost."""


@dataclass
class Outcome:
    """Seconds, except where the name says otherwise; NaN where there is nothing to measure."""

    fault: Fault
    messages: int = 0
    lost: int = 0
    duplicated: int = 0
    recovery: float = math.nan
    p99_ms: float = math.nan
    away: float = 0
    broken: list[str] = field(default_factory=list)
    """Promises about what people see, as sentences."""
    late: list[str] = field(default_factory=list)
    """Promises about time."""


@dataclass(frozen=True)
class Load:
    """`pause_seconds` is the mean pause of one person between two messages."""

    pause_seconds: float = 2.0
    warm_messages: int = 30


class Trial:
    def __init__(self, fault: Fault, place: Place, load: Load) -> None:
        self.fault, self.place, self.load = fault, place, load
        self.outcome = Outcome(fault)
        self._now = asyncio.get_running_loop().time
        self._counts: Counter[str] = Counter()
        self._injected_at = self._heals_at = self._healed_at = 0.0

    async def run(self) -> Outcome:
        place, fault = self.place, self.fault
        place.gather()
        talking = [asyncio.create_task(self._talk(person)) for person in place.everyone]
        try:
            await place.each(place.everyone, is_online, "Not everyone comes in.")
            await place.hears_more(self.load.warm_messages)
            await self._fault()
            await (self._is_told_kindly() if fault.ends_room else self._recovers())
            await stop(talking)
            if not fault.ends_room:
                await self._settles()
        except Never as never:
            self.outcome.broken.append(str(never))
            await stop(talking)
        self._measure()
        return self.outcome

    async def _talk(self, person: Person) -> None:
        while True:
            await asyncio.sleep(random.uniform(0, 2 * self.load.pause_seconds))
            self._counts[person.name] += 1
            person.write(f"{person.name} says {self._counts[person.name]}")

    async def _fault(self) -> None:
        place, fault = self.place, self.fault
        place.vanished += place.people[len(place.people) - fault.vanish :]
        if fault.freezes_process:
            place.afflicted += place.people_at(place.stations[0])
        for person in place.everyone:
            person.noted.away.clear()
        self._injected_at = self._now()
        await asyncio.gather(fault.inject(place), *(person.vanish() for person in place.vanished))
        await asyncio.sleep(fault.hold_seconds / 2)
        readiness = asyncio.create_task(self._is_not_ready()) if fault.is_outage else None
        await asyncio.sleep(fault.hold_seconds / 2)
        self._heals_at = self._now()
        await fault.heal(place)
        self._healed_at = self._now()
        for probe in place.probes:
            probe.write("Does anyone hear this?")
        if readiness:
            await readiness

    async def _is_not_ready(self) -> None:
        """What is said after the fault began to heal may be true."""
        await asyncio.gather(*map(self._does_not_say_ready, self.place.stations))

    async def _does_not_say_ready(self, station: Station) -> None:
        if await station.ready() and not self._heals_at:
            self.outcome.broken.append("A process said that it was ready.")

    # ---- afterwards --------------------------------------------------------------------------------------------------

    async def _recovers(self) -> None:
        place = self.place
        await place.each(
            place.probes, lambda probe: self._first_answer(probe) < math.inf, "A process acknowledges nothing more."
        )
        await place.each(place.everyone, is_online, "Not everyone is back.")
        back = [until for person in place.everyone for _, until in person.noted.away]
        self.outcome.recovery = max(0.0, max([*map(self._first_answer, place.probes), *back]) - self._healed_at)
        if self.fault.is_outage:
            await place.each(self._others(), _told, "Not everyone is told that words wait, and then that all is well.")
            self._at_most(self.fault.recovery_seconds, self._now() - self._healed_at, "People are told that words wait")
        await place.hears_more(5)
        if not all(await asyncio.gather(*(station.ready() for station in place.stations))):
            self.outcome.broken.append("A process does not say that it is ready again.")

    def _first_answer(self, person: Person) -> float:
        return next((at for at in person.noted.answered_at if at >= self._healed_at), math.inf)

    async def _settles(self) -> None:
        """All that was written has been said, everyone has heard everything, and sees the same people."""
        place = self.place
        await place.each(place.everyone, lambda person: not person.unsent, "Some words are never sent.")
        observer = place.comes("Later Guest", place.front.port)
        place.later.append(observer)
        await place.each([observer], is_online, "Nobody new can come in.")
        observer.write("Goodbye.")
        await place.each([observer], lambda person: person.last_said, "Nobody new can say anything.")
        last = observer.position[0], observer.last_said
        await place.each(place.everyone, lambda person: person.reached(*last), "Not everyone has heard all.")
        here = {person.participant: (person.name, True) for person in place.everyone}

        def sees_them(person: Person) -> bool:
            return {key: entry for key, entry in person.roster.items() if entry[1]} == here

        await place.each(place.everyone, sees_them, "Not everyone sees just those who are here.")
        if place.vanished:
            self._at_most(GHOST_SECONDS, self._now() - self._injected_at, "Those who did not come back are seen")
        names = [name for name, _ in observer.roster.values()]
        if len(set(names)) < len(names):
            self.outcome.broken.append("Two people have one name.")

    async def _is_told_kindly(self) -> None:
        people = self.place.everyone
        await self.place.each(people, lambda person: person.code == KINDLY, "Not everyone is told that the room is gone.")
        self.outcome.recovery = self._now() - self._healed_at

    # ---- figures -----------------------------------------------------------------------------------------------------

    def _measure(self) -> None:
        place, fault, outcome = self.place, self.fault, self.outcome
        violations = [] if fault.ends_room else check(place.history)
        outcome.messages = len({call.origin_id for client in place.history.clients for call in client.calls})
        outcome.lost, outcome.duplicated = _count(violations, LOSSES), _count(violations, DUPLICATES)
        outcome.broken += [f"{violation.rule}: {violation.evidence}" for violation in violations[:5]]
        outcome.broken += [f"{person.name} was refused: {r['code']}" for person in place.everyone for r in person.noted.refused]
        ordinary = [person for person in place.everyone if person not in place.probes]
        outcome.away = max((until - since for person in ordinary for since, until in person.noted.away), default=0.0)
        outcome.p99_ms = _p99(list(self._delays())) * 1000
        self._at_most(fault.recovery_seconds, outcome.recovery, "The service is away")
        self._at_most(fault.away_seconds, outcome.away, "Someone is away")
        self._at_most(STOP_SECONDS, self._stop_seconds(), "A process goes on after SIGTERM")

    def _at_most(self, most_seconds: float, seconds: float, sentence: str) -> None:
        if seconds > most_seconds:
            self.outcome.late.append(f"{sentence} for {seconds:.1f} s, at most {most_seconds:g} s are promised.")

    def _stop_seconds(self) -> float:
        return max(station.stop_seconds for station in (*self.place.stations, *self.place.replaced))

    def _others(self) -> list[Person]:
        """Those whose own connection was whole all the time."""
        touched = [*self.place.afflicted, *self.place.vanished]
        whole = [person for person in (*self.place.people, *self.place.probes) if person not in touched]
        return [person for person in whole if not person.noted.away]

    def _delays(self) -> Iterator[float]:
        """How long the words of others took to others during the fault."""
        others = self._others()
        participants = {person.participant for person in others}
        for person in others:
            for written_at, seconds, by in person.noted.heard:
                if self._injected_at <= written_at <= self._healed_at and by in participants:
                    yield seconds


async def stop(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.wait(tasks)


def _count(violations: Sequence[Violation], rules: frozenset[str]) -> int:
    return sum(violation.rule in rules for violation in violations)


def _p99(seconds: list[float]) -> float:
    return sorted(seconds)[math.ceil(len(seconds) * 0.99) - 1] if seconds else math.nan


def _told(person: Person) -> bool:
    return bool(person.noted.told) and not person.noted.told[0] and person.noted.told[-1]


async def run(fault: Fault, load: Load | None = None) -> Outcome:
    """Hold one trial in a place of its own."""
    async with place_for(fault.needs) as place:
        return await Trial(fault, place, load or Load()).run()
