"""How long a page waits for what, as `static/js/connection.js` and `outbox.js` do; `test_js.py` compares."""

SILENCE_SECONDS = 45
OPENING_SECONDS = 15
BACKOFF_FIRST_SECONDS = 0.5
BACKOFF_MOST_SECONDS = 20
AGAIN = frozenset({"slow_down", "room_busy", "reconnecting"})
"""Refusals after which words are sent again, after so long when the refusal does not say."""
AGAIN_SECONDS = 2
STAY_AWAY = 4500
"""The first close code after which nobody comes back."""
CUT = 1006
"""The code of a connection that ended without one (RFC 6455, section 7.4.1)."""
