/**
 * The pages after the room: what happened, in one sentence, and what to do next.
 *
 * `ENDINGS` holds their texts; `forget` says that nothing of the meeting stays in the browser. `endingOf(closing, wasIn)`
 * finds the page for the server's last words: a room one was in, and that is no more, has ended.
 */
export const ENDINGS = {
  ended: {
    title: "The meeting has ended",
    text: "Nothing of it is kept, here or on the server. Thank you for being there. Take your time before you go on.",
    forget: true,
  },
  left: {
    title: "You have left the meeting",
    text: "Nothing of it is kept on this device. While it lasts, you can come back with the link you were given.",
    forget: true,
  },
  no_such_room: {
    title: "There is no meeting here",
    text: "The link may be wrong, or the meeting is over. Please check it with the person who gave it to you.",
    forget: true,
  },
  removed: {
    title: "You have been removed from this meeting",
    text: "If this was a mistake, ask the host, through the person who invited you. Then try again.",
    again: "Try again",
  },
  taken_over: {
    title: "You are in this meeting somewhere else",
    text: "You opened it in another tab or on another screen, so this one has stopped. You can close it.",
    again: "Use this one instead",
  },
  stopped: {
    title: "The connection has stopped",
    text: "The server did not understand this page. That can happen when the server was renewed. Your words are kept.",
    again: "Try again",
  },
};

const BY_CODE = { 4500: "no_such_room", 4501: "ended", 4502: "removed", 4503: "taken_over", 4504: "left" };

export function endingOf({ code }, wasIn) {
  const name = BY_CODE[code] || "stopped";
  return name === "no_such_room" && wasIn ? "ended" : name;
}
