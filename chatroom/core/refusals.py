"""Every refusal and every close code, each with its sentence for a person and whether it is worth trying again.

4000-4499: come back (after the given delay). 4500-4999: stay away.
"""

import re
from enum import IntEnum

import msgspec


class Refused(Exception):
    """A command was refused. `code` is a key of REFUSALS; `retry_after_seconds` is 0 when trying again alone does not help."""

    def __init__(self, code: str, retry_after_seconds: float = 0, detail: str = "") -> None:
        super().__init__(code)
        self.code, self.retry_after_seconds, self.detail = code, retry_after_seconds, detail


_WHAT_CAME = re.compile(r"(unknown field|Invalid enum value|Invalid value) .*?(?= - at `\$[\w.\[\]]*`\Z|\Z)", re.DOTALL)


def what_does_not_fit(error: Exception) -> str:
    """What msgspec found wrong and where, without what came: no answer repeats what was sent."""
    return _WHAT_CAME.sub(r"\1", str(error))


REFUSALS: dict[str, str] = {
    # the frame itself
    "not_json": "This was not understood: it is not valid JSON.",
    "bad_command": "This was not understood.",
    "unknown_command": "This command does not exist.",
    "binary_frame": "Only text frames are understood.",
    "frame_too_large": "This is too large to send at once.",
    "hello_first": "The first frame must be `hello`.",
    "hello_again": "This connection has said hello already.",
    "not_joined": "Come in first.",
    "already_joined": "You are already in the room.",
    # coming in
    "no_such_room": "There is no meeting here. The link may be wrong, or the meeting is over.",
    "doors_closed": "The doors are not open yet.",
    "locked": "The door is closed for now. The host can open it again.",
    "full": "Every seat is taken. When someone leaves, you can come in.",
    "removed": "You have been removed from this meeting.",
    "two_seats": "This browser is in the meeting twice already. Leave in one of its other tabs first.",
    "work_needed": "Many people are coming in at this moment. Your page proves that it is not a machine, and tries again.",
    "rules_not_accepted": "Please read and accept how we treat each other first.",
    "passphrase_not_allowed": "A passphrase needs letters, digits or signs that can be seen. Please choose another.",
    "passphrase_wrong": "That is not the passphrase. The person who invited you knows it.",
    "name_empty": "Please choose a name.",
    "name_too_long": "Please choose a shorter name, at most 32 characters.",
    "name_not_allowed": "Please choose a name of ordinary letters.",
    "name_reserved": "This name could pass for someone with a role. Please choose another.",
    "name_contact": "Please leave numbers, handles and links out of your name.",
    "name_taken": "This name, or one that looks like it, is taken in this meeting. Please choose another.",
    # talking
    "muted": "You are muted for now. You can still listen and react.",
    "calm": "The room is quiet for a moment. Your words are kept.",
    "no_moderator": "No moderator is here at this moment. You can listen and react; your words are kept.",
    "slow_mode": "The meeting goes a little slower now. You can send this in a moment; your words are kept.",
    "listening": "Here, people who are new listen first. You can react already; your words are kept.",
    "text_empty": "There is nothing to send yet.",
    "text_too_long": "This is longer than one message can be. Send it in parts; nothing is lost.",
    "text_not_allowed": "This holds characters that cannot be shown.",
    "origin_reused": "Other words were already sent under this id. Send them under a new one.",
    "no_such_message": "This message is not here any more.",
    "not_yours": "Only the author can take this back.",
    "already_reported": "You have several open reports. A moderator is looking at them.",
    # words that were looked at
    "nudged": "Please read this again before you send it. You can change it, or send it as it is.",
    "rejected": "This was not sent. You can change it and try again.",
    "name_rejected": "Please choose another name.",
    "words_wrong": "Something in this list does not fit. Nothing was changed.",
    "no_such_item": "This is not here any more. Someone may have taken care of it.",
    "last_on_duty": "You are the only moderator here at this moment. Someone else has to be here before you take a break.",
    # direct messages
    "direct_off": "Direct messages are off in this meeting.",
    "no_direct": "You two do not write to each other at this moment.",
    "direct_waiting": "This question is still waiting for an answer.",
    # support
    "chips_closed": "Chips are not being given at this moment.",
    "thanks_closed": "Short replies are not open at this moment. You can still react.",
    "no_check_in": "No check-in is open at this moment.",
    "already_checked_in": "You have answered this check-in already.",
    "no_turns": "There are no turns in this phase. Let everyone answer at once.",
    "too_many_for_turns": "Too many people are here to go in turn. Let everyone answer at once.",
    "poll_open": "Another poll is still open. Close it first.",
    "no_such_poll": "This poll is not open any more.",
    "already_voted": "You have voted in this poll already.",
    "vote_wrong": "This vote does not fit the poll.",
    "too_often": "This was asked as often as one meeting can.",
    "no_line": "This private line is not open.",
    # moderating
    "not_allowed": "Your role in this room does not include this.",
    "no_such_person": "This person is not here.",
    "not_above_you": "This person's role is not below yours.",
    "no_such_report": "This report is not here.",
    "claimed_by_other": "Another moderator is already looking at this.",
    "already_so": "That is already so.",
    "too_long_in_all": "A meeting lasts four hours at most.",
    # the floor
    "not_your_turn": "Others have the floor at this moment. Your words are kept, and you can react or raise a hand.",
    "hand_up": "Your hand is up already.",
    "no_hand": "This hand is not up.",
    "queue_closed": "The queue is closed for now. The host can open it again.",
    "newcomers_first": "These last minutes are kept for people who have not shared yet. Thank you for leaving them room.",
    "not_invited": "This invitation is over.",
    # the course of the meeting
    "no_such_phase": "There is no such phase in this meeting.",
    "script_wrong": "Something in this script does not fit. Nothing was changed.",
    "host_is_here": "The host is here, or was a moment ago.",
    "not_longest": "The moderator who has been here longest can take the chair.",
    # limits
    "slow_down": "That was a lot at once. Please wait a moment; your words are kept.",
    "room_busy": "Many people are writing at this moment. Please wait a little; your words are kept.",
    "reconnecting": "The connection to the room is being restored. Your words are kept.",
    "upgrade_unfinished": "This is new, and the servers are still being updated. Your words are kept; try again in a minute.",
    "server_busy": "The server is at its limit. Please try again in a minute.",
    # opening a room
    "opening_closed": "Rooms cannot be opened here. Ask the person who runs this server.",
    "opening_passphrase_wrong": "That is not the passphrase for opening rooms. The person who runs this server knows it.",
    "not_from_here": "This came from a page that does not belong to this server.",
    "bad_request": "This was not understood.",
    "title_empty": "Please give the meeting a title.",
    "start_out_of_range": "A meeting starts now, or within the next 24 hours.",
}


class Close(IntEnum):
    """WebSocket close codes of this server (RFC 6455, section 7.4.2: 4000-4999 are for private use)."""

    RESTARTING = 4001
    SLOW_CONSUMER = 4002
    UNAVAILABLE = 4003
    SERVER_BUSY = 4004
    NO_HELLO = 4005
    COME_BACK = 4006
    NO_SUCH_ROOM = 4500
    ENDED = 4501
    REMOVED = 4502
    TAKEN_OVER = 4503
    LEFT = 4504
    BAD_FRAMES = 4505


class Closing(msgspec.Struct, frozen=True):
    sentence: str
    retry_after_seconds: float = 0


CLOSINGS: dict[Close, Closing] = {
    Close.RESTARTING: Closing("The server is being renewed. You will be back in a moment; your words are kept.", 1),
    Close.SLOW_CONSUMER: Closing("Your connection fell behind. You will be back in a moment; your words are kept.", 1),
    Close.UNAVAILABLE: Closing("Reconnecting. Your words are kept.", 2),
    Close.SERVER_BUSY: Closing(REFUSALS["server_busy"], 30),
    Close.NO_HELLO: Closing("Your connection was too slow to begin. You will be back in a moment; your words are kept."),
    Close.COME_BACK: Closing("You can leave this page open. It comes back by itself in a moment."),
    Close.NO_SUCH_ROOM: Closing(REFUSALS["no_such_room"]),
    Close.ENDED: Closing("This meeting has ended. Nothing of it is kept."),
    Close.REMOVED: Closing(REFUSALS["removed"]),
    Close.TAKEN_OVER: Closing("You opened this meeting in another tab or on another screen. This one has stopped."),
    Close.LEFT: Closing("You have left the meeting."),
    Close.BAD_FRAMES: Closing("This connection sent what the server does not accept."),
}
