/**
 * What was said, in order: one element a row, of what `rowsOf` makes.
 *
 * `createTimeline(parts, actions)`: `render(rows, {me, now, more})`. New messages are announced by the log's role; what
 * changes later (counts, tombstones, one's own pending words) and what comes before is not. It scrolls along only when the
 * reader is at the end. The actions `choicesFor(item)` are `[label, run]` for one's own words on their way, `show(id)` and
 * `openMenu(id)` are about a message.
 */
import { chipWords, drawChips, inWords } from "./choices.js";
import { timeOf } from "./clock.js";
import { button, make, setText } from "./dom.js";
import { face } from "./faces.js";
import { createList } from "./list.js";
import { createRoving } from "./roving.js";
import { TOPICS } from "./sight.js";

const AT_END_PX = 80;
const GONE = { retracted: "This message was taken back.", redacted: "A moderator took this message away." };

function clone() {
  return document.getElementById("message").content.firstElementChild.cloneNode(true);
}

function find(node, name) {
  return node.querySelector(`.${name}`);
}

function createLine(row) {
  return make("p", { class: `note ${row.kind}`, "aria-live": "off" }, row.text);
}

/** A share is one block: `follows` joins what belongs together, `last` closes it. */
function drawShare(node, { share, follows, last }) {
  node.classList.toggle("share", Boolean(share));
  node.classList.toggle("lit", share === "lit");
  node.classList.toggle("follows", Boolean(follows));
  node.classList.toggle("last", Boolean(last));
}

function createDone(row) {
  return make("p", { class: "share follows done", "aria-live": "off" }, row.text);
}

function createLive({ nickname }) {
  const by = make("div", { class: "by" }, make("bdi", { class: "name" }, nickname));
  const said = make("div", { class: "said" }, by, make("p", { class: "still" }));
  return make("div", { class: "message", "aria-live": "off" }, face(nickname), said);
}

function updateLive(node, row) {
  const { nickname, follows, typing } = row;
  drawShare(node, row);
  setText(find(node, "still"), follows ? `${nickname} is still writing` : typing ? "is writing" : "has the floor");
}

function textOf({ gone, kind, name, text }) {
  if (gone) return GONE[gone];
  if (kind === "chip") return /\D/.test(text) ? text : "takes a chip";
  return kind === "thanks" ? inWords(name) : text;
}

function updateLine(node, row) {
  setText(node, row.text);
}

export function createTimeline({ scroller, log, newer, earlier }, { send, openMenu, show, choicesFor, loadEarlier, later }) {
  const rove = createRoving(log, ".more");
  let atEnd = true;
  let view = { me: null, now: 0 };
  const drawn = new WeakMap();

  function createMessage({ message }) {
    const node = clone();
    const isChip = message.kind === "chip";
    const taken = isChip && !message.gone ? [`a chip, ${chipWords(message)}`] : [];
    find(node, "face").replaceWith(isChip ? make("b", { class: "coin", "aria-hidden": "true" }) : face(message.nickname));
    node.classList.toggle("took-chip", isChip);
    node.classList.toggle("gave-thanks", message.kind === "thanks");
    find(node, "name").textContent = message.nickname;
    find(node, "role").textContent = message.role;
    find(node, "role").hidden = message.role === "participant";
    const at = timeOf(message.at, view.now);
    const spoken = message.role === "participant" ? [message.nickname, at] : [message.nickname, message.role, at];
    find(node, "spoken").textContent = `${[...spoken, ...taken].join(", ")}: `;
    find(node, "at").textContent = at;
    find(node, "more").setAttribute("aria-label", `More about this message by ${message.nickname}`);
    find(node, "more").addEventListener("click", () => openMenu(message.id));
    return node;
  }

  /** The words themselves have the focus then, so that they are read out. */
  function uncover(node, row) {
    show(row.message.id);
    updateMessage(node, { ...row, cover: "" });
    focusWords(node);
  }

  function focusWords(node) {
    const body = find(node, "text");
    body.tabIndex = -1;
    body.focus({ preventScroll: true });
  }

  /**
   * When a message says something else, all of it is made anew, without a word to screen readers: a browser that translates the
   * page may have put its words into any of its elements.
   */
  function drawWords(node, row) {
    const { message, cover } = row;
    const text = cover ? "" : textOf(message);
    if (drawn.has(node) && drawn.get(node) !== text) {
      const hadFocus = node.contains(document.activeElement);
      node.setAttribute("aria-live", "off");
      node.replaceChildren(...createMessage(row).childNodes);
      if (hadFocus) focusWords(node);
    }
    drawn.set(node, text);
    setText(find(node, "text"), text);
  }

  /** What stands above the words: what they are about, or that others do not see them. */
  function drawAbout(node, row) {
    const { message, cover } = row;
    const { topic, veiled } = message;
    const words = topic ? `Content note: ${TOPICS[topic]}.` : veiled ? "Others do not see this for a moment." : "";
    const key = `${words}${cover}`;
    const old = find(node, "about");
    find(node, "text").hidden = Boolean(cover);
    if ((old ? old.dataset.key : "") === key) return;
    if (old) old.remove();
    if (!words) return;
    const about = make("div", { class: "about", "data-key": key }, make("span", {}, words));
    if (cover) {
      const reveal = button("Show", () => uncover(node, row));
      reveal.setAttribute("aria-label", `Show the words of ${message.nickname}`);
      about.append(reveal);
    }
    find(node, "text").before(about);
  }

  function updateMessage(node, row) {
    const { message, reading, mine, sent } = row;
    drawWords(node, row);
    drawAbout(node, row);
    node.classList.toggle("gone", Boolean(message.gone));
    drawShare(node, row);
    node.classList.toggle("mine", message.by === view.me.participant);
    find(node, "text").classList.toggle("reading", reading);
    find(node, "more").hidden = Boolean(message.gone);
    setText(find(node, "state"), sent ? "Sent" : "");
    if (message.kind === "chip") setText(find(node, "coin"), message.gone ? "" : chipWords(message));
    drawChips(find(node, "chips"), message, mine, send);
  }

  function createPending() {
    const node = clone();
    node.setAttribute("aria-live", "off");
    find(node, "face").replaceWith(face(view.me.nickname));
    find(node, "name").textContent = view.me.nickname;
    find(node, "role").hidden = true;
    find(node, "more").remove();
    return node;
  }

  /** Buttons stay while they are the same, so that focus does. */
  function drawChoices(chips, choices) {
    const labels = choices.map(([label]) => label).join();
    if (chips.dataset.labels === labels) return;
    chips.dataset.labels = labels;
    chips.replaceChildren(...choices.map(([label, run]) => button(label, run)));
    chips.hidden = !labels;
  }

  function updatePending(node, row) {
    const { item } = row;
    const failed = item.state === "refused" || item.state === "rejected";
    setText(find(node, "text"), item.text);
    node.className = `message ${failed ? "failed" : "pending"}`;
    drawShare(node, row);
    setText(find(node, "state"), item.state === "refused" ? `Not sent. ${item.sentence}` : item.sentence || "Sending");
    drawChoices(find(node, "chips"), choicesFor(item));
  }

  const kinds = {
    message: { create: createMessage, update: updateMessage },
    pending: { create: createPending, update: updatePending },
    note: { create: createLine, update: updateLine },
    phase: { create: createLine, update: updateLine },
    day: { create: createLine, update: updateLine },
    done: { create: createDone, update: drawShare },
    live: { create: createLive, update: updateLive },
  };
  const list = createList(log, {
    create: (row) => kinds[row.kind].create(row),
    update: (node, row) => kinds[row.kind].update(node, row),
  });

  function toEnd() {
    scroller.scrollTop = scroller.scrollHeight;
    atEnd = true;
    newer.hidden = true;
  }

  function firstSeen() {
    const top = scroller.scrollTop;
    return Array.from(log.children).find((node) => node.offsetTop + node.offsetHeight > top) || null;
  }

  /** Draws without a word to screen readers: for what is older than the moment. */
  function quietly(draw) {
    log.setAttribute("aria-live", "off");
    draw();
    later(() => log.setAttribute("aria-live", "polite"), 1000);
  }

  scroller.addEventListener("scroll", () => {
    atEnd = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < AT_END_PX;
    if (atEnd) newer.hidden = true;
  });
  new ResizeObserver(() => atEnd && toEnd()).observe(scroller);
  newer.addEventListener("click", toEnd);
  earlier.addEventListener("click", loadEarlier);

  let lastKey = "";
  return {
    isAtEnd: () => atEnd,
    toEnd,
    quietly,
    render(rows, next) {
      view = next;
      const anchor = atEnd ? null : firstSeen();
      const before = anchor && anchor.offsetTop;
      list(rows);
      rove();
      earlier.hidden = !next.more;
      const spoken = rows.filter(({ kind }) => kind === "message");
      const newest = spoken.length ? spoken[spoken.length - 1].key : "";
      if (atEnd) toEnd();
      else {
        if (anchor && anchor.isConnected) scroller.scrollTop += anchor.offsetTop - before;
        if (newest !== lastKey) newer.hidden = false;
      }
      lastKey = newest;
    },
  };
}
