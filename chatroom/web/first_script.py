"""The one script that stands in every page itself, so that it is there when no file of ours comes: what to do then.

Its hash is part of the Content Security Policy, so a browser runs these very bytes and no others.
"""

from base64 import b64encode
from hashlib import sha256

from chatroom.web.assets import data_folder

FIRST_SCRIPT = (data_folder("templates") / "first.js").read_text("utf-8")
FIRST_SCRIPT_HASH = f"'sha256-{b64encode(sha256(FIRST_SCRIPT.encode()).digest()).decode()}'"
