"""`chatroom open`: asks a running server for a room, as the page does."""

import json
import math
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import ProxyHandler, Request, build_opener

import msgspec

from chatroom.core.script import ScriptFile
from chatroom.live.opening import OpenRoom
from chatroom.web.kinds import is_loopback, origin_of
from chatroom.web.text_files import NotUtf8, read_utf8

ANSWER_SECONDS = 30


class CannotOpen(Exception):
    """The room was not opened. The message is one sentence."""


def read_script(path: Path) -> ScriptFile:
    """The script in a file. Raises CannotOpen."""
    try:
        return msgspec.json.decode(read_utf8(path), type=ScriptFile)
    except OSError as error:
        raise CannotOpen(f"{path} cannot be read: {error.strerror}.") from None
    except NotUtf8 as error:
        raise CannotOpen(f"{path} {error}.") from None
    except msgspec.DecodeError as error:
        raise CannotOpen(f"{path} is not a script: {error}.") from None


def ask_to_open(url: str, wanted: OpenRoom) -> dict[str, str]:
    """Open a room on the server whose front page is `url`: its three links and its code. Raises CannotOpen."""
    front = url.rstrip("/")
    try:
        origin = origin_of(front)
    except ValueError:
        raise CannotOpen(f"--url must be an address such as http://127.0.0.1:8000, not {url!r}.") from None
    page = front + "/r"
    headers = {"Content-Type": "application/json", "Origin": origin}
    request = Request(front + "/api/rooms", msgspec.json.encode(wanted), headers, method="POST")
    opened = _answer(request, front)
    secret = opened["secret"]
    return {
        "participant": f"{page}#{secret}",
        "moderator": f"{page}#{secret}.{opened['moderator_token']}",
        "host": f"{page}#{secret}.{opened['host_token']}",
        "code": secret.replace("-", " "),
    }


def _answer(request: Request, front: str) -> Any:
    near = is_loopback(urlsplit(front).hostname or "")
    opener = build_opener(ProxyHandler({})) if near else build_opener()
    try:
        with opener.open(request, timeout=ANSWER_SECONDS) as response:
            return json.load(response)
    except HTTPError as error:
        raise CannotOpen(_sentence(error)) from None
    except (URLError, OSError):
        raise CannotOpen(f"No server answers at {front}.") from None
    except ValueError:
        raise CannotOpen(f"What answers at {front} is not a chatroom server.") from None


def _sentence(error: HTTPError) -> str:
    with error:
        try:
            refusal = json.load(error)
            seconds = math.ceil(refusal["retry_after_seconds"])
            again = f"Try again in {seconds} {'second' if seconds == 1 else 'seconds'}." if seconds else ""
            return " ".join(filter(None, (refusal["sentence"], refusal["detail"], again)))
        except (ValueError, KeyError, TypeError):
            return f"The server answered {error.code}."
