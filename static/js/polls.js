/**
 * Polls: one vote each, never who voted what.
 *
 * `createPolls({send, roomOf, notify, announce, following})`: `asks(room)` are the buttons of this moment, `look(room)` tells
 * what opens and closes, `open(poll)` opens the sheet of one.
 */
import { createAsked, createWatch } from "./asks.js";
import { bars } from "./bars.js";
import { isolate } from "./direction.js";
import { button, make, say } from "./dom.js";
import { leads } from "./floor.js";
import { createRankChoice } from "./rank_choice.js";
import { resultRows } from "./ranking.js";

const HOW = {
  single: "Choose one.",
  several: "Choose as many as you like.",
  ranked: "Choose in the order you want them: the most wanted first. You can leave some out.",
};
const COUNTED = {
  single: "",
  several: "",
  ranked: "These are points: the first in an order gets as many as there are options, the next one fewer.",
};

function voted(votes) {
  return `${votes} ${votes === 1 ? "has" : "have"} voted.`;
}

function boxes({ options, kind }) {
  const type = kind === "single" ? "radio" : "checkbox";
  const inputs = options.map((_, value) => make("input", { type, name: "vote", value }));
  const labels = options.map((option, index) => make("label", {}, inputs[index], make("bdi", {}, option)));
  const fieldset = make("fieldset", { class: "choices" }, make("legend", { class: "spoken" }, "Your vote"), ...labels);
  return { element: fieldset, value: () => inputs.filter(({ checked }) => checked).map(({ value }) => Number(value)) };
}

export function createPolls({ send, roomOf, notify, announce, following }) {
  const watch = createWatch({
    opened: ({ question }) => notify(`A poll: ${isolate(question)}`),
    closed: () => notify("The poll is closed. You can see what it says."),
  });

  const find = (room, id) => room.polls.find(({ poll }) => poll === id);

  function form(poll, error) {
    const choice = poll.kind === "ranked" ? createRankChoice(poll.options, announce) : boxes(poll);
    const submit = (event) => {
      event.preventDefault();
      const choices = choice.value();
      if (!choices.length) say(error, "Please choose first.");
      else send({ do: "vote", poll: poll.poll, choices }, (frame) => say(error, frame.is === "refused" ? frame.sentence : ""));
    };
    const hint = `${HOW[poll.kind]} You have one vote, and nobody learns what it was.`;
    const vote = make("div", { class: "row" }, make("button", { class: "primary" }, "Vote"));
    return make("form", { class: "stack", submit, novalidate: true }, make("p", {}, hint), choice.element, error, vote);
  }

  function mineText({ options }, choices) {
    return choices ? `You voted: ${choices.map((choice) => isolate(options[choice])).join(", ")}. Only you see this.` : "";
  }

  function results(poll, choices) {
    const waiting = "What the votes come to is shown when the poll is closed.";
    if (!poll.counts) return [make("p", {}, mineText(poll, choices)), make("p", { class: "quiet" }, waiting)];
    const counted = COUNTED[poll.kind];
    return [bars(resultRows(poll, choices)), ...(counted ? [make("p", { class: "hint" }, counted)] : [])];
  }

  function leading(room, poll, error) {
    const told = (frame) => frame.is === "refused" && say(error, frame.sentence);
    const end = button("Close the poll", () => send({ do: "close_poll", poll: poll.poll }, told));
    return leads(room) && poll.open ? [make("div", { class: "row" }, end)] : [];
  }

  function open(id) {
    const tally = make("p", { class: "quiet" });
    const error = make("p", { class: "error", role: "alert", hidden: true });
    const isAsked = (room) => find(room, id).open && !room.me.votes[id];
    following.open("Poll", {
      stateOf(room) {
        const { open: isOpen, counts } = find(room, id);
        return isAsked(room) ? [leads(room)] : [isOpen, counts, leads(room)];
      },
      draw(room) {
        const poll = find(room, id);
        if (!poll.open) watch.saw(id);
        const shown = isAsked(room) ? [form(poll, error)] : [...results(poll, room.me.votes[id]), error];
        return [make("p", { class: "lead", dir: "auto" }, poll.question), ...shown, tally, ...leading(room, poll, error)];
      },
      update: (room) => say(tally, voted(find(room, id).votes)),
    });
  }

  function ofOpen(room) {
    const [poll] = room.polls.filter((one) => one.open);
    if (!poll) return [];
    const isAsked = !room.me.votes[poll.poll];
    const label = isAsked ? "Vote in the poll" : `Poll: ${voted(poll.votes).slice(0, -1)}`;
    return [{ key: "poll", label, main: isAsked, run: () => open(poll.poll) }];
  }

  const idsOf = (room) => room.polls.map(({ poll, open: isOpen, question }) => ({ id: poll, open: isOpen, question }));
  return createAsked({ watch, idsOf, ofOpen, open, key: "result", label: "See what the poll says" });
}
