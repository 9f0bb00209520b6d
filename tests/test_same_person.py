"""A sanction follows the person as far as device and network tell, and never reaches a neighbour who is or was here."""

import ast
from collections.abc import Callable
from pathlib import Path

import pytest
from door_situation import knocks
from meeting import MINUTE_MS, Frame, Meeting, enter, link_of, refused

import chatroom
from chatroom.core import commands as c
from chatroom.core import door_commands as d
from chatroom.core.door_events import Caution, Door
from chatroom.core.events import Role
from chatroom.core.identity import token_hash
from chatroom.core.limits import DECLINED_SECONDS, MODERATOR_LINKS_PER_ROOM
from chatroom.core.refusals import Refused
from chatroom.core.rules.door import check_door, may_knock_at, must_knock, role_of
from chatroom.core.same_person import Visitor

HOME, ELSEWHERE = "home", "elsewhere"
PHONE, PRIVATE, OTHER = "bea's phone", "private window", "nia's phone"
MODERATOR_LINK = link_of(Role.MODERATOR)


def at_home() -> Meeting:
    """Bea and Nia are here from one network. Una was here from it before, with her own device."""
    meeting = Meeting()
    meeting.come_in("Ada", Role.HOST)
    meeting.come_in("Una", address=HOME, device="una's phone")
    meeting.do("Una", c.Leave())
    meeting.now += 15 * MINUTE_MS
    meeting.come_in("Bea", address=HOME, device=PHONE)
    meeting.come_in("Nia", address=HOME, device=OTHER)
    return meeting


def removed(meeting: Meeting) -> None:
    meeting.do("Ada", c.Remove(participant="Bea", reason="threats"))


def sent_back(meeting: Meeting) -> None:
    meeting.do("Ada", d.SendBack(participant="Bea", reason="please wait"))


def muted(meeting: Meeting) -> None:
    meeting.do("Ada", c.Mute(participant="Bea", minutes=None, reason="unkind"))


def muted_and_left(meeting: Meeting) -> None:
    muted(meeting)
    meeting.do("Bea", c.Leave(quiet=True))


def muted_and_dropped(meeting: Meeting) -> None:
    muted(meeting)
    meeting.do("Bea", c.DropSession(session="session of Bea"))


def demoted(meeting: Meeting) -> None:
    meeting.do("Ada", c.ChangeRole(participant="Bea", role="moderator"))
    meeting.do("Ada", c.ChangeRole(participant="Bea", role="participant"))


def demoted_and_left(meeting: Meeting) -> None:
    demoted(meeting)
    meeting.do("Bea", c.Leave())


WAYS_IN: dict[str, Visitor] = {
    "same device": Visitor(b"elsewhere", PHONE.encode()),
    "private window": Visitor(b"home", PRIVATE.encode()),
    "no device key": Visitor(b"home"),
    "neighbour who was here before": Visitor(b"home", b"una's phone"),
    "new device and network": Visitor(b"elsewhere", b"someone else"),
    "same device, moderator link": Visitor(b"elsewhere", PHONE.encode(), MODERATOR_LINK),
    "private window, moderator link": Visitor(b"home", PRIVATE.encode(), MODERATOR_LINK),
    "neighbour, moderator link": Visitor(b"home", b"una's phone", MODERATOR_LINK),
    "host link": Visitor(b"home", PHONE.encode(), link_of(Role.HOST)),
}

WALKS_IN = "walks in"
AS_MODERATOR = "walks in as moderator"
NOBODY_ELSE = {
    "neighbour who was here before": WALKS_IN,
    "new device and network": WALKS_IN,
    "neighbour, moderator link": AS_MODERATOR,
    "host link": "walks in as host",
}
A_NEIGHBOUR_IS_HERE = NOBODY_ELSE | {
    "private window": WALKS_IN,
    "no device key": WALKS_IN,
    "private window, moderator link": AS_MODERATOR,
}
EXPECTED: dict[Callable[[Meeting], None], dict[str, str]] = {
    removed: {
        **NOBODY_ELSE,
        "same device": "removed",
        "private window": "knocks: removed_near",
        "no device key": "knocks: removed_near",
        "same device, moderator link": "removed",
        "private window, moderator link": "knocks: removed_near",
    },
    sent_back: {
        **NOBODY_ELSE,
        "same device": "knocks: sent_back",
        "private window": "knocks: sent_back_near",
        "no device key": "knocks: sent_back_near",
        "same device, moderator link": "knocks: sent_back",
        "private window, moderator link": "knocks: sent_back_near",
    },
    muted: {
        **A_NEIGHBOUR_IS_HERE,
        "same device": "walks in muted",
        "same device, moderator link": "knocks: muted",
    },
    muted_and_left: {
        **NOBODY_ELSE,
        "same device": "walks in muted",
        "private window": "knocks: muted_near",
        "no device key": "knocks: muted_near",
        "same device, moderator link": "knocks: muted",
        "private window, moderator link": "knocks: muted_near",
    },
    demoted: {
        **A_NEIGHBOUR_IS_HERE,
        "same device": WALKS_IN,
        "same device, moderator link": "knocks: demoted",
    },
    demoted_and_left: {
        **NOBODY_ELSE,
        "same device": WALKS_IN,
        "private window": WALKS_IN,
        "no device key": WALKS_IN,
        "same device, moderator link": "knocks: demoted",
        "private window, moderator link": "knocks: demoted_near",
    },
}
EXPECTED[muted_and_dropped] = EXPECTED[muted_and_left]


def way_in(meeting: Meeting, visitor: Visitor) -> str:
    """What becomes of this visitor, who then is in the room or at its door."""
    try:
        check_door(meeting.room, visitor, meeting.now)
    except Refused as refusal:
        return refusal.code
    came = enter("Zoe")
    command = c.Enter(**{name: getattr(came, name) for name in came.__struct_fields__} | {"visitor": visitor})
    meeting.do("", command)
    if knock := meeting.room.gate.knocks.get("Zoe"):
        assert must_knock(meeting.room, visitor, meeting.now)
        return f"knocks: {', '.join(knock.cautions)}"
    person = meeting.room.people["Zoe"]
    as_role = "" if person.role is Role.PARTICIPANT else f" as {person.role}"
    return f"{WALKS_IN}{as_role}{' muted' if person.muted_until > meeting.now else ''}"


@pytest.mark.parametrize("name", WAYS_IN)
@pytest.mark.parametrize("sanction", EXPECTED, ids=lambda sanction: sanction.__name__)
def test_who_comes_after_a_sanction(sanction: Callable[[Meeting], None], name: str) -> None:
    meeting = at_home()
    sanction(meeting)
    assert way_in(meeting, WAYS_IN[name]) == EXPECTED[sanction][name]


@pytest.mark.parametrize("sanction", EXPECTED, ids=lambda sanction: sanction.__name__)
def test_a_neighbour_who_is_here_notices_nothing(sanction: Callable[[Meeting], None]) -> None:
    meeting = at_home()
    told: list[Frame] = []
    meeting.heard.append(lambda entry: told.extend(meeting.frames("Nia", entry)))
    sanction(meeting)
    assert not [frame for frame in told if frame["is"] == "personal"]
    assert meeting.say("Nia", "hello")
    meeting.do("Nia", c.Leave())
    assert way_in(meeting, Visitor(b"home", OTHER.encode())) == WALKS_IN


def test_nothing_at_the_door_tells_of_someone_removed_behind_the_same_address() -> None:
    meeting = at_home()
    removed(meeting)
    visitor = WAYS_IN["private window"]
    check_door(meeting.room, visitor, meeting.now)
    assert must_knock(meeting.room, visitor, meeting.now)
    meeting.do("", enter("Cal", address=HOME, device=PRIVATE))
    assert meeting.view("Ada")["desk"]["knocks"][0]["cautions"] == ["removed_near"]
    meeting.do("Ada", d.Admit(knock="Cal"))
    meeting.do("", d.GoIn(knock="Cal", session="session of Cal", process="here"))
    meeting.do("Cal", c.Leave())
    assert way_in(meeting, visitor) == WALKS_IN, "who was let in is known"


def test_everyone_is_let_in_but_those_about_whom_there_is_something_to_know() -> None:
    meeting = at_home()
    removed(meeting)
    knocks(meeting, "Dee")
    meeting.do("", enter("Cal", address=HOME, device=PRIVATE))
    meeting.do("Ada", d.AdmitAll())
    assert list(meeting.room.gate.waiting) == ["Cal"]
    assert refused(meeting, "Ada", d.AdmitAll()) == "already_so"


def test_the_network_is_left_alone_when_a_moderator_says_so_or_the_person_is_back() -> None:
    meeting = at_home()
    visitor = WAYS_IN["private window"]
    removed(meeting)
    meeting.do("Ada", c.ClearAddress(participant="Bea"))
    assert not must_knock(meeting.room, visitor, meeting.now)
    meeting.do("Ada", c.Readmit(participant="Bea"))
    muted_meeting = at_home()
    muted_and_dropped(muted_meeting)
    assert must_knock(muted_meeting.room, visitor, muted_meeting.now)
    muted_meeting.do("Bea", c.OpenSession(session="again", process="here"))
    assert not must_knock(muted_meeting.room, visitor, muted_meeting.now)


def test_a_mute_that_is_over_asks_nobody_to_knock() -> None:
    meeting = at_home()
    meeting.do("Ada", c.Mute(participant="Bea", minutes=5, reason="unkind"))
    meeting.do("Bea", c.Leave())
    assert must_knock(meeting.room, WAYS_IN["private window"], meeting.now)
    meeting.now += 5 * MINUTE_MS
    assert way_in(meeting, WAYS_IN["private window"]) == WALKS_IN


def test_a_sanction_is_for_every_seat_that_the_device_has() -> None:
    meeting = at_home()
    meeting.come_in("Eve", address=HOME, device=PHONE)
    muted(meeting)
    assert refused(meeting, "Eve", c.Post(origin_id="origin-1", text="x")) == "muted"
    meeting.do("Ada", c.Unmute(participant="Eve"))
    assert meeting.say("Bea", "thank you")
    removed(meeting)
    assert refused(meeting, "Eve", c.Post(origin_id="origin-1", text="x")) == "removed"
    meeting.do("Ada", c.Readmit(participant="Eve"))
    assert not meeting.room.removed


def test_a_second_seat_of_a_muted_device_is_muted_while_the_first_is_open() -> None:
    meeting = at_home()
    muted(meeting)
    assert meeting.come_in("Eve", address=ELSEWHERE, device=PHONE).mute_reason == "unkind"
    meeting.do("Ada", c.Unmute(participant="Eve"))
    meeting.do("Eve", c.Leave())
    assert meeting.come_in("Eva", device=PHONE).muted_until == 0, "an unmute is for the person as well"


def test_a_demotion_is_for_every_seat_of_the_device_until_a_host_takes_it_back() -> None:
    meeting = at_home()
    meeting.come_in("Mo", Role.MODERATOR, address=HOME, device="mo's phone")
    meeting.come_in("May", Role.MODERATOR, address=HOME, device="mo's phone")
    meeting.come_in("Max", Role.MODERATOR, address=HOME, device="max's phone")
    meeting.do("Ada", c.ChangeRole(participant="Mo", role="participant"))
    roles = {name: meeting.room.people[name].role for name in ("Mo", "May", "Max")}
    assert roles == {"Mo": Role.PARTICIPANT, "May": Role.PARTICIPANT, "Max": Role.MODERATOR}
    visitor = Visitor(b"elsewhere", b"mo's phone", MODERATOR_LINK)
    assert role_of(meeting.room, visitor, meeting.now) is Role.PARTICIPANT
    meeting.do("Ada", c.ChangeRole(participant="May", role="moderator"))
    assert not meeting.room.demoted & {"May"}


# ---- names ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("goes", [c.Leave(), c.Leave(quiet=True)], ids=str)
def test_a_name_is_kept_for_the_device_until_the_end(goes: c.Leave) -> None:
    meeting = at_home()
    meeting.say("Bea", "hello")
    meeting.do("Bea", goes)
    for address, device in ((HOME, PRIVATE), (HOME, ""), (ELSEWHERE, "another"), (HOME, "una's phone")):
        assert refused(meeting, "", enter("Eve", nickname="BEA", address=address, device=device)) == "name_taken"
    assert meeting.come_in("Bea again", nickname="Bea", address=ELSEWHERE, device=PHONE).here
    assert refused(meeting, "", enter("Eve", nickname="Bea", address=ELSEWHERE, device=PHONE)) == "name_taken", "it is in use"


def test_the_name_of_someone_removed_waits_for_the_seat() -> None:
    meeting = at_home()
    removed(meeting)
    assert refused(meeting, "", enter("Eve", nickname="Bea")) == "name_taken"
    meeting.do("Ada", c.Readmit(participant="Bea"))
    assert refused(meeting, "", enter("Eve", nickname="Bea", device=PHONE)) == "name_taken"
    meeting.do("Bea", c.OpenSession(session="again", process="here"))
    assert meeting.room.people["Bea"].here


def test_without_a_device_key_a_name_is_kept_for_the_network() -> None:
    meeting = at_home()
    meeting.come_in("Cal", address="cal's network")
    meeting.do("Cal", c.Leave())
    for address, device in ((HOME, ""), ("cal's network", "a device")):
        assert refused(meeting, "", enter("Eve", nickname="Cal", address=address, device=device)) == "name_taken"
    assert meeting.come_in("Cal again", nickname="Cal", address="cal's network").here


@pytest.mark.parametrize("ending", [d.Decline(knock="Eve"), d.Withdraw(knock="Eve")], ids=lambda ending: type(ending).__name__)
def test_a_name_that_someone_knocked_with_again_stays_theirs(ending: d.Decline | d.Withdraw) -> None:
    meeting = at_home()
    meeting.do("Bea", c.Leave())
    meeting.room.gate.known.clear()
    knocks(meeting)
    meeting.do("", enter("Eve", nickname="Bea", device=PHONE))
    assert refused(meeting, "", enter("Zoe", nickname="Bea", device=PHONE)) == "name_taken"
    meeting.do("Ada" if isinstance(ending, d.Decline) else "", ending)
    assert refused(meeting, "", enter("Zoe", nickname="Bea")) == "name_taken"


# ---- the moderator link --------------------------------------------------------------------------------------------------


def with_moderators() -> Meeting:
    """Mo, Max and Bea, who moderate, are at home, each with an own device; Ada is the host."""
    meeting = Meeting()
    meeting.come_in("Ada", Role.HOST)
    for name in ("Mo", "Max", "Bea"):
        meeting.come_in(name, Role.MODERATOR, address=HOME, device=f"{name}'s phone")
    return meeting


def removes_mo(meeting: Meeting) -> None:
    meeting.do("Ada", c.Remove(participant="Mo", reason="threats"))


def sends_mo_back(meeting: Meeting) -> None:
    meeting.do("Ada", d.SendBack(participant="Mo", reason="please wait"))


def demotes_mo(meeting: Meeting) -> None:
    meeting.do("Ada", c.ChangeRole(participant="Mo", role="participant"))


def replaces_the_link(meeting: Meeting) -> None:
    command = d.NewModeratorLink(command=d.ReplaceModeratorLink(), token_hash=token_hash("a new token"))
    meeting.do("Ada", command)


@pytest.mark.parametrize("act", [removes_mo, sends_mo_back, demotes_mo, replaces_the_link], ids=lambda act: act.__name__)
def test_the_moderator_link_is_worth_nothing_to_someone_new_after_it(act: Callable[[Meeting], None]) -> None:
    meeting = with_moderators()
    meeting.do("Ada", d.SetDoor(door=Door.LOCKED))
    act(meeting)
    assert way_in(meeting, Visitor(b"a new network", b"a new device", MODERATOR_LINK)) == "knocks: old_link"
    meeting.do("Ada", d.Admit(knock="Zoe"))
    meeting.do("", d.GoIn(knock="Zoe", session="session of Zoe", process="here"))
    assert meeting.room.people["Zoe"].role is Role.PARTICIPANT


@pytest.mark.parametrize("act", [removes_mo, sends_mo_back, demotes_mo, replaces_the_link], ids=lambda act: act.__name__)
def test_other_moderators_behind_the_same_address_keep_their_role(act: Callable[[Meeting], None]) -> None:
    meeting = with_moderators()
    act(meeting)
    assert meeting.room.people["Max"].role is Role.MODERATOR
    meeting.do("Max", c.DropSession(session="session of Max"))
    meeting.do("Max", c.OpenSession(session="again", process="here"))
    assert meeting.room.people["Max"].moderates
    meeting.do("Bea", c.Leave())
    assert way_in(meeting, Visitor(b"home", b"Bea's phone", MODERATOR_LINK)) == AS_MODERATOR


def test_someone_who_was_made_a_moderator_knew_no_link() -> None:
    meeting = with_moderators()
    meeting.come_in("Cal")
    meeting.do("Ada", c.ChangeRole(participant="Cal", role="moderator"))
    meeting.do("Ada", c.ChangeRole(participant="Cal", role="participant"))
    assert meeting.view("Ada")["desk"]["moderator_link"] is True
    meeting.do("Ada", c.ChangeRole(participant="Cal", role="moderator"))
    replaces_the_link(meeting)
    meeting.do("Ada", c.ChangeRole(participant="Cal", role="participant"))
    assert meeting.view("Ada")["desk"]["moderator_link"] is False, "the page was told the new one"


def test_a_mute_of_a_moderator_takes_no_link_back() -> None:
    meeting = with_moderators()
    meeting.do("Ada", c.Mute(participant="Mo", minutes=5, reason="a pause"))
    assert way_in(meeting, Visitor(b"elsewhere", b"new", MODERATOR_LINK)) == AS_MODERATOR


def test_the_new_link_makes_moderators_and_is_not_in_the_log() -> None:
    meeting = with_moderators()
    demotes_mo(meeting)
    assert meeting.view("Ada")["desk"]["moderator_link"] is False
    replaces_the_link(meeting)
    assert meeting.view("Ada")["desk"]["moderator_link"] is True
    assert way_in(meeting, Visitor(b"elsewhere", b"new", token_hash("a new token"))) == AS_MODERATOR
    with pytest.raises(Refused, match="no_such_room"):
        check_door(meeting.room, Visitor(b"elsewhere", b"new", token_hash("never given")), meeting.now)


def test_hosts_alone_replace_the_link_and_not_without_end() -> None:
    meeting = with_moderators()
    assert refused(meeting, "Mo", d.ReplaceModeratorLink()) == "not_allowed"
    for _ in range(MODERATOR_LINKS_PER_ROOM):
        replaces_the_link(meeting)
    assert refused(meeting, "Ada", d.ReplaceModeratorLink()) == "too_often"


WAITS = {"same device": True, "private window": True, "new device and network": False, "neighbour who was here before": False}


@pytest.mark.parametrize("name", WAITS)
def test_a_decline_holds_for_a_minute_for_the_device_and_for_a_new_one_beside_it(name: str) -> None:
    meeting = Meeting()
    meeting.come_in("Ada", Role.HOST)
    meeting.come_in("Una", address=HOME, device="una's phone")
    meeting.do("Una", c.Leave())
    knocks(meeting)
    meeting.do("", enter("Cal", address=HOME, device=PHONE))
    meeting.do("Ada", d.Decline(knock="Cal"))
    waits = may_knock_at(meeting.room, WAYS_IN[name]) == meeting.now + DECLINED_SECONDS * 1000
    assert waits is WAITS[name]


def test_every_caution_is_tried() -> None:
    knocked = {way.removeprefix("knocks: ") for ways in EXPECTED.values() for way in ways.values() if way.startswith("knocks")}
    assert set(", ".join(knocked).split(", ")) == set(Caution) - {Caution.OLD_LINK, Caution.MANY_NEAR}


TAGS = {"network_tag", "device_tag"}


def test_tags_are_compared_in_one_module_only() -> None:
    """Everything that is decided about a person asks there."""
    found = [
        f"{path.name}:{node.lineno}"
        for path in Path(chatroom.__file__).parent.rglob("*.py")
        if path.name != "same_person.py"
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Compare)
        and any(isinstance(part, ast.Attribute) and part.attr in TAGS for part in (node.left, *node.comparators))
    ]
    assert found == []
