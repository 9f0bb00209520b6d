"""The course of the meeting: its phases, by hand or by the clock, and who helps with it."""

from chatroom.core import events as e
from chatroom.core import floor_commands as fc
from chatroom.core import floor_events as fe
from chatroom.core.events import Draft, MessageKind, Role
from chatroom.core.limits import HOST_GONE_SECONDS, TOPIC_CODE_POINTS
from chatroom.core.refusals import Refused
from chatroom.core.room import Participant, Room
from chatroom.core.rules.permissions import leads, refuse_muted, someone_below
from chatroom.core.script import Mode, Phase, clean_script
from chatroom.core.text import clean_optional

# ---- phases --------------------------------------------------------------------------------------------------------------


def next_phase(room: Room, actor: Participant, command: fc.NextPhase, now: int) -> Draft:
    if command.from_ != room.course.index:
        raise Refused("already_so")
    return Draft(events=_start(room, command.from_ + 1, actor, now))


def go_to_phase(room: Room, actor: Participant, command: fc.GoToPhase, now: int) -> Draft:
    return Draft(events=_start(room, command.phase, actor, now))


def _start(room: Room, index: int, lead: Participant, now: int) -> tuple[e.AnyEvent, ...]:
    """The phase begins; its text is posted, unless there is a reader to do it. Raises Refused: no_such_phase, muted."""
    if room.course.fellowship or not 0 <= index < len(room.course.script):
        raise Refused("no_such_phase")
    phase = room.course.script[index]
    started = fe.PhaseStarted(index, phase.title, phase.mode, phase.crosstalk, phase.minutes, phase.kind, bool(phase.text))
    reading = () if _has_reader(room, now) else _reading(room, phase, lead, now)
    return (*taken_back(room), started, *reading)


def _has_reader(room: Room, now: int) -> bool:
    """Whether a reader is here who may speak."""
    people = room.people.values()
    return any(person.helper is fe.Helper.READER and person.here and person.muted_until <= now for person in people)


def taken_back(room: Room) -> tuple[e.AnyEvent, ...]:
    """The share that ends with its phase, if one is under way."""
    holder = room.floor.holder
    return (fe.FloorReleased(holder, fe.Ending.PHASE),) if holder else ()


def _reading(room: Room, phase: Phase, reader: Participant, now: int) -> tuple[e.AnyEvent, ...]:
    if not phase.text:
        return ()
    refuse_muted(reader, now)
    return (e.MessagePosted(reader.id, phase.text, f"reading-{room.offset}", MessageKind.READING),)


def read_text(room: Room, actor: Participant, command: fc.ReadText, now: int) -> Draft:
    reading = _reading(room, room.course.phase, actor, now)
    if not reading:
        raise Refused("text_empty")
    return Draft(events=reading, exact=True)  # its origin id counts all that was said


def change_script(room: Room, actor: Participant, command: fc.ChangeScript, now: int) -> Draft:
    script = clean_script(command.script)
    if room.course.fellowship or not -1 <= command.phase < max(len(script), 1):
        raise Refused("no_such_phase")
    index = command.phase if script else 0
    in_phase = 0 <= index < len(script)
    started_at = (room.course.started_at or now) if in_phase else 0
    takes_turns = in_phase and script[index].mode is Mode.FLOOR
    released = () if takes_turns else taken_back(room)
    return Draft(events=(*released, fe.ScriptChanged(script, index, started_at)))


# ---- switches ------------------------------------------------------------------------------------------------------------


def run_on_clock(room: Room, actor: Participant, command: fc.RunOnClock, now: int) -> Draft:
    return _change(room, on_clock=command.on)


def allow_chips(room: Room, actor: Participant, command: fc.AllowChips, now: int) -> Draft:
    return _change(room, chips_open=command.on)


def set_fellowship(room: Room, actor: Participant, command: fc.SetFellowship, now: int) -> Draft:
    return _change(room, fellowship_minutes=command.minutes)


def _change(room: Room, **changes: int) -> Draft:
    course = room.course
    known = {"on_clock": course.on_clock, "chips_open": course.chips_open, "fellowship_minutes": course.fellowship_minutes}
    if known == known | changes:
        raise Refused("already_so")
    return Draft(events=(fe.CourseChanged(**known | changes),))  # type: ignore[arg-type]


def set_topic(room: Room, actor: Participant, command: fc.SetTopic, now: int) -> Draft:
    topic = " ".join(clean_optional(command.topic, TOPIC_CODE_POINTS).split())
    if topic == room.course.topic:
        raise Refused("already_so")
    return Draft(events=(fe.TopicSet(topic),))


# ---- who helps -----------------------------------------------------------------------------------------------------------


def name_helper(room: Room, actor: Participant, command: fc.NameHelper, now: int) -> Draft:
    """A co-host moderates as well, so as to see what is planned."""
    person = someone_below(room, actor, command.participant)
    if not person.seated:
        raise Refused("no_such_person")
    if person.helper == command.helper:
        raise Refused("already_so")
    named = fe.HelperNamed(person.id, command.helper, actor.id)
    if command.helper is fe.Helper.COHOST and not person.moderates:
        return Draft(events=(e.RoleChanged(person.id, Role.MODERATOR, actor.id), named))
    return Draft(events=(named,))


def take_chair(room: Room, actor: Participant, command: fc.TakeChair, now: int) -> Draft:
    gone_since = room.host_gone_at
    if not gone_since or now - gone_since <= HOST_GONE_SECONDS * 1000:
        raise Refused("host_is_here")
    chair = room.people.get(room.chair)
    if chair is not None and not _is_long_gone(room, chair, now):
        raise Refused("already_so")
    here = (person for person in room.people.values() if person.here and person.role is Role.MODERATOR)
    if next(here, None) is not actor:
        raise Refused("not_longest")
    return Draft(events=(fe.ChairTaken(actor.id),))


def _is_long_gone(room: Room, person: Participant, now: int) -> bool:
    return now - room.dropped.get(person.id, now) > HOST_GONE_SECONDS * 1000


# ---- time ----------------------------------------------------------------------------------------------------------------


def lead_here(room: Room, now: int) -> Participant | None:
    """Someone who leads, is here and may speak; a host before others."""
    people = [room.people[name] for name in room.moderators]
    able = [person for person in people if person.here and person.muted_until <= now and leads(room, person)]
    return min(able, key=lambda person: person.role is not Role.HOST, default=None)


def moves_on(room: Room, now: int) -> bool:
    """Whether it is time for the next phase: the course runs on the clock, and someone who leads is here."""
    course = room.course
    if not course.on_clock or course.fellowship or lead_here(room, now) is None:
        return False
    if course.index < 0:
        return now >= room.opened.starts_at
    minutes = course.phase.minutes
    return course.index + 1 < len(course.script) and minutes > 0 and now >= course.started_at + minutes * 60_000


def due(room: Room, now: int) -> tuple[e.AnyEvent, ...]:
    """What the clock brings about between the beginning and the end."""
    lead = lead_here(room, now)
    if lead is None or room.floor.holder or not moves_on(room, now):
        return ()
    return _start(room, room.course.index + 1, lead, now)
