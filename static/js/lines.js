/**
 * Private lines: "I need support now" for everyone, and for moderators the lines of others.
 *
 * `createLines({send, roomOf, notify, announce, outbox, storage, now, redraw, enterSends, focusBack})`: `openMine()` asks the
 * moderators, again when the connection is back, and shows who else can help. `openOther(id)` opens the line of someone else,
 * as soon as it is there, and claims it when nobody has. `asks(room)` are the buttons of this moment, `draw(room, connected)`
 * draws and tells what is new.
 */
import { make } from "./dom.js";
import { helpLines } from "./help.js";
import { createLineSheet } from "./line_sheet.js";
import { callingText, lineOf, linesOf, NO_LINE, stateOf, unreadOf } from "./private_lines.js";

const BUSY = "Another moderator is already there.";

/** Who can be called at once, as on the card of Help. */
function callable() {
  return [make("section", { class: "stack" }, make("h3", {}, "People you can call"), helpLines())];
}

export function createLines(tools) {
  const { send, roomOf, notify, outbox, redraw, focusBack } = tools;
  const seenAt = new Map();
  const told = new Map();
  let awaited = "";
  let shown = null;
  let isOnline = true;
  let wanted = false;
  let isAsking = false;
  let refusal = "";

  const seen = (id) => seenAt.get(id) || 0;
  const unread = ({ id, said }) => unreadOf(said, seen(id));

  function explain(frame) {
    if (frame.is !== "refused" || frame.code === "already_so") return;
    notify(frame.code === "claimed_by_other" ? BUSY : frame.sentence);
  }

  function actsFor({ id, open, claimed, isMine }) {
    if (isMine) return open || wanted ? [] : [["Ask again", ask]];
    if (!open) return [];
    const claim = claimed === "You" ? [] : [["I am with them", () => send({ do: "claim_line", line: id }, explain)]];
    return [...claim, ["Close the line", () => send({ do: "close_line", line: id }, explain)]];
  }

  function open(id, label, foot) {
    if (shown) shown.sheet.close();
    const onClose = () => {
      shown = null;
      focusBack();
    };
    shown = { id, sheet: createLineSheet(id, label, { ...tools, lineNow, acts: actsFor, foot, onClose }) };
    redraw();
  }

  /** Words on the screen are read. */
  function saw(room) {
    const line = shown && lineOf(room, shown.id);
    if (line && line.said.length) seenAt.set(shown.id, line.said[line.said.length - 1].at);
  }

  /** Asks until it is answered: a lost connection does not lose the call. */
  function ask() {
    wanted = true;
    isAsking = true;
    refusal = "";
    send({ do: "ask_support" }, (frame) => {
      isAsking = false;
      wanted = frame.code === "offline";
      refusal = wanted || frame.is !== "refused" || frame.code === "already_so" ? "" : frame.sentence;
      if (shown) shown.sheet.draw();
    });
  }

  function sentenceOf(line) {
    if (!line.isMine || line.open) return stateOf(roomOf(), line);
    return refusal || (wanted || line === NO_LINE ? callingText(isOnline) : stateOf(roomOf(), line));
  }

  function lineNow(id) {
    const line = (roomOf() && lineOf(roomOf(), id)) || NO_LINE;
    return { ...line, sentence: sentenceOf(line) };
  }

  function openMine() {
    const line = lineOf(roomOf(), "");
    if (!line || !line.open) ask();
    open("", "Support", callable());
  }

  function openOther(id) {
    const line = lineOf(roomOf(), id);
    awaited = line ? "" : id;
    if (!line) return;
    const { nickname, open: isOpen, claimed } = line;
    if (isOpen && !claimed) send({ do: "claim_line", line: id }, explain);
    open(id, `Support for ${nickname}`, []);
  }

  /** What is on its way is confirmed by what stands there. */
  function confirm(room) {
    for (const { line, origin_id } of outbox.items().filter((item) => item.line !== undefined)) {
      const found = lineOf(room, line);
      if (found && found.said.some((one) => one.mine && one.origin_id === origin_id)) outbox.confirm(origin_id);
    }
  }

  function tell({ id }, news, action) {
    if (news && told.get(id) !== news && !(shown && shown.id === id)) notify(news, action);
    told.set(id, news);
  }

  function newsOfMine({ open: isOpen, claimed, said }) {
    const count = unread({ id: "", said });
    if (count) return `${said[said.length - 1].name} answers you privately. ${count} new.`;
    return isOpen && claimed ? `${claimed} is with you.` : "";
  }

  function newsOfOther(line) {
    if (!line.open) return "";
    if (!line.claimed) return "Someone asks for support.";
    return line.claimed === "You" && unread(line) ? `${line.nickname} writes to you privately. ${unread(line)} new.` : "";
  }

  function deskRow(line) {
    const { id, nickname, open: isOpen, claimed, claimedBy, at } = line;
    const isFree = isOpen && !claimed;
    return { id, nickname, at, isOpen, isFree, claimedBy, state: stateOf(roomOf(), line), count: unread(line) };
  }

  function waiting(room) {
    const lines = linesOf(room).filter(({ open: isOpen }) => isOpen);
    const unclaimed = lines.filter(({ claimed }) => !claimed);
    const [first] = unclaimed;
    const more = unclaimed.length > 1 ? `${unclaimed.length} people ask for support` : "Someone asks for support";
    const mine = lines.filter((line) => line.claimed === "You" && unread(line));
    return [
      ...(first ? [{ key: "support", label: more, main: true, run: () => openOther(first.id) }] : []),
      ...mine.map((line) => {
        const label = `${line.nickname}: ${unread(line)} new`;
        return { key: `line-${line.id}`, label, main: true, run: () => openOther(line.id) };
      }),
    ];
  }

  function ofMine(room) {
    const line = lineOf(room, "");
    if (!line || (!line.open && !unread(line))) return [];
    const count = unread(line);
    const label = count ? `Support: ${count} new` : line.claimed ? `${line.claimed} is with you` : "Your private line";
    return [{ key: "mine", label, main: count > 0, run: openMine }];
  }

  return {
    openMine,
    openOther,
    /** The lines of others for the desk: `[{id, nickname, at, isOpen, isFree, claimedBy, state, count}]`. */
    deskRows: (room) => linesOf(room).map(deskRow),
    asks: (room) => [...waiting(room), ...ofMine(room)],
    draw(room, connected) {
      isOnline = connected;
      confirm(room);
      if (wanted && connected && !isAsking) ask();
      const lines = linesOf(room);
      if (awaited && lineOf(room, awaited)) openOther(awaited);
      if (shown && shown.id && !lineOf(room, shown.id)) shown.sheet.close();
      if (shown) shown.sheet.draw();
      saw(room);
      lines.forEach((line) => tell(line, newsOfOther(line), { label: "Open", run: () => openOther(line.id) }));
      const own = lineOf(room, "");
      if (own) tell(own, newsOfMine(own));
    },
  };
}
