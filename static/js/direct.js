/**
 * Direct messages, where the host allows them and both agree: asking, answering, writing, reporting, ending.
 *
 * `createDirect({send, roomOf, notify, outbox, sight, ...})`, with what line_sheet.js needs: `choicesFor(person)` for the sheet of
 * a person, `asks(room)` are the buttons of this moment, `draw(room)` draws and tells what is new. Who is hidden is not heard.
 */
import { mayAsk, talkOf, talksOf } from "./direct_talks.js";
import { button, make } from "./dom.js";
import { createLineSheet } from "./line_sheet.js";
import { unreadOf } from "./private_lines.js";
import { radio, REPORT_REASONS } from "./reasons.js";
import { openSheet } from "./sheet.js";

const RISK =
  "You cannot know who someone is here: keep your number, address and money to yourself. Nobody else reads along; " +
  "you can report it or end it at any time.";
const REPORT_WORDS = 200;
const REPORTED_AT_MOST = 10;

function isReportable({ mine, reported }) {
  return !mine && !reported;
}

function question(label, text, [yes, onYes], [no, onNo]) {
  const choose = (run) => () => {
    close();
    run();
  };
  const row = make("div", { class: "row" }, button(yes, choose(onYes), "primary"), button(no, choose(onNo)));
  const close = openSheet(make("div", { class: "stack" }, make("p", {}, text), make("p", { class: "hint" }, RISK), row), { label });
}

export function createDirect(tools) {
  const { send, roomOf, notify, outbox, sight, redraw } = tools;
  const seenAt = new Map();
  const told = new Map();
  let shown = null;

  const unread = ({ other, said }) => unreadOf(said, seenAt.get(other) || 0);
  const isHeard = ({ other }) => sight.hidden()[other] === undefined;

  function ask(command, sentence) {
    send(command, (frame) => notify(frame.is === "refused" ? frame.sentence : sentence));
  }

  function invite({ id, nickname }) {
    const yes = [`Ask ${nickname}`, () => ask({ do: "ask_direct", participant: id }, `${nickname} is asked.`)];
    question(`Write to ${nickname}?`, `${nickname} sees your question and may say no.`, yes, ["Not now", () => {}]);
  }

  function answer({ other, nickname }) {
    const say = (yes) => ({ do: "answer_direct", participant: other, yes });
    const agree = () => send(say(true), (frame) => (frame.is === "refused" ? notify(frame.sentence) : open(other)));
    const decline = () => ask(say(false), `You said no. ${nickname} cannot ask again.`);
    const text = `${nickname} asks to write to you, so that only the two of you see it. You owe nobody a yes.`;
    question(`${nickname} asks to write to you`, text, ["Yes, we can write", agree], ["No", decline]);
  }

  function report({ other, nickname, said }) {
    const theirs = said.filter(isReportable).slice(-REPORTED_AT_MOST).reverse();
    const words = make("textarea", { rows: 2, maxlength: REPORT_WORDS, id: "direct-words" });
    const form = make(
      "form",
      { class: "stack", submit: finish },
      make("p", {}, `The moderators see the words you choose, and that ${nickname} wrote them. ${nickname} does not learn of it.`),
      make("fieldset", { class: "choices" }, make("legend", {}, "Which words?"), ...theirs.map(choice)),
      make("fieldset", { class: "choices" }, make("legend", {}, "What is wrong?"), ...REPORT_REASONS.map(reason)),
      make("div", { class: "field" }, make("label", { for: "direct-words" }, "A few words, if you like"), words),
      make("div", { class: "row" }, make("button", { class: "primary" }, "Tell the moderators"), button("Not now", () => close(), "plain")),
    );

    function choice({ said: id, text }, index) {
      return radio("said", id, text, index === 0);
    }

    function reason([code, label], index) {
      return radio("report", code, label, index === 0);
    }

    function finish(event) {
      event.preventDefault();
      const chosen = (name) => form.querySelector(`input[name="${name}"]:checked`).value;
      const about = { participant: other, said: chosen("said") };
      close();
      ask({ do: "report_direct", ...about, reason: chosen("report"), words: words.value }, "Thank you. The moderators have been told.");
    }

    const close = openSheet(form, { label: `Report ${nickname}` });
  }

  function actsFor(talk) {
    const { other, state, said } = talk;
    const end = { do: "end_direct", participant: other };
    return [
      ...(said.some(isReportable) ? [["Report", () => report(talkOf(roomOf(), other))]] : []),
      ...(state === "over" ? [] : [[state === "asked" ? "Take the question back" : "End this", () => ask(end, "This is over.")]]),
    ];
  }

  function open(other) {
    if (shown) shown.sheet.close();
    const onClose = () => {
      shown = null;
      tools.focusBack();
    };
    const lineNow = () => talkOf(roomOf(), other);
    const { id, nickname } = lineNow();
    shown = { other, sheet: createLineSheet(id, `You and ${nickname}`, { ...tools, lineNow, acts: actsFor, foot: [], onClose }) };
    redraw();
  }

  function start(talk) {
    (talk.state === "asks_me" ? answer : ({ other }) => open(other))(talk);
  }

  function newsOf(talk) {
    if (talk.state === "asks_me") return `${talk.nickname} asks to write to you. You may say no.`;
    const count = talk.open ? unread(talk) : 0;
    return count ? `${talk.nickname} writes to you. ${count} new.` : "";
  }

  function tell(talk) {
    const news = newsOf(talk);
    const isNew = news && told.get(talk.other) !== news && !(shown && shown.other === talk.other);
    if (isNew) notify(news, { label: "Open", run: () => start(talk) });
    told.set(talk.other, news);
  }

  /** What is on its way is confirmed by what stands there; words on the screen are read. */
  function settle(talk) {
    talk.said.filter(({ mine }) => mine).forEach(({ origin_id }) => outbox.confirm(origin_id));
    if (shown && shown.other === talk.other && talk.said.length) seenAt.set(talk.other, talk.said[talk.said.length - 1].at);
  }

  function labelOf(talk) {
    if (talk.state === "asks_me") return `${talk.nickname} asks to write to you`;
    const count = unread(talk);
    return count ? `${talk.nickname}: ${count} new` : `You and ${talk.nickname}`;
  }

  return {
    choicesFor({ id, nickname }) {
      const room = roomOf();
      const talk = talkOf(room, id);
      const asking = mayAsk(room, id) ? [[`Ask ${nickname} to write with me`, () => invite({ id, nickname })]] : [];
      const going = talk && (talk.state !== "over" || talk.said.length) ? [[labelOf(talk), () => start(talk)]] : [];
      return [...asking, ...going];
    },
    asks(room) {
      const found = talksOf(room).filter((talk) => (talk.open || talk.state === "asks_me") && isHeard(talk));
      return found.map((talk) => ({
        key: talk.id,
        label: labelOf(talk),
        main: talk.state === "asks_me" || unread(talk) > 0,
        run: () => start(talk),
      }));
    },
    draw(room) {
      const talks = talksOf(room);
      talks.forEach(settle);
      if (shown && !talkOf(room, shown.other)) shown.sheet.close();
      if (shown) shown.sheet.draw();
      talks.filter(isHeard).forEach(tell);
    },
  };
}
