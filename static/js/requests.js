/**
 * Commands and their answers.
 *
 * `createRequests(transmit)`: `send(command, answer)` numbers the command and gives the frame that carries its number back to
 * `answer`. Without a connection the answer is OFFLINE, at once or when the connection is lost (`fail`).
 */
export const OFFLINE = {
  is: "refused",
  code: "offline",
  sentence: "There is no connection at this moment. Please try again when you are back.",
  retry_after_seconds: 0,
  detail: "",
};

export function createRequests(transmit) {
  const waiting = new Map();
  let last = 0;

  return {
    send(command, answer) {
      last += 1;
      waiting.set(last, answer);
      if (transmit({ ...command, ref: last })) return;
      waiting.delete(last);
      answer(OFFLINE);
    },
    settle(frame) {
      const answer = waiting.get(frame.ref);
      waiting.delete(frame.ref);
      if (answer) answer(frame);
    },
    fail() {
      const unanswered = Array.from(waiting.values());
      waiting.clear();
      unanswered.forEach((answer) => answer(OFFLINE));
    },
  };
}
