"""Where webhooks go: to public addresses only, to the very one that was checked, over real TLS, reading little of an answer."""

import socket
import ssl
from pathlib import Path

import pytest
from receiver import KEY, NAME, Receiver, certificate
from serving import free_port

from chatroom.hooks import post
from chatroom.hooks.addresses import is_public, resolve
from chatroom.hooks.post import NotAnswered, Poster
from chatroom.hooks.webhook import headers

PUBLIC = ["1.1.1.1", "8.8.8.8", "93.184.215.14", "192.0.1.1", "198.17.255.255", "223.255.255.255", "2606:4700::1111",
          "2a00:1450:4001::200e", "2001:4860:4860::8888", "3ffe::1"]  # fmt: skip

NOT_PUBLIC = {
    "unspecified": ["0.0.0.0", "0.1.2.3", "::"],
    "loopback": ["127.0.0.1", "127.255.255.254", "::1"],
    "private": ["10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "fc00::1", "fd12:3456::1"],
    "carrier-grade NAT": ["100.64.0.1", "100.127.255.255"],
    "link-local": ["169.254.169.254", "169.254.0.1", "fe80::1", "fe80::1%eth0", "febf::1", "fec0::1"],
    "multicast": ["224.0.0.1", "239.255.255.255", "ff02::1", "ff0e::1"],
    "broadcast and reserved": ["255.255.255.255", "240.0.0.1", "4000::1", "100::1"],
    "documentation and tests": ["192.0.2.1", "198.51.100.1", "203.0.113.1", "198.18.0.1", "2001:db8::1", "3fff::1"],
    "protocols": ["192.0.0.8", "192.88.99.1", "192.175.48.1", "2001::1", "2001:2::1", "2620:4f:8000::1"],
    "IPv4 inside IPv6": ["::ffff:127.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "::8.8.8.8", "::ffff:0:127.0.0.1"],
    "NAT64": ["64:ff9b::7f00:1", "64:ff9b::808:808", "64:ff9b:1::a00:1"],
    "6to4 and Teredo": ["2002:7f00:1::1", "2002:808:808::1", "2001:0:4136:e378::1"],
    "no address": ["", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "1.1.1.1 ", "[::1]"],
}


@pytest.mark.parametrize("address", PUBLIC)
def test_a_public_address_may_be_reached(address: str) -> None:
    assert is_public(address)


@pytest.mark.parametrize("address", [address for addresses in NOT_PUBLIC.values() for address in addresses])
def test_no_other_address_may_be_reached(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "localhost"])
async def test_another_way_to_write_loopback_resolves_to_what_is_refused(host: str) -> None:
    found = await resolve(host, 443)
    assert found
    assert not any(map(is_public, found))


async def test_a_name_that_is_no_name_is_not_resolved() -> None:
    for host in ("no-such-name.invalid", "a" * 64 + ".example", ""):
        with pytest.raises(NotAnswered, match=r"^(no_address|private_address)$"):
            await Poster(f"https://{host}/").addresses()


# ---- one try -------------------------------------------------------------------------------------------------------------


async def test_it_goes_to_the_very_address_that_was_checked_under_the_name_that_was_given(tmp_path: Path) -> None:
    checked = list[str]()

    def check(address: str) -> bool:
        checked.append(address)
        return True

    async with Receiver(tmp_path) as receiver:
        poster = receiver.poster(check)
        content = b'{"type": "room.opened"}'
        assert (await poster.post(headers(KEY, "msg_1", 1, content), content)).status == 204
        assert (checked, receiver.asked) == (["127.0.0.1"], 1)
        assert receiver.names == [NAME]
        (request,) = receiver.requests
        assert request.target == "POST /in?from=rooms HTTP/1.1"
        assert request.headers["host"] == f"{NAME}:{receiver.port}"
        assert request.body == content


async def test_one_address_that_is_not_public_is_enough_to_refuse_a_name(tmp_path: Path) -> None:
    async with Receiver(tmp_path) as receiver:

        async def both(host: str, port: int) -> list[str]:
            return ["127.0.0.1", "10.0.0.1"]

        poster = Poster(f"https://{NAME}:{receiver.port}/", ask=both, may_reach=lambda address: address == "127.0.0.1")
        with pytest.raises(NotAnswered, match="private_address"):
            await poster.post({}, b"")
        with pytest.raises(NotAnswered, match="private_address"):
            await Poster(f"https://localhost:{receiver.port}/").post({}, b"")
        assert receiver.names == []


async def test_an_address_that_does_not_listen_is_followed_by_the_next(tmp_path: Path) -> None:
    async with Receiver(tmp_path) as receiver:

        async def two(host: str, port: int) -> list[str]:
            return ["127.0.0.2", "127.0.0.1"]

        poster = receiver.poster()
        poster._ask = two
        assert (await poster.post({}, b"")).status == 204


async def test_a_certificate_must_be_that_of_the_name_and_be_trusted(tmp_path: Path) -> None:
    async with Receiver(tmp_path, "other.example") as receiver:
        with pytest.raises(NotAnswered, match="certificate"):
            await receiver.poster().post({}, b"")
        certificate(tmp_path, NAME)
        stranger = Poster(f"https://{NAME}:{receiver.port}/", ssl.create_default_context(), receiver.ask, lambda address: True)
        with pytest.raises(NotAnswered, match="certificate"):
            await stranger.post({}, b"")
        assert receiver.requests == []


HEAD = b"HTTP/1.1 200 OK\r\n"
ANSWERS = {
    "a redirect": (b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\n\r\n", 307),
    "a body without end": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + b"4\r\nabcd\r\n" * 10_000, 200),
    "hints before it": (b"HTTP/1.1 103 Early Hints\r\n\r\n" + HEAD + b"\r\n", 200),
    "hints without end": (b"HTTP/1.1 103 Early Hints\r\n\r\n" * 10_000, "no_http"),
    "a head without end": (HEAD + b"X: " + b"y" * 70_000, "no_http"),
    "no HTTP": (b"SSH-2.0-server\r\n\r\n", "no_http"),
    "a status that is none": (b"HTTP/1.1 999999 No\r\n\r\n", "no_http"),
}


@pytest.mark.parametrize("what", ANSWERS)
async def test_of_an_answer_only_a_bounded_head_is_read(tmp_path: Path, what: str) -> None:
    async with Receiver(tmp_path) as receiver:
        receiver.answer, expected = ANSWERS[what]
        receiver.endless = "without end" in what
        try:
            got: int | str = (await receiver.poster().post({}, b"")).status
        except NotAnswered as failure:
            got = str(failure)
        assert got == expected
        assert len(receiver.requests) == 1


async def test_who_accepts_and_never_answers_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(post, "TRY_SECONDS", 0.2)
    async with Receiver(tmp_path) as receiver:
        receiver.answer = b""
        with pytest.raises(NotAnswered, match="timeout"):
            await receiver.poster().post({}, b"")
    with socket.create_server(("127.0.0.1", 0)) as mute:
        receiver.port = mute.getsockname()[1]
        with pytest.raises(NotAnswered, match="timeout"):
            await receiver.poster().post({}, b"")


async def test_who_does_not_listen_is_left_at_once(tmp_path: Path) -> None:
    receiver = Receiver(tmp_path)
    receiver.port = free_port()
    with pytest.raises(NotAnswered, match="no_connection"):
        await receiver.poster().post({}, b"")
