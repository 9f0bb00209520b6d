"""Pages of what is too long to be sent at once: earlier messages, and who is here."""

from chatroom.core import commands as c
from chatroom.core.frames import Earlier, People
from chatroom.core.limits import PAGE_ENTRIES, PAGE_PEOPLE
from chatroom.core.snapshot import messages_before, people_page, reactions_by
from chatroom.live.live_room import LiveRoom


def earlier(live: LiveRoom, participant: str, command: c.Earlier) -> Earlier:
    room = live.room
    person = room.people[participant]
    messages, more = messages_before(room, person, command.before or room.offset + 1, PAGE_ENTRIES)
    return Earlier(ref=command.ref, messages=messages, reactions=reactions_by(room, person, messages), more=more)


def people(live: LiveRoom, command: c.People) -> People:
    page, following = people_page(live.room, command.after, PAGE_PEOPLE)
    return People(ref=command.ref, people=page, next=following)
