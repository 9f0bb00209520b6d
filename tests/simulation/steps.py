"""What may happen in a schedule: what people do, and what breaks. Every choice is drawn from the seed."""

from collections.abc import Callable
from typing import Any

from recording import Frame

from chatroom.core.events import Reaction
from simulation.person import Person
from simulation.server import Data
from simulation.town import CAREFULLY, Host, Town
from simulation.way import Faults

REMOVED, LEFT = 4502, 4504


def _anyone(town: Town) -> Person:
    return town.world.choice(town.people)


def _moderator(town: Town) -> Person:
    return town.world.choice(town.people[:2])


def _host(town: Town) -> Host | None:
    """A process that serves, if there is more than one."""
    hosts = [host for host in town.hosts if not host.leaving and not town.is_needed(host)]
    return town.world.choice(hosts) if len(hosts) > 1 else None


def _message(town: Town, person: Person) -> Frame | None:
    messages = person.screen.room["messages"] if person.screen else []
    return town.world.choice(messages[-6:]) if messages else None


def _about_someone(do: str, **fields: Any) -> Callable[[Town], None]:
    """A moderator's act on someone on the page, or, when it undoes something, on someone it was done to."""

    def step(town: Town) -> None:
        person = _moderator(town)
        if not person.screen:
            return
        room = person.screen.room
        undone = {"unmute": "muted", "readmit": "removed", "clear_address": "removed"}.get(do)
        people = list(room["desk"][undone] if undone and "desk" in room else room["people"])
        if people:
            person.ask(do, participant=town.world.choice(people), **{n: town.world.choice(v) for n, v in fields.items()})

    return step


def _about_a_message(do: str, *, by_moderators: bool = False, **fields: Any) -> Callable[[Town], None]:
    def step(town: Town) -> None:
        person = _moderator(town) if by_moderators else _anyone(town)
        if message := _message(town, person):
            person.ask(do, message=message["id"], **{n: town.world.choice(v) for n, v in fields.items()})

    return step


def _about_a_report(do: str, name: str, **fields: Any) -> Callable[[Town], None]:
    def step(town: Town) -> None:
        person = _moderator(town)
        reports = person.screen.room.get("desk", {}).get("reports", []) if person.screen else []
        if reports:
            offset = town.world.choice(reports)["report"]
            person.ask(do, **{name: offset}, **{n: town.world.choice(v) for n, v in fields.items()})

    return step


def _about_held(do: str, **fields: Any) -> Callable[[Town], None]:
    def step(town: Town) -> None:
        person = _moderator(town)
        held = person.screen.room.get("desk", {}).get("held", []) if person.screen else []
        if held:
            offset = town.world.choice(held)["held"]
            person.ask(do, held=offset, **{n: town.world.choice(v) for n, v in fields.items()})

    return step


def say(town: Town) -> None:
    person = _anyone(town)
    person.say(f"{person.name} says {town.world.randrange(10**6)}")


def say_carefully(town: Town) -> None:
    """Words that are held for a moderator."""
    person = _anyone(town)
    person.say(f"{person.name} says {town.world.randrange(10**6)} {CAREFULLY}")


def withdraw(town: Town) -> None:
    person = _anyone(town)
    held = person.screen.room["me"]["held"] if person.screen else []
    if held:
        person.ask("retract", message=town.world.choice(held)["held"])


def tell_the_team(town: Town) -> None:
    person = _moderator(town)
    person.ask("say_to_team", origin_id=f"to-the-team-{town.world.randrange(10**9)}", text=f"{person.name} among us")


def all_speak(town: Town) -> None:
    for person in town.people:
        person.say(f"{person.name} says {town.world.randrange(10**6)} at once")


def take_back(town: Town) -> None:
    person = _anyone(town)
    messages = person.screen.room["messages"][-20:] if person.screen else []
    mine = [message for message in messages if message["by"] == person.recorder.participant]
    if mine:
        person.ask("retract", message=town.world.choice(mine)["id"])


def leave(town: Town) -> None:
    _anyone(town).ask("leave", quiet=town.world.random() < 0.5)


def come_again(town: Town) -> None:
    for person in town.people:
        if person.state == "out" and person.code in (LEFT, REMOVED):
            person.dial()


def look(town: Town) -> None:
    _anyone(town).look()


def lock(town: Town) -> None:
    _moderator(town).ask("set_door", door=town.world.choice(("locked", "open", "open")))


def cut(town: Town) -> None:
    person = _anyone(town)
    if person.wire:
        told = town.world.choice(((True, True), (True, False), (False, True), (False, False)))
        person.wire.cut(client_told=told[0], server_told=told[1])


def stop_reading(town: Town) -> None:
    wire = _anyone(town).wire
    if wire and not wire.unread:
        wire.unread = True
        town.loop.call_later(town.world.uniform(0, 20), wire.read_on)


def freeze_tab(town: Town) -> None:
    process = _anyone(town).process
    if not process.frozen:
        town.loop.freeze(process)
        town.loop.call_later(town.world.choice((1, 10, 60)), town.loop.thaw, process)


async def kill(town: Town) -> None:
    if host := _host(town):
        town.kill(host, told=town.world.random() < 0.7)
        await town.new_host()


async def drain(town: Town) -> None:
    if host := _host(town):
        town.start(host)
        await town.new_host()


def stop_process(town: Town) -> None:
    """SIGSTOP and, after a while, SIGCONT."""
    host = _host(town)
    if host and not host.process.frozen:
        town.loop.freeze(host.process)
        town.loop.call_later(town.world.uniform(0.1, 40), town.loop.thaw, host.process)


def stall_server(town: Town) -> None:
    process = town.server.process
    if not process.frozen:
        town.loop.freeze(process)
        town.loop.call_later(town.world.uniform(0.1, 9), town.loop.thaw, process)


def _bad_way(**faults: float) -> Callable[[Town], None]:
    """For some seconds a process has these faults on its way to the server."""

    def step(town: Town) -> None:
        if host := _host(town):
            host.way.faults = Faults(**faults)
            town.loop.call_later(town.world.uniform(0.5, 10), setattr, host.way, "faults", Faults())

    return step


def cut_subscription(town: Town) -> None:
    if host := _host(town):
        for subscription in list(host.way.subscriptions):
            subscription.cut()


def silence(town: Town) -> None:
    """Commands are answered, but nothing is delivered."""
    if host := _host(town):
        for subscription in host.way.subscriptions:
            subscription.silent = True


def fill_server(town: Town) -> None:
    town.server.full = True
    town.loop.call_later(town.world.uniform(0.5, 5), setattr, town.server, "full", False)


def save_server(town: Town) -> None:
    """Something of now is kept that the server may come back with."""
    town.saved = town.server.copy()


def roll_back_server(town: Town) -> None:
    """Killed and started again from an older file, or a replica that lagged is the server now."""
    if town.has_guardian() and town.saved.rooms:
        town.restart_server(town.saved)
        town.saved = town.server.copy()


def empty_server(town: Town) -> None:
    if town.has_guardian():
        town.restart_server(Data())


STEPS: dict[Callable[[Town], Any], float] = {
    say: 40,
    say_carefully: 5,
    withdraw: 1,
    _about_held("accept_held"): 3,
    _about_held("reject_held", reason=["unkind"]): 1.5,
    all_speak: 4,
    take_back: 2,
    _about_a_message("react", reaction=list(Reaction), on=[True, True, False]): 6,
    _about_a_message("report", reason=["other", "spam"]): 2,
    _about_a_message("redact", by_moderators=True, reason=["private"]): 2,
    _about_a_report("claim", "item"): 1,
    _about_a_report("resolve_report", "report", outcome=["acted", "nothing_needed"]): 1,
    _about_someone("mute", minutes=[1, 1, 5, None], reason=["unkind"]): 4,
    _about_someone("unmute"): 3,
    _about_someone("remove", reason=["threats"]): 0.7,
    _about_someone("readmit"): 1,
    _about_someone("clear_address"): 0.3,
    _about_someone("change_role", role=["moderator", "participant"]): 1.5,
    _about_someone("worry"): 0.5,
    _about_someone("redact_all", reason=["a raid"]): 0.3,
    _about_someone("open_line"): 0.5,
    _about_a_message("note_content", by_moderators=True, topic=["drugs", "death", ""]): 1,
    tell_the_team: 1,
    lock: 1,
    leave: 0.7,
    come_again: 1.5,
    look: 2,
    cut: 6,
    stop_reading: 1,
    freeze_tab: 1,
    kill: 0.8,
    drain: 0.5,
    stop_process: 0.8,
    stall_server: 1,
    _bad_way(answers=0.5): 1,
    _bad_way(requests=0.5): 1,
    _bad_way(deliveries=0.4, repeats=0.3): 1.5,
    _bad_way(slowest_seconds=1.5): 1,
    cut_subscription: 1,
    silence: 0.5,
    fill_server: 0.3,
    save_server: 1,
    roll_back_server: 0.3,
    empty_server: 0.3,
}
"""Each step and how often it happens, beside the others."""
