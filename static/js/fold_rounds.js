/** The part of the fold about check-ins and polls. room.js merges it. */

function change(list, name, id, changed) {
  return list.map((one) => (one[name] === id ? { ...one, ...changed } : one));
}

function add(list, name, one) {
  return list.some((other) => other[name] === one[name]) ? list : [...list, one];
}

function changeRound(room, id, changed) {
  return { ...room, rounds: change(room.rounds, "round", id, changed) };
}

function changePoll(room, id, changed) {
  return { ...room, polls: change(room.polls, "poll", id, changed) };
}

export const ROUND_CHANGES = {
  check_in_started: (room, { round, in_turn }) => ({
    ...room,
    rounds: add(room.rounds, "round", { round, in_turn, open: true, answers: 0, picture: null }),
  }),
  checked_in: (room, { round, answers }) => changeRound(room, round, { answers }),
  check_in_closed: (room, { round, answers, picture }) => changeRound(room, round, { open: false, answers, picture }),
  my_check_in: (room, { round, feeling, urge }) => ({
    ...room,
    me: { ...room.me, check_ins: { ...room.me.check_ins, [round]: { feeling, urge } } },
  }),
  poll_opened: (room, { poll, question, options, kind, live }) => ({
    ...room,
    polls: add(room.polls, "poll", {
      poll, question, options, kind, live, open: true, votes: 0, counts: live ? options.map(() => 0) : null,
    }),
  }),
  voted: (room, { poll, votes, counts }) => changePoll(room, poll, { votes, counts }),
  poll_closed: (room, { poll, votes, counts }) => changePoll(room, poll, { open: false, votes, counts }),
  my_vote: (room, { poll, choices }) => ({ ...room, me: { ...room.me, votes: { ...room.me.votes, [poll]: choices } } }),
};
