/**
 * Readings of direct messages, all pure. `talkOf(room, other)`: `{id, other, nickname, state, open, sentence, said}`, null when
 * there is none; `said` holds `{key, name, mine, at, text, origin_id, said, reported}`. `mayAsk(room, other)`: whether one may
 * ask to write to this person. `talksOf(room)` are all of them.
 */
import { DIRECT } from "./outbox.js";
import { isCrowded } from "./room.js";

const REPORTED = "You reported this, so you don't see it any more.";
const SENTENCES = {
  asked: ({ nickname }) => `You asked ${nickname}. If they agree, you can write here.`,
  asks_me: ({ nickname }) => `${nickname} asks whether you want to write to each other.`,
  open: ({ nickname }) => `Only you and ${nickname} see this. The moderators see what one of you reports.`,
  over: () => "This is over. Nobody can write here any more.",
};

export function talkOf(room, other) {
  const talk = room.me.direct[other];
  if (!talk) return null;
  const said = talk.said.map((one) => ({
    ...{ ...one, key: one.said, name: one.mine ? "You" : talk.nickname, reported: !one.text },
    text: one.text || REPORTED,
  }));
  const isOpen = talk.state === "open";
  return { ...talk, id: DIRECT + other, other, said, open: isOpen, sentence: SENTENCES[talk.state](talk) };
}

export function talksOf(room) {
  return Object.keys(room.me.direct).map((other) => talkOf(room, other));
}

export function mayAsk(room, other) {
  const talk = room.me.direct[other];
  return room.direct && (Boolean(room.people[other]) || isCrowded(room)) && (!talk || talk.state === "over");
}
