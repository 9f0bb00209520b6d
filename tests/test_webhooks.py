"""Webhooks: signed, tried again, given up; their settings; nothing of them in a log."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path

import msgspec
import pytest
from fake_time import fake_time_loop, in_fake_time
from receiver import KEY, NAME, SECRET, Receiver
from scene_drivers import WAIT_SECONDS
from standardwebhooks import Webhook

from chatroom.hooks.counts import STOP_SECONDS, WAITING_AT_MOST, Missed
from chatroom.hooks.delivery import WAITS_SECONDS, Delivery
from chatroom.hooks.hook import Kind, Occasion
from chatroom.hooks.post import Answer, NotAnswered
from chatroom.hooks.webhook import TYPES, body, headers
from chatroom.web.check import problems
from chatroom.web.logs import LineFormatter
from chatroom.web.settings import Settings, SettingsError

AT = 1_790_000_000_250
ROOM = "0f" * 16


def occasion(number: int = 1, **fields: object) -> Occasion:
    plain = Occasion(
        kind=Kind.JOINED, at=AT, room=ROOM, offset=number, here=3, moderators_here=1, facts={"role": "participant"}
    )
    return msgspec.structs.replace(plain, **fields)


# ---- what is sent --------------------------------------------------------------------------------------------------------


def test_a_body_says_what_when_and_where() -> None:
    assert json.loads(body(occasion(7))) == {
        "type": "person.joined",
        "timestamp": "2026-09-21T14:13:20.250Z",
        "data": {"room": ROOM, "offset": 7, "here": 3, "moderators_here": 1, "role": "participant"},
    }
    assert json.loads(body(occasion(texts={"reason": "spam"})))["data"]["texts"] == {"reason": "spam"}
    assert set(TYPES) == set(Kind)


def test_the_signature_is_that_of_standard_webhooks() -> None:
    content = body(occasion())
    at = int(datetime.now(UTC).timestamp())
    given = headers(KEY, "msg_1", at, content)
    assert Webhook(SECRET).verify(content, given) == json.loads(content)
    example = headers(KEY, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert example["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


# ---- when it is sent, in fake time ---------------------------------------------------------------------------------------


class ScriptedPost:
    """Answers as told, then 200 for ever; remembers when it was asked for what."""

    def __init__(self, *answers: Answer | str) -> None:
        self.answers = list(answers)
        self.heard: list[tuple[float, str, int]] = []
        """Seconds since the start, id, number."""
        self.gate = asyncio.Event()
        self.gate.set()
        self._start = fake_time_loop().time()

    async def post(self, headers: dict[str, str], body: bytes) -> Answer:
        number = json.loads(body)["data"]["offset"]
        self.heard.append((fake_time_loop().time() - self._start, headers["webhook-id"], number))
        await self.gate.wait()
        answer = self.answers.pop(0) if self.answers else Answer(200)
        if answer == "a defect":
            raise RuntimeError
        if isinstance(answer, str):
            raise NotAnswered(answer)
        return answer

    @property
    def numbers(self) -> list[int]:
        return [number for _, _, number in self.heard]


@asynccontextmanager
async def delivering(post: ScriptedPost, draw: float = 0) -> AsyncIterator[Delivery]:
    delivery = Delivery(post, KEY, wall_clock=lambda: AT / 1000, draw=lambda: draw)
    delivery.start()
    try:
        yield delivery
    finally:
        post.gate.set()
        await delivery.stop()


@in_fake_time
async def test_a_failure_is_tried_again_ten_times_in_all_with_growing_waits_under_one_id() -> None:
    for draw, share in ((0.0, 1.0), (1.0, 0.5)):
        post = ScriptedPost(*["timeout"] * 20)
        async with delivering(post, draw) as delivery:
            delivery.happened(occasion())
            await fake_time_loop().advance(48 * 3600)
            whens = [when for when, _, _ in post.heard]
            waits = [round(later - earlier) for earlier, later in pairwise(whens)]
            assert waits == [round(wait * share) for wait in WAITS_SECONDS]
            assert len(post.heard) == 10
            assert len({letter for _, letter, _ in post.heard}) == 1
            assert delivery.counts == {Missed.WEBHOOK_FAILED: 10, Missed.WEBHOOK_DEAD: 1}


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 413, 415, 422, 451])
def test_an_answer_that_blames_the_letter_ends_it_at_once(status: int) -> None:
    @in_fake_time
    async def run() -> None:
        post = ScriptedPost(Answer(status))
        async with delivering(post) as delivery:
            delivery.happened(occasion())
            await fake_time_loop().advance(48 * 3600)
            assert len(post.heard) == 1
            assert delivery.counts == {Missed.WEBHOOK_DEAD: 1}

    run()


@pytest.mark.parametrize(
    "answer", [*map(Answer, (300, 301, 302, 303, 307, 308, 408, 425, 429, 500, 502, 503, 599)), "timeout", "a defect"]
)
def test_any_other_failure_is_tried_again(answer: Answer | str) -> None:
    @in_fake_time
    async def run() -> None:
        post = ScriptedPost(answer, Answer(204))
        async with delivering(post) as delivery:
            delivery.happened(occasion())
            await fake_time_loop().advance(60)
            assert [when for when, _, _ in post.heard] == [0, WAITS_SECONDS[0]]
            assert delivery.counts == {Missed.WEBHOOK_FAILED: 1}

    run()


RETRY_AFTER = {
    "90": 90.0,
    "1": 5.0,
    "0": 5.0,
    "99999999999999999999": 28_800.0,
    "Mon, 21 Sep 2026 14:15:00 GMT": 99.75,
    "Mon, 21 Sep 2026 14:15:00": 99.75,
    "Sun, 20 Sep 2026 14:15:00 GMT": 5.0,
    "Fri, 31 Dec 9999 23:59:59 GMT": 28_800.0,
    "Mon, 21 Sep 2026 14:15:00 +99999999999999999999": 5.0,
    "Mon, 99999999999999999999 Sep 2026 14:15:00 GMT": 5.0,
    "-5": 5.0,
    "soon": 5.0,
    "٩٠": 5.0,
    "": 5.0,
}


@pytest.mark.parametrize("header", RETRY_AFTER)
def test_a_receiver_may_say_when_to_come_again_within_bounds(header: str) -> None:
    @in_fake_time
    async def run() -> None:
        post = ScriptedPost(Answer(503, header))
        async with delivering(post) as delivery:
            delivery.happened(occasion())
            await fake_time_loop().advance(28_800 + 1)
            assert [when for when, _, _ in post.heard] == [0, RETRY_AFTER[header]]

    run()


@in_fake_time
async def test_first_tries_keep_their_order_and_do_not_wait_for_one_that_failed() -> None:
    post = ScriptedPost(Answer(200), Answer(500), Answer(200))
    async with delivering(post) as delivery:
        for number in (1, 2, 3, 4):
            delivery.happened(occasion(number))
        await fake_time_loop().advance(60)
        assert post.numbers == [1, 2, 3, 4, 2]


@in_fake_time
async def test_a_receiver_that_is_gone_gets_nothing_more_and_that_is_said_once(caplog: pytest.LogCaptureFixture) -> None:
    post = ScriptedPost(Answer(200), Answer(410))
    async with delivering(post) as delivery:
        for number in (1, 2, 3):
            delivery.happened(occasion(number))
        await fake_time_loop().advance(60)
        delivery.happened(occasion(4))
        await fake_time_loop().advance(48 * 3600)
        assert post.numbers == [1, 2]
        assert delivery.counts == {Missed.WEBHOOK_DROPPED: 2}
    assert [record.msg for record in caplog.records] == ["webhook_disabled"]


@in_fake_time
async def test_of_too_many_that_wait_the_oldest_are_dropped_and_counted() -> None:
    post = ScriptedPost()
    post.gate.clear()
    async with delivering(post) as delivery:
        for number in range(WAITING_AT_MOST + 3):
            delivery.happened(occasion(number))
        post.gate.set()
        await fake_time_loop().advance(1)
        assert post.numbers == list(range(3, WAITING_AT_MOST + 3))
        assert delivery.counts == {Missed.WEBHOOK_DROPPED: 3}


@in_fake_time
async def test_the_end_sends_what_is_due_and_does_not_wait_for_more() -> None:
    post = ScriptedPost(Answer(500))
    delivery = Delivery(post, KEY, draw=lambda: 0)
    delivery.start()
    for number in (1, 2, 3):
        delivery.happened(occasion(number))
    await delivery.stop()
    assert post.numbers == [1, 2, 3]
    assert delivery.counts == {Missed.WEBHOOK_FAILED: 1, Missed.WEBHOOK_DROPPED: 1}


@in_fake_time
async def test_the_end_waits_a_few_seconds_at_most_for_a_receiver_that_does_not_answer() -> None:
    post = ScriptedPost()
    post.gate.clear()
    delivery = Delivery(post, KEY)
    delivery.start()
    for number in (1, 2):
        delivery.happened(occasion(number))
    stopping = asyncio.create_task(delivery.stop())
    await fake_time_loop().advance(STOP_SECONDS - 1)
    assert not stopping.done()
    await fake_time_loop().advance(1)
    assert stopping.done()
    assert delivery.counts == {Missed.WEBHOOK_DROPPED: 2}


@in_fake_time
async def test_what_waits_when_its_room_ends_goes_on_without_texts() -> None:
    bodies = list[bytes]()

    class KeepingPost(ScriptedPost):
        async def post(self, headers: dict[str, str], body: bytes) -> Answer:
            bodies.append(body)
            return await super().post(headers, body)

    async with delivering(KeepingPost(Answer(500), Answer(500))) as delivery:
        for number, room in ((1, ROOM), (2, "another")):
            delivery.happened(occasion(number, room=room, texts={"reason": "spam"}))
        await fake_time_loop().now()
        delivery.forget(ROOM)
        await fake_time_loop().advance(60)
    texts = [(data["offset"], data.get("texts")) for data in (json.loads(body)["data"] for body in bodies)]
    assert texts == [(1, {"reason": "spam"}), (2, {"reason": "spam"}), (1, None), (2, {"reason": "spam"})]


# ---- settings and logs ---------------------------------------------------------------------------------------------------

GOOD_URLS = ["https://example.org", "https://example.org:8443/a/b?token=x%20y", "https://[2606:4700::1111]/"]
BAD_URLS = ["http://example.org/", "https://", "https://a:b@example.org/", "https://example.org/#a", "https://example.org/ä",
            "https://example.org:0/", "https://example.org/a b", "ftp://example.org/", "https://exam_ple.org/\nx"]  # fmt: skip
BAD_SECRETS = ["", "whsec_", "whsec_AAAA", SECRET[6:], SECRET + "!", "whsec_" + "A" * 88, SECRET.upper()]


@pytest.mark.parametrize("url", GOOD_URLS)
def test_a_webhook_goes_to_an_https_address(url: str) -> None:
    given = {"WEBHOOK_URL": url, "WEBHOOK_SECRET": SECRET}
    assert Settings.from_environment(given).webhook_url == url


@pytest.mark.parametrize("url", BAD_URLS)
def test_any_other_address_is_refused_and_not_repeated(url: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({"WEBHOOK_URL": url, "WEBHOOK_SECRET": SECRET})
    assert str(raised.value) == "WEBHOOK_URL must be an address that starts with https://."


@pytest.mark.parametrize("secret", BAD_SECRETS)
def test_a_webhook_needs_a_secret_of_enough_bytes(secret: str) -> None:
    with pytest.raises(SettingsError) as raised:
        Settings.from_environment({"WEBHOOK_URL": GOOD_URLS[0], "WEBHOOK_SECRET": secret})
    assert str(raised.value).startswith("WEBHOOK_SECRET must be ")
    assert len(secret) < 8 or secret not in str(raised.value)


@pytest.mark.parametrize(
    ("host", "sentence"),
    [("127.0.0.1", "WEBHOOK_URL leads to an address that is not public"), ("no-such.invalid", "WEBHOOK_URL leads nowhere")],
)
def test_check_says_where_a_webhook_would_not_go(host: str, sentence: str) -> None:
    settings = Settings(webhook_url=f"https://{host}/", webhook_secret=SECRET, rooms_file="none")
    assert [problem for problem in problems(settings) if problem.startswith(sentence)]


async def test_a_log_says_that_a_letter_died_and_nothing_of_it(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    mark = "kumquat"
    async with Receiver(tmp_path) as receiver:
        receiver.answer = b"HTTP/1.1 404 kumquat\r\nX-Kumquat: kumquat\r\n\r\nkumquat"
        delivery = Delivery(receiver.poster(path=f"/{mark}?{mark}"), KEY)
        delivery.start()
        delivery.happened(occasion(room=mark, texts={"reason": mark}))
        async with asyncio.timeout(WAIT_SECONDS):
            await receiver.came.wait()
        await delivery.stop()
        assert mark in receiver.requests[0].body.decode()
        letter = receiver.requests[0].headers["webhook-id"]
    lines = [LineFormatter().format(record) for record in caplog.records]
    assert [line.partition(" ")[2] for line in lines if "webhook" in line] == [
        f"level=warning event=webhook_dead letter={letter} reason=status code=404 count=1"
    ]
    written = "\n".join([*lines, caplog.text])
    assert not [word for word in (mark, NAME, "127.0.0.1", SECRET[6:], ROOM) if word in written]
