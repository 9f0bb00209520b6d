"""The door, decided: who walks in, who knocks, who is sent away, and how many may wait."""

import pytest
from door_situation import guarded, knocks
from meeting import MINUTE_MS, Meeting, enter, link_of, opened, refusal

from chatroom.core import commands as c
from chatroom.core import door_commands as d
from chatroom.core.door_events import Door, Guard, KnockEnding
from chatroom.core.events import Role
from chatroom.core.limits import DECLINED_SECONDS, KNOCKS_PER_ROOM, KNOCKS_PER_TAG
from chatroom.core.refusals import Refused
from chatroom.core.rules.door import check_door, must_knock, needs_work
from chatroom.core.same_person import Visitor

PHONE = "a phone"


def meeting(capacity: int = 100) -> Meeting:
    meeting = Meeting(opened(capacity=capacity))
    meeting.come_in("Ada", Role.HOST)
    meeting.come_in("Mo", Role.MODERATOR)
    return meeting


def go_in(knock: str, session: str = "") -> d.GoIn:
    return d.GoIn(knock=knock, session=session or f"session of {knock}", process="here")


def is_in(meeting: Meeting, name: str) -> bool:
    person = meeting.room.people.get(name)
    return person is not None and person.here


VISITORS = {
    "someone new": Visitor(b"new", b"new phone"),
    "known": Visitor(b"new", b"known phone"),
    "sent back": Visitor(b"new", b"sent phone"),
    "beside the one sent back": Visitor(b"address of Sam", b""),
    "a moderator": Visitor(b"new", link=link_of(Role.MODERATOR)),
    "a moderator sent back": Visitor(b"new", b"sent phone", link_of(Role.MODERATOR)),
    "a host": Visitor(b"address of Sam", b"sent phone", link_of(Role.HOST)),
}
BACK = {"sent back": "knock", "beside the one sent back": "knock", "a moderator sent back": "knock"}
WAYS = {
    "open": BACK,
    "knock": {"someone new": "knock", **BACK},
    "locked": {
        "someone new": "locked",
        "sent back": "locked",
        "beside the one sent back": "locked",
        "a moderator sent back": "knock",
    },
    "guarded by work": {
        "someone new": "work",
        "sent back": "work, knock",
        "beside the one sent back": "work, knock",
        "a moderator sent back": "knock",
    },
    "guarded by knocking": {"someone new": "knock", **BACK},
}


def way_in(meeting: Meeting, visitor: Visitor) -> str:
    try:
        check_door(meeting.room, visitor, meeting.now)
    except Refused as refused:
        return refused.code
    asked = ("work", needs_work(meeting.room, visitor)), ("knock", must_knock(meeting.room, visitor, meeting.now))
    return ", ".join(name for name, needed in asked if needed)


@pytest.mark.parametrize("door", WAYS)
def test_the_way_in(door: str) -> None:
    room = meeting()
    room.come_in("Kim", device="known phone")
    room.do("Kim", c.Leave())
    room.come_in("Sam", device="sent phone")
    room.do("Mo", d.SendBack(participant="Sam", reason="please wait"))
    if door in ("knock", "locked"):
        room.do("Mo", d.SetDoor(door=Door(door)))
    elif door.startswith("guarded"):
        guarded(room, Guard.WORK if door.endswith("work") else Guard.KNOCK)
    assert {name: way for name, visitor in VISITORS.items() if (way := way_in(room, visitor))} == WAYS[door]


# ---- removals ------------------------------------------------------------------------------------------------------------


def test_a_removed_device_is_turned_away_with_the_reason_and_its_neighbours_knock() -> None:
    room = meeting()
    room.come_in("Bea", device=PHONE)
    room.do("Mo", c.Remove(participant="Bea", reason="threats"))
    turned_away = refusal(room, "", enter("Eve", device=PHONE))
    assert (turned_away.code, turned_away.detail) == ("removed", "threats")
    assert refusal(room, "", enter("Max", Role.MODERATOR, device=PHONE)).code == "removed"
    room.do("", enter("Cal", address="address of Bea", device="other"))
    assert room.room.gate.knocks["Cal"].cautions == ("removed_near",)
    assert room.do("", enter("Ann", Role.HOST, device=PHONE))


def test_clearing_the_address_leaves_the_device_out_and_readmitting_lets_both_in() -> None:
    room = meeting()
    room.come_in("Bea", device=PHONE)
    room.do("Mo", c.Remove(participant="Bea", reason="threats"))
    room.do("Mo", c.ClearAddress(participant="Bea"))
    assert room.do("", enter("Cal", address="address of Bea"))
    assert refusal(room, "", enter("Eve", device=PHONE)).code == "removed"
    room.do("Mo", c.Readmit(participant="Bea"))
    room.do("Bea", c.OpenSession(session="again", process="here"))
    assert is_in(room, "Bea")
    room.do("Bea", c.Leave())
    knocks(room)
    assert room.come_in("Eve", device=PHONE).here, "the device is known again"


def test_a_device_with_two_seats_is_out_with_both_and_back_with_both() -> None:
    room = meeting()
    for name in ("Bea", "Cal"):
        room.come_in(name, device=PHONE, address=f"of {name}")
    room.do("Mo", c.Remove(participant="Bea", reason="threats"))
    assert room.room.people["Cal"].removed
    assert refusal(room, "", enter("Eve", device=PHONE)).code == "removed"
    room.do("Mo", c.Readmit(participant="Cal"))
    assert room.come_in("Eve", device=PHONE).here


def test_a_mute_follows_the_device_to_another_address() -> None:
    room = meeting()
    room.come_in("Bea", device=PHONE)
    room.do("Mo", c.Mute(participant="Bea", minutes=5, reason="unkind"))
    room.do("Bea", c.Leave())
    assert room.come_in("Eve", device=PHONE, address="elsewhere").mute_reason == "unkind"
    assert not room.come_in("Cal", address="elsewhere").mute_reason


# ---- knocking ------------------------------------------------------------------------------------------------------------


def test_the_name_is_kept_for_who_knocks_and_free_when_they_are_gone() -> None:
    room = meeting()
    knocks(room, "Bea")
    assert refusal(room, "", enter("Eve", nickname="Bea")).code == "name_taken"
    room.do("", d.Withdraw(knock="Bea"))
    room.do("", enter("Eve", nickname="Bea"))
    room.do("Mo", d.Admit(knock="Eve"))
    assert refusal(room, "", enter("Cal", nickname="Bea")).code == "name_taken"
    room.do("", go_in("Eve"))
    assert room.room.people["Eve"].nickname == "Bea"


def test_only_who_was_admitted_goes_in() -> None:
    room = meeting()
    knocks(room, "Bea")
    assert room.do("", go_in("Bea")) == 0
    assert not is_in(room, "Bea")
    assert refusal(room, "", go_in("nobody")).code == "not_joined"
    room.do("Mo", d.Admit(knock="Bea"))
    assert refusal(room, "Mo", d.Admit(knock="Bea")).code == "no_such_person"
    assert refusal(room, "Mo", d.Decline(knock="Bea")).code == "no_such_person"
    room.do("", go_in("Bea"))
    assert is_in(room, "Bea")


def test_a_second_connection_of_who_was_admitted_takes_the_seat_over() -> None:
    room = meeting()
    knocks(room, "Bea")
    room.do("Mo", d.Admit(knock="Bea"))
    room.do("", go_in("Bea", "one"))
    room.do("", go_in("Bea", "two"))
    assert room.room.people["Bea"].session == "two"


def test_a_connection_that_was_left_behind_withdraws_nothing() -> None:
    room = meeting()
    knocks(room, "Bea")
    room.do("", d.KnockAgain(knock="Bea", session="newer", process="there"))
    room.do("", d.Withdraw(knock="Bea", session="session of Bea"))
    assert list(room.room.gate.waiting) == ["Bea"]
    room.do("", d.Withdraw(knock="Bea", session="newer"))
    assert not room.room.gate.knocks
    assert refusal(room, "", d.KnockAgain(knock="Bea", session="late", process="here")).code == "not_joined"


def test_the_knocks_of_a_process_that_died_end() -> None:
    room = meeting()
    knocks(room, "Bea", "Cal")
    room.do("", d.KnockAgain(knock="Cal", session="newer", process="there"))
    room.do("", c.Tick(lost_processes=frozenset({"here"})))
    assert list(room.room.gate.waiting) == ["Cal"]


def test_so_many_may_wait() -> None:
    room = meeting()
    knocks(room, *(f"N{number}" for number in range(KNOCKS_PER_ROOM)))
    assert refusal(room, "", enter("Bea")).code == "full"
    room.do("Mo", d.AdmitAll())
    assert room.do("", enter("Bea"))


def test_so_many_may_wait_from_one_address() -> None:
    room = meeting()
    knocks(room)
    for number in range(KNOCKS_PER_TAG):
        room.do("", enter(f"N{number}", address="one", device=f"phone {number}"))
    assert refusal(room, "", enter("Bea", address="one", device="another")).code == "slow_down"
    assert room.do("", enter("Bea", address="two"))


def test_who_was_declined_knocks_again_after_a_minute() -> None:
    room = meeting()
    knocks(room)
    room.do("", enter("Bea", device=PHONE))
    room.do("Mo", d.Decline(knock="Bea"))
    for again in (enter("Eve", device=PHONE), enter("Eve", address="address of Bea")):
        declined = refusal(room, "", again)
        assert (declined.code, declined.retry_after_seconds) == ("slow_down", DECLINED_SECONDS)
    room.now += DECLINED_SECONDS * 1000
    assert room.do("", enter("Eve", device=PHONE))


def test_no_more_are_admitted_than_there_are_seats() -> None:
    room = meeting(capacity=4)
    knocks(room, "Bea", "Cal", "Dee")
    room.do("Mo", d.AdmitAll())
    assert list(room.room.gate.waiting) == ["Dee"]
    assert refusal(room, "Mo", d.Admit(knock="Dee")).code == "full"
    for name in ("Bea", "Cal"):
        room.do("", go_in(name))
    assert refusal(room, "Mo", d.AdmitAll()).code == "full"
    knocks(room, "Eve")
    assert list(room.room.gate.waiting) == ["Dee", "Eve"], "whoever knocks is not told that every seat is taken"
    room.do("Bea", c.Leave())
    room.do("Mo", d.Admit(knock="Dee"))
    room.do("", go_in("Dee"))
    assert is_in(room, "Dee")


def test_a_moderator_who_is_sent_back_comes_in_as_a_participant() -> None:
    room = meeting()
    room.come_in("Max", Role.MODERATOR, device=PHONE)
    room.do("Ada", d.SendBack(participant="Max", reason="please wait"))
    room.do("", enter("Nia", Role.MODERATOR, device=PHONE))
    room.do("Mo", d.Admit(knock="Nia"))
    room.do("", go_in("Nia"))
    assert room.room.people["Nia"].role is Role.PARTICIPANT


def test_who_is_sent_back_gives_up_the_floor_and_keeps_the_name() -> None:
    room = meeting()
    room.come_in("Bea")
    room.do("Mo", d.SendBack(participant="Bea", reason="please wait"))
    assert refusal(room, "Bea", c.OpenSession(session="again", process="here")).code == "not_joined"
    assert refusal(room, "", enter("Eve", nickname="Bea")).code == "name_taken"
    assert room.do("", enter("Bea again", nickname="Bea", address="address of Bea"))


def test_what_became_of_a_knock_names_who_knocked() -> None:
    room = meeting()
    knocks(room, "Bea")
    room.do("Mo", d.Decline(knock="Bea"))
    (action,) = [one for one in room.view("Ada")["desk"]["actions"] if one["event"] == "knock_ended"]
    assert (action["nickname"], action["by_nickname"], action["ending"]) == ("Bea", "Mo", KnockEnding.DECLINED)


def test_before_the_doors_open_nobody_knocks() -> None:
    room = Meeting(opened(doors_at=1_700_000_000_000 + MINUTE_MS))
    room.come_in("Ada", Role.HOST)
    knocks(room)
    assert refusal(room, "", enter("Bea")).code == "doors_closed"
