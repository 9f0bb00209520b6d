"""The history checker: what clients did and were told is compared with what the server promises.

    history = History()
    ada = history.client("Ada", "host")
    ada.welcomed(frame)
    call = ada.invoke({"do": "post", "ref": 1, "origin_id": "...", "text": "hello"})
    ada.answered(call, done)
    assert check(history) == []

Record everything a client sends and gets, at the moment it does, and change no frame afterwards.
Record every client that posts.
Check when all has settled: who is still connected counts as having been sent everything. In a crowded room not everyone is told
who comes and goes: check rooms of at most CROWD_PEOPLE.
"""

import math
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import chain, pairwise

import msgspec
from recording import HIDDEN, MODERATORS_ONLY, Call, Facts, Frame, History, Place, Recorder, Said, Stretch

UNKNOWN_REFUSALS = frozenset({"already_so", "no_such_room", "reconnecting"})
"""Refusals after which the command may have been carried out all the same: where Redis lost the answer and then its data, a
command that was carried out is decided again, and is already so."""
CHANGING = frozenset({"is", "position", "event", "text", "count", "here"})
"""Fields of an entry that depend on when or by whom it is read."""
ERASED = frozenset({"name", "topic", "reason"})
"""Fields of held words that are empty when they are read later, besides the text."""
Mute = tuple[int, int]
"""Offset, and until when."""


class Violation(msgspec.Struct, frozen=True):
    """The rule that is broken, and the least that shows it."""

    rule: str
    evidence: str


def check(history: History) -> list[Violation]:
    """Every way in which the history is not what was promised; empty when it is."""
    facts = Facts(history)
    return [Violation(name, evidence) for name, rule in RULES.items() for evidence in rule(facts)]


def total_order(facts: Facts) -> Iterator[str]:
    """One place in the log holds one entry, whoever looks."""
    for place, sightings in facts.log.items():
        for one, other in pairwise(sightings):
            if not _same_entry(one.frame, other.frame):
                yield f"at {place} {one.client.name} saw {one.frame}, {other.client.name} saw {other.frame}"
    first: dict[Place, Said] = {}
    for said in facts.said:
        other_said = first.setdefault(said.place, said)
        if not _same_message(said.message, other_said.message):
            yield f"at {said.place} {said.client.name} read {said.message}, {other_said.client.name} {other_said.message}"


def _same_entry(one: Frame, other: Frame) -> bool:
    kinds = {"left" if frame["event"] == "removed" else frame["event"] for frame in (one, other)}
    changing = CHANGING | {"role"} if kinds & {"joined", "returned"} else CHANGING
    changing = changing | ERASED if kinds == {"message_held"} else changing
    same_nonce = one["position"][2] == other["position"][2]
    return len(kinds) == 1 and same_nonce and all(one[name] == other[name] for name in one.keys() & other.keys() - changing)


def _same_message(one: Frame, other: Frame) -> bool:
    """The words, and the name beside them, may be gone for one of the two."""
    same_words = all(one[name] == other[name] or not one[name] or not other[name] for name in ("text", "nickname"))
    return same_words and all(one[name] == other[name] for name in ("at", "by", "role", "origin_id"))


def no_acknowledged_loss(facts: Facts) -> Iterator[str]:
    """Who is there at the end has every acknowledged message that this person may read."""
    posts = ((key, calls) for key, calls in facts.posts.items() if key not in facts.held)
    acknowledged = [(key, calls[0], call) for key, calls in posts for call in calls if call.offset]
    acknowledged += [(key, call, call) for key, call in _accepted(facts) if call.offset]
    for client in facts.clients:
        if not client.connected:
            continue
        shown, oldest = _shown(client)
        for key, first, call in acknowledged:
            reads_all = facts.reads_from_the_start(client) and (facts.reads_all or client.stretches[0].moderates)
            was_there = reads_all or client.stretches[0].at < first.at
            if call.offset < oldest or not was_there:
                continue
            if key not in shown:
                yield f"{client.name} lacks {call.command}, acknowledged as {call.offset}"
            elif not shown[key].message["text"] and not _is_erased(facts, shown[key]) and not _is_covered(shown[key]):
                yield f"{client.name} has no words at {shown[key].place}, and nobody erased them"


def _accepted(facts: Facts) -> Iterator[tuple[tuple[str, str], Call]]:
    """The words that somebody asked to let through, and the call."""
    for call in (call for client in facts.clients for call in client.calls if call.command["do"] == "accept_held"):
        yield from ((key, call) for key in sorted(facts.held_under(call.epoch, call.command["held"])))


def _shown(client: Recorder) -> tuple[dict[tuple[str, str], Said], int]:
    """The messages on a client's screen, and the offset below which a page of earlier ones would have to be asked for."""
    shown: dict[tuple[str, str], Said] = {}
    oldest = 0
    for stretch in client.stretches:
        if stretch.room:
            found = [
                Said(stretch.at, client, stretch, (stretch.epoch, message["id"]), message)
                for message in stretch.room["messages"]
            ]
            shown = {said.key: said for said in found}
            oldest = found[0].place[1] if stretch.room["more"] else 0
        for sighting in stretch.entries:
            if sighting.frame["event"] == "message_posted":
                said = Said(sighting.at, client, stretch, (stretch.epoch, sighting.offset), sighting.frame)
                shown[said.key] = said
    return shown, oldest


def _is_covered(said: Said) -> bool:
    return bool(said.message.get("veiled") or said.message.get("reported"))


def _is_erased(facts: Facts, said: Said) -> bool:
    return bool(said.message.get("gone")) or said.place in facts.erased


def no_duplicate(facts: Facts) -> Iterator[str]:
    """One origin_id of a person has one place in a log, two if it was held, and nobody is given a place twice."""
    places: dict[tuple[str, str, str], set[int]] = defaultdict(set)
    for said in facts.said:
        places[said.place[0], *said.key].add(said.place[1])
    for key, held_places in facts.held.items():
        for epoch, offset in held_places:
            places[f"{epoch}, held", *key].add(offset)
    for key, calls in facts.posts.items():
        for call in calls:
            if call.offset:
                places[f"{call.epoch}, held" if key in facts.held else call.epoch, *key].add(call.offset)
    yield from (f"{key} stands at {sorted(offsets)}" for key, offsets in places.items() if len(offsets) > 1)
    for client in facts.clients:
        known: set[Place] = set()
        for place in ((stretch.epoch, sighting.offset) for stretch in client.stretches for sighting in stretch.entries):
            if place in known:
                yield f"{client.name} was given {place} twice"
            known.add(place)


def no_phantom(facts: Facts) -> Iterator[str]:
    """Every message was sent before by its author, in these words, and was not refused."""
    for said in facts.said:
        calls = [call for call in facts.posts.get(said.key, ()) if call.at < said.at]
        if said.message["text"]:
            calls = [call for call in calls if call.command["text"] == said.message["text"]]
        if not calls:
            yield f"nobody sent {said.message}, which {said.client.name} read"
        elif all(_is_refused(call) for call in calls):
            yield f"{said.message}, which {said.client.name} read, was refused: {calls[-1].answer['code']}"


def held_words(facts: Facts) -> Iterator[str]:
    """One thing becomes of held words, unless two histories are joined; they are shown only if somebody let them through."""
    for key, told in facts.fates.items():
        if len(told) > 1 and len(facts.fates_told[key]) == 1:
            yield f"{key} was held and then {sorted(told)}"
    asked: dict[tuple[str, str], int] = {}
    for key, call in _accepted(facts):
        if not _is_refused(call):
            asked[key] = min(call.at, asked.get(key, call.at))
    for said in facts.said:
        if said.key in facts.held and not asked.get(said.key, math.inf) < said.at:
            yield f"{said.message} was held, nobody had let it through, and {said.client.name} read it"
        elif (fates := facts.fates.get(said.key)) and "accepted" not in fates:
            yield f"{said.message} was {sorted(fates)}, and {said.client.name} read it"


def _is_refused(call: Call) -> bool:
    return call.answer.get("is") == "refused" and call.answer["code"] not in UNKNOWN_REFUSALS


def no_gap(facts: Facts) -> Iterator[str]:
    """What others saw between two positions of a client, that client saw too: also after a resume, up to where it got."""
    by_epoch: dict[str, list[tuple[int, Frame]]] = defaultdict(list)
    for (epoch, offset), frame in facts.events.items():
        by_epoch[epoch].append((offset, frame))
    for client in facts.clients:
        for stretch in client.stretches:
            seen = {sighting.offset for sighting in stretch.entries}
            reached = stretch.reached
            for offset, frame in by_epoch[stretch.epoch]:
                due = stretch.start < offset and (stretch.open or offset <= reached)
                if due and offset not in seen and _may_see(facts, stretch, frame):
                    since = "a resume" if stretch.recovered else "a snapshot"
                    yield f"{client.name} lacks {frame} after {since} at {stretch.start}"


def _may_see(facts: Facts, stretch: Stretch, frame: Frame) -> bool:
    """Reactions to what was erased later are not told again."""
    if frame["event"] == "reacted" and (stretch.epoch, frame["message"]) in facts.erased:
        return False
    return stretch.moderates or frame["event"] not in HIDDEN


def monotonic_reads(facts: Facts) -> Iterator[str]:
    """A client's position never goes back, and what it is given comes in the order of the offsets."""
    for client in facts.clients:
        position: dict[str, int] = defaultdict(int)
        last: dict[str, int] = defaultdict(int)
        for stretch in client.stretches:
            epoch = stretch.epoch
            if stretch.position < position[epoch]:
                yield f"{client.name} was welcomed at {stretch.position} after {position[epoch]}"
            for sighting in chain(stretch.seen, stretch.late):
                if sighting.offset < last[epoch]:
                    yield f"{client.name} was given {sighting.frame} after {last[epoch]}"
                last[epoch] = max(last[epoch], sighting.offset)
            position[epoch] = max(position[epoch], stretch.position, last[epoch])


def sender_order(facts: Facts) -> Iterator[str]:
    """What one person sent first, and was told of without sending it again, stands first."""
    for client in facts.clients:
        first: dict[str, Call] = {}
        offsets: dict[tuple[str, str], int] = {}
        for call in client.calls:
            if call.command["do"] == "post":
                first.setdefault(call.origin_id, call)
                if call.offset:
                    offsets[call.epoch, call.origin_id] = call.offset
        floor: dict[str, int] = defaultdict(int)
        for call in first.values():
            for epoch in {epoch for epoch, origin_id in offsets if origin_id == call.origin_id}:
                if offsets[epoch, call.origin_id] < floor[epoch]:
                    yield f"{client.name} sent {call.command} later, but it stands before {floor[epoch]}"
            if call.offset:
                floor[call.epoch] = max(floor[call.epoch], call.offset)


def real_time_order(facts: Facts) -> Iterator[str]:
    """What was acknowledged before something else was asked stands before it."""
    moments: list[tuple[int, Call, bool]] = []
    for client in facts.clients:
        first: dict[str, Call] = {}
        for call in client.calls:
            asked = first.setdefault(call.origin_id, call) if call.origin_id else call
            if call.offset:
                moments += [(asked.at, call, False), (call.answered_at, call, True)]
    newest: dict[str, int] = defaultdict(int)
    floor: dict[int, int] = {}
    for _, call, answered in sorted(moments, key=lambda moment: moment[0]):
        if not answered:
            floor[id(call)] = newest[call.epoch]
        elif call.offset <= floor[id(call)]:
            yield f"{call.command} stands at {call.offset}, although {floor[id(call)]} was acknowledged before it was sent"
        if answered:
            newest[call.epoch] = max(newest[call.epoch], call.offset)


def atomic_mutes(facts: Facts) -> Iterator[str]:
    """Nothing of a muted person stands after the mute while it lasts; what stood before is not refused because of it."""
    mutes = _mutes(facts)
    for place, said in {said.place: said for said in sorted(facts.said, key=lambda said: -said.at)}.items():
        before = [mute for mute in mutes[place[0], said.message["by"]] if mute[0] < place[1]]
        is_muted = bool(before) and said.message["at"] < max(before)[1] and said.key not in facts.held
        if is_muted and not _unmuted_unseen(facts, said) and not _known_before(facts, said):
            yield f"{said.message} stands after {max(before)}, a mute"
        refused = [call for call in facts.posts[said.key] if call.answer.get("code") == "muted"]
        if refused and said.at < refused[-1].at:
            yield f"{said.message} was there when its author asked again and was refused for a mute"


def _known_before(facts: Facts, said: Said) -> bool:
    """Whether it stood under another epoch before. Where two histories were joined, what only one of them had comes last."""
    shown = any(other.key == said.key and other.place[0] != said.place[0] and other.at < said.at for other in facts.said)
    calls = facts.posts[said.key]
    return shown or any(call.offset and call.epoch != said.place[0] and call.answered_at < said.at for call in calls)


def _unmuted_unseen(facts: Facts, said: Said) -> bool:
    """Whether an unmute of the author was under way, the place of which nobody was told."""
    calls = (call for client in facts.clients for call in client.calls if call.command["do"] == "unmute")
    return any(
        call.command["participant"] == said.message["by"] and call.at < said.at and not call.offset and not _is_refused(call)
        for call in calls
    )


def _mutes(facts: Facts) -> dict[tuple[str, str], set[Mute]]:
    """Offset and `until` of each mute and unmute, by epoch and participant."""
    mutes: dict[tuple[str, str], set[Mute]] = defaultdict(set)
    for (epoch, offset), frame in facts.of("muted", "unmuted"):
        mutes[epoch, frame["participant"]].add((offset, frame.get("until", 0)))
    for client in facts.clients:
        for (epoch, offset), frame in client.personal:
            if frame["event"] == "my_mute":
                mutes[epoch, client.participant].add((offset, frame["until"]))
        for call in client.calls:
            if call.command["do"] == "unmute" and call.offset:
                mutes[call.epoch, call.command["participant"]].add((call.offset, 0))
    return mutes


def nothing_after_the_end(facts: Facts) -> Iterator[str]:
    """No entry, acknowledgement or position is beyond the end."""
    for (epoch, end), _ in facts.of("ended"):
        yield from (
            f"{frame} stands after the end at {end}" for (e, o), frame in facts.events.items() if e == epoch and o > end
        )
        for client in facts.clients:
            beyond = [call for call in client.calls if call.epoch == epoch and call.offset > end]
            yield from (f"{client.name} was told that {call.command} stands at {call.offset}" for call in beyond)
            if any(stretch.epoch == epoch and (stretch.position > end or stretch.open) for stretch in client.stretches):
                yield f"{client.name} is still there after the end at {end}"


def entitlement(facts: Facts) -> Iterator[str]:
    """Nobody is shown what is not theirs: words from before, the moderators' side, the room after a removal."""
    joined = {(epoch, frame["participant"]): offset for (epoch, offset), frame in facts.of("joined")}
    for said in facts.said:
        if said.place[1] < joined.get((said.place[0], said.client.participant), 0) and not facts.reads_from_the_start(
            said.client
        ):
            yield f"{said.client.name} came later than {said.message}"
    for client in facts.clients:
        for stretch in client.stretches:
            if stretch.room and not stretch.moderates and "desk" in stretch.room:
                yield f"{client.name} was given the desk"
            for sighting in stretch.entries:
                if not sighting.moderates and (sighting.frame["event"] in MODERATORS_ONLY or "by_nickname" in sighting.frame):
                    yield f"{client.name} takes part and saw {sighting.frame}"
    yield from _after_removal(facts)


def _after_removal(facts: Facts) -> Iterator[str]:
    people = {client.participant: client for client in facts.clients}
    readmits = [call for client in facts.clients for call in client.calls if call.command["do"] == "readmit"]
    for (epoch, removal), frame in facts.of("removed"):
        client = people.get(frame["participant"])
        for sighting in (
            (s for stretch in client.stretches if stretch.epoch == epoch for s in stretch.entries) if client else ()
        ):
            back = any(call.at < sighting.at and call.command["participant"] == frame["participant"] for call in readmits)
            if sighting.offset > removal and not back:
                yield f"{sighting.client.name} was removed at {removal} and saw {sighting.frame}"


def erased_words(facts: Facts) -> Iterator[str]:
    """Words that were erased when a client came back, for all it can know, are not shown to it."""
    erasures = [call for client in facts.clients for call in client.calls if call.command["do"] in ("redact", "retract")]
    erased_at = {(call.epoch, call.command["message"]): call.answered_at for call in erasures if call.offset}
    for said in facts.said:
        if said.message["text"] and erased_at.get(said.place, math.inf) < said.stretch.away_since:
            yield f"{said.client.name} came back after {said.message} was erased, and was shown it"


def answered(facts: Facts) -> Iterator[str]:
    """Who is still there has an answer to every command that was not lost with a connection."""
    for client in facts.clients:
        if client.connected:
            yield from (f"{client.name} waits for {c.command}" for c in client.calls if not c.answer and not c.lost)


RULES: dict[str, Callable[[Facts], Iterator[str]]] = {
    rule.__name__: rule
    for rule in (
        total_order, no_acknowledged_loss, no_duplicate, no_phantom, no_gap, monotonic_reads, sender_order, real_time_order,
        atomic_mutes, nothing_after_the_end, entitlement, erased_words, answered, held_words,
    )
}  # fmt: skip

__all__ = ["RULES", "History", "Recorder", "Violation", "check"]
