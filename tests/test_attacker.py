# ruff: noqa: RUF001 - names that look like others are what an attacker brings
"""An attacker at work: guessing rooms, taking seats and roles, posing as others, flooding, and patterns that never end.

docs/security.md says what an attacker wants and names the tests, here and elsewhere, that stand in the way.
"""

import json
import pkgutil
import re
import signal
from collections.abc import Callable, Iterator
from importlib import import_module
from itertools import count
from typing import Any

import msgspec
import pytest
from fake_time import in_fake_time
from house import Guest, generous, house
from scene_drivers import WAIT_SECONDS
from talking import Street

import chatroom
from chatroom.core.door_frames import Work
from chatroom.core.identity import SECRET_BYTES, new_secret
from chatroom.core.limits import DROPPED_AFTER_SECONDS, GUARD_JOINS_AT_LEAST, SEATS_PER_DEVICE
from chatroom.core.refusals import Close
from chatroom.live.proof_of_work import is_proof
from chatroom.live.slow_hashes import SlowHashes
from chatroom.moderation.policy import Recent, Said
from chatroom.moderation.registry import choose

NEVER_EXISTED = new_secret(bytes(SECRET_BYTES))

# ---- finding rooms -------------------------------------------------------------------------------------------------------


def counted(monkeypatch: pytest.MonkeyPatch) -> Callable[[], int]:
    """How many slow hashes ran since it was asked last. They are nearly all the time that an answer takes."""
    ran = 0
    run = SlowHashes.run

    async def counting(self: SlowHashes, function: Callable[..., Any], *arguments: object) -> Any:
        nonlocal ran
        ran += 1
        return await run(self, function, *arguments)

    def since() -> int:
        nonlocal ran
        before, ran = ran, 0
        return before

    monkeypatch.setattr(SlowHashes, "run", counting)
    return since


@in_fake_time
async def test_a_wrong_code_costs_the_same_whether_a_room_was_ever_there(monkeypatch: pytest.MonkeyPatch) -> None:
    async with house() as inn:
        ended = inn.keys
        await (await inn.join("Ada", "host")).ask("end")
        await inn.open()
        near = inn.keys.secret.rpartition("-")[0] + "-" + NEVER_EXISTED.rpartition("-")[2]
        ran = counted(monkeypatch)
        for secret in (NEVER_EXISTED, NEVER_EXISTED, ended.secret, ended.secret, near):
            for token in ("", ended.host_token, inn.keys.host_token):
                guest = await inn.door(secret=secret, token=token)
                assert (guest.closed, ran()) == (Close.NO_SUCH_ROOM, 1)
        for nonsense in ("", "six", "five words of the list here", NEVER_EXISTED + "-more", "x" * 100):
            guest = await inn.door(secret=nonsense)
            assert (guest.closed, ran()) == (Close.NO_SUCH_ROOM, 0), "what cannot be a code tells nothing about any"


@in_fake_time
async def test_a_wrong_passphrase_says_nothing_about_the_right_one(monkeypatch: pytest.MonkeyPatch) -> None:
    async with house(generous(), passphrase="quiet river") as inn:
        ran = counted(monkeypatch)
        answers = set()
        for words in ("q", "quiet rive", "quiet riveR", "quiet  river", "x" * 128):
            guest = await inn.door()
            ran()
            answer = await guest.ask("join", nickname="Bea", accept_rules=True, passphrase=words)
            answers.add((answer["code"], answer["sentence"], answer["retry_after_seconds"], answer["detail"], ran()))
        assert len(answers) == 1


PATHS = (
    *("/", "/r", "/r/{0}", "/r/{1}", "/{0}", "/r?code={0}", "/rooms/{0}", "/api/rooms/{0}", "/api/rooms?secret={0}"),
    *("/ws?secret={0}", "/static/{0}", "/healthz", "/readyz"),
)


async def everything_over_http(server: Street, secret: str) -> list[tuple[str, int, bytes, dict[str, str]]]:
    """What the server says at every address an attacker may think of."""
    words = secret.replace("-", " ")
    paths = [path.format(secret, words) for path in PATHS]
    said = []
    for path in paths:
        for method in ("GET", "HEAD", "POST", "DELETE"):
            answer = await server.http.request(method, path)
            headers = {name: value for name, value in answer.headers.items() if name != "date"}
            said.append(
                (f"{method} {path.replace(secret, '*').replace(words, '*')}", answer.status_code, answer.content, headers)
            )
    return said


async def test_no_address_tells_whether_a_room_is_there(server: Street) -> None:
    keys = await server.open_room()
    nothing, something = await everything_over_http(server, NEVER_EXISTED), await everything_over_http(server, keys.secret)
    assert [said for said, other in zip(nothing, something, strict=True) if said != other] == []


# ---- taking seats and roles ----------------------------------------------------------------------------------------------


@in_fake_time
async def test_a_seat_that_was_given_up_or_taken_away_opens_nothing_to_who_stole_it() -> None:
    async with house(generous()) as inn:
        ada, bea, cal = await inn.join("Ada", "host"), await inn.join("Bea"), await inn.join("Cal")
        await bea.ask("leave")
        await ada.ask("remove", participant=cal.me, reason="a reason")
        for owner in (bea, cal):
            for fields in ({}, {"position": owner.position}, {"page": 9, "attempt": 9}):
                thief = await inn.door(seat=owner.seat, **fields)
                answer = await thief.ask("post", origin_id="origin-1", text="hello")
                assert answer["code"] in ("not_joined", Close.LEFT, Close.REMOVED)
                assert not thief.all("welcome")
        assert ada.texts == []


@in_fake_time
async def test_a_hello_that_is_replayed_takes_no_seat_over() -> None:
    async with house(generous()) as inn:
        bea = await inn.join("Bea")
        seat = bea.seat
        newest = await inn.door(seat=seat, page=2, attempt=5)
        assert newest.all("welcome")
        for page, attempt in ((1, 9), (2, 4)):
            replayed = await inn.door(seat=seat, page=page, attempt=attempt)
            assert not replayed.all("welcome")
        assert not newest.closed


@in_fake_time
async def test_one_device_that_is_known_brings_in_one_person() -> None:
    async with house(generous()) as inn:
        ada = await inn.join("Ada", "host")
        bea = await inn.door(device="device")
        assert (await bea.ask("join", nickname="Bea", accept_rules=True))["is"] == "welcome"
        for door in ("knock", "locked"):
            await ada.ask("set_door", door=door)
            raider = await inn.door(device="device")
            assert raider.last("door")["door"] == door
        bea.cut()
        await inn.loop.advance(DROPPED_AFTER_SECONDS + 1)
        again = await inn.door(device="device")
        assert again.last("door")["door"] == "open"


@in_fake_time
async def test_many_seats_of_one_device_count_as_many() -> None:
    async with house(generous(), capacity=4 * GUARD_JOINS_AT_LEAST) as inn:
        ada = await inn.join("Ada", "host")
        for number in range(GUARD_JOINS_AT_LEAST + 2):
            raider = await inn.door(device=f"device {number // SEATS_PER_DEVICE}")
            await raider.ask("join", nickname=f"Willow {number}", accept_rules=True)
        assert [frame["signal"] for frame in ada.all("entry") if frame["event"] == "guard_raised"] == ["joins"]
        assert raider.last("door")["work"], "whose device is known works like everyone while it is in use"


AGAINST_SOMEONE: dict[str, dict[str, object]] = {
    "mute": {"minutes": 5, "reason": "mine now"},
    "remove": {"reason": "mine now"},
    "change_role": {"role": "participant"},
}
HOSTS_ONLY: dict[str, dict[str, object]] = {"extend": {"minutes": 5}, "end": {}}


@in_fake_time
async def test_a_host_is_not_to_be_taken_over() -> None:
    async with house(generous()) as inn:
        ada, mo, bea = await inn.join("Ada", "host"), await inn.join("Mo", "moderator"), await inn.join("Bea")
        for attacker in (mo, bea):
            for do, fields in AGAINST_SOMEONE.items():
                refused = await attacker.ask(do, participant=ada.me, **fields)
                assert refused["code"] in ("not_allowed", "not_above_you"), refused
            for do, fields in HOSTS_ONLY.items():
                assert (await attacker.ask(do, **fields))["code"] == "not_allowed"
            refused = await attacker.ask("change_role", participant=attacker.me, role="host")
            assert refused["is"] == "refused"
        assert (await ada.ask("extend", minutes=5))["is"] == "done"
        assert {person["role"] for person in ada.screen().room["people"].values()} == {"host", "moderator", "participant"}


# ---- posing as someone ---------------------------------------------------------------------------------------------------

TRICKS = {
    "name_taken": [
        "ada fern", "ADA FERN", "AdaFern", "A d a F e r n", "Ada\u00a0Fern", "Ada\u2009Fern", "Ada\u3000Fern", "Ada-Fern",
        "Ada.Fern", "Ada_Fern", "Ada Fern!", "«Ada Fern»", "(Ada Fern)", "Ada Fern 🌿", "Ada Fern ✓", "Ada Fern\ufe0f",
        "Ádá Férn", "Ada F\u0115rn", "A\u0308da Fern", "Ada Fe\u0323rn", "Ada Fern\u0301", "Ⱥda Fern", "Ada Ƒern", "Adᶏ Fern",
        "Ａｄａ Ｆｅｒｎ", "𝐀𝐝𝐚 𝐅𝐞𝐫𝐧", "𝒜𝒹𝒶 ℱℯ𝓇𝓃", "𝔸𝕕𝕒 𝔽𝕖𝕣𝕟", "𝖠𝖽𝖺 𝖥𝖾𝗋𝗇", "Ⓐⓓⓐ Ⓕⓔⓡⓝ", "🄰🄳🄰 🄵🄴🅁🄽", "ᴀᴅᴀ ꜰᴇʀɴ", "ᴬᵈᵃ ᶠᵉʳⁿ",
        "АԁА Fern", "Аԁа Ғегп", "4da Fern", "Ada F3rn", "Ada Fem", "Ada Feɾn", "Ada'\"Fern",
    ],
    "name_not_allowed": [
        "Ada\u200bFern", "Ada\u200dFern", "Ada\u2060Fern", "\ufeffAda Fern", "Ada\u00adFern", "Ada\u034fFern", "Ada\u2063 Fern",
        "Ada Fern\u3164", "Ada Fern\u2800", "Ada Fern\u200e", "\u202enreF adA", "\u2067Ada Fern\u2069", "Ada\u061cFern",
        "A\u0336da Fern", "A\u0300\u0301\u0302\u0303\u0304da Fern", "🅐🅓🅐 🅕🅔🅡🅝", "🇦🇩🇦 🇫🇪🇷🇳", "Аda Fern", "Αda Fern",
        "Ada Fеrn", "Ꭺda Fern", "ꓮda Fern", "Ada Feᴨn", "Ada Ferո", "Ada·Fern", "Ada Fern\0", "Ada\x1b[31m Fern", "Ada\nFern",
        "Ada\x85Fern", "Ada\u2028Fern", "Ada Fern\uffff", "Ada Fern\ue000", "Hоst", "мoderator", "ѕystem",
    ],
    "name_reserved": [
        "Ada Fern (host)", "[host] Ada", "h0st", "ＨＯＳＴ", "ⓗⓞⓢⓣ", "ħøşŧ", "rnoderator", "ᵯod", "Mod Ada", "𝖒𝖔𝖉",
        "adm\u0131n", "Moderator ✓", "Anfitriona", "staff",
    ],
    "name_contact": ["@da Fern", "ada@fern.org", "t.me/ada", "wa.me/4420", "ada.fern.com", "+44 20 7946 0018"],
}  # fmt: skip


@in_fake_time
async def test_nobody_comes_in_under_a_name_that_passes_for_the_host_or_a_role() -> None:
    assert sum(map(len, TRICKS.values())) >= 60
    async with house(generous()) as inn:
        await inn.join("Ada Fern", "host")
        for code, names in TRICKS.items():
            for name in names:
                guest = await inn.door()
                answer = await guest.ask("join", nickname=name, accept_rules=True)
                assert answer.get("code") == code, (ascii(name), answer)


# ---- floods --------------------------------------------------------------------------------------------------------------


@in_fake_time
async def test_a_flood_of_reports_silences_nobody_and_is_bounded_for_the_moderators() -> None:
    async with house(generous()) as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        attackers = [await inn.join(f"Willow {letter}") for letter in "ABCDEFGHJK"]
        said = [(await bea.ask("post", origin_id=f"origin-{n}", text=f"words {n}"))["id"] for n in range(4)]
        for attacker in attackers:
            for message in said * 25:
                attacker.say("report", message=message, reason="spam", words="x" * 200)
        await inn.loop.settle()
        told = [frame for frame in ada.all("entry") if frame["event"] == "reported"]
        assert len(told) == 3 * len(attackers), "as many as each may make at once"
        assert not bea.closed
        assert (await bea.ask("post", origin_id="origin-x", text="still here"))["is"] == "done"
        assert not [frame for frame in bea.frames if "report" in json.dumps(frame)]


def solved(work: dict[str, Any]) -> str:
    """The answer to a puzzle."""
    puzzle = Work(work["salt"], work["bits"])
    return next(nonce for nonce in map(str, count()) if is_proof(puzzle, nonce))


@in_fake_time
async def test_a_proof_of_work_is_worth_one_seat_on_one_connection() -> None:
    async with house(generous(), capacity=4 * GUARD_JOINS_AT_LEAST) as inn:
        for number in range(GUARD_JOINS_AT_LEAST + 1):
            await inn.join(f"Willow {number}")
        mine, other = await inn.door(), await inn.door()
        work, its = mine.last("door")["work"], other.last("door")["work"]
        assert work["salt"] != its["salt"]
        nonce = solved(work)
        for guest, wrong in ((other, nonce), (other, ""), (other, "x" * 32), (mine, solved(its))):
            before = guest.last("door")["work"]
            refused = await guest.ask("join", nickname="Zed", accept_rules=True, work=wrong)
            assert refused["code"] == "work_needed"
            assert guest.last("door")["work"] == before, "a wrong answer changes nothing"
        refused = await mine.ask("join", nickname="Willow 1", accept_rules=True, work=nonce)
        assert (refused["code"], mine.last("door")["work"]) == ("name_taken", None), "it is solved, whatever else is wrong"
        assert (await mine.ask("join", nickname="Zed", accept_rules=True))["is"] == "welcome"
        again = await inn.door()
        refused = await again.ask("join", nickname="Zoe", accept_rules=True, work=nonce)
        assert refused["code"] == "work_needed"


@in_fake_time
async def test_a_client_that_answers_every_door_frame_gets_in() -> None:
    async with house(generous(), capacity=4 * GUARD_JOINS_AT_LEAST) as inn:
        ada = await inn.join("Ada", "host")
        for number in range(GUARD_JOINS_AT_LEAST + 1):
            await inn.join(f"Willow {number}")
        eager, answered, names = await inn.door(), 0, iter(("Ada", "Willow 1", "Zed"))
        while not eager.all("welcome"):
            doors = eager.all("door")
            assert answered < len(doors), "a door frame leads on, or the refusal"
            nonces = [solved(door["work"]) for door in doors[answered:] if door["work"]]
            answered = len(doors)
            for nonce in nonces or [""]:
                eager.say("join", nickname=next(names), accept_rules=True, work=nonce)
            await ada.ask("extend", minutes=5)
            await inn.loop.advance(1)
        assert not eager.closed


# ---- patterns that never end ---------------------------------------------------------------------------------------------

LONG = 2_000
"""Code points: as many as a message may have."""
HOSTILE = [
    *(
        piece * LONG
        for piece in ("a", "1", " ", ".", "-", "@", "/", "(", "1-", "1.", "a.", "a@", "1 ", "(1", "1(", "a b ", "\u0301")
    ),
    *(piece * LONG + "!" for piece in ("a", "1", "1 ", "a-", "a\u0301", "[", "(", "{a", ".com")),
    "a" * LONG + "\n" + "1" * LONG,
]


BOMBS = [
    "(a+)+$", "(a|a)*b", "(.*)*x", "(a*)*b", "(a|aa)+$", "(x+x+)+y", "([a-zA-Z]+)*!", "(.*a){20}", ".*.*.*.*.*.*=",
    "(a?){100}a{100}", "(a{1,50}){1,50}", "((a{100}){100}){100}", "(((.{50}){50}){50}){50}", "\\pL{1,1000}z",
    "(\\w{1,30}\\s{1,30}){1,30}x",
]  # fmt: skip
NO_RE2 = ["(?=a)a", "(?!a)b", "(?<=a)b", r"(a)\1", "(?>a+)b", "[", "*", "(?P<", "a{1001}", "\\", "(?R)", "a**"]


@pytest.mark.usefixtures("alarm")
@in_fake_time
async def test_no_pattern_of_a_room_stops_the_room() -> None:
    async with house(msgspec.structs.replace(generous(), policies=choose(["words"]))) as inn:
        ada, bea = await inn.join("Ada", "host"), await inn.join("Bea")
        for pattern in NO_RE2:
            refused = await ada.ask("set_words", words=[{"pattern": pattern, "kind": "re2", "verdict": "hold"}])
            assert refused["code"] == "words_wrong", pattern
        taken = [pattern for pattern in BOMBS if await is_taken(ada, pattern)]
        assert 5 < len(taken) < len(BOMBS), "RE2 takes what it can look for in bounded space, and no more"
        words = [{"pattern": pattern, "kind": "re2", "verdict": "nudge"} for pattern in (taken * 100)[:100]]
        assert (await ada.ask("set_words", words=words))["is"] == "done"
        for number, text in enumerate(("a" * LONG, "x" * (LONG - 1) + "!", "a" * (LONG - 1) + "b")):
            answer = await bea.ask("post", origin_id=f"origin-{number}", text=text)
            assert answer.get("code") in (None, "nudged"), answer


async def is_taken(host: Guest, pattern: str) -> bool:
    answer = await host.ask("set_words", words=[{"pattern": pattern, "kind": "re2", "verdict": "hold"}])
    return bool(answer["is"] == "done")


@pytest.fixture
def alarm() -> Iterator[None]:
    """Ends what would never end: a last resort."""

    def end(*_: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, end)
    signal.alarm(WAIT_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def patterns() -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every regular expression of ours that backtracks and is applied to text."""
    for module in pkgutil.walk_packages(chatroom.__path__, "chatroom."):
        if module.name.endswith("__main__") or module.name.endswith("_send_all"):
            continue
        for name, value in vars(import_module(module.name)).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                yield f"{module.name}.{name}", value


@pytest.mark.usefixtures("alarm")
@pytest.mark.parametrize(("name", "pattern"), [pytest.param(*each, id=each[0]) for each in patterns()])
def test_no_pattern_of_ours_takes_for_ever(name: str, pattern: re.Pattern[str]) -> None:
    """Hours, if it backtracked without end; a moment as it is."""
    for text in HOSTILE:
        assert len(pattern.sub("", text)) <= len(text)
        pattern.fullmatch(text)


@pytest.mark.usefixtures("alarm")
def test_no_policy_of_ours_takes_for_ever() -> None:
    names = ["risk", "contact", "hurtful", "repeated", "walls", "words", "drugs"]
    for chosen in choose(names):
        for kind in chosen.policy.kinds:
            for text in HOSTILE:
                recent = tuple(Recent(text, at) for at in range(6))
                assert chosen.policy.review(Said(text=text, kind=kind, now=10, recent=recent)) is not None
