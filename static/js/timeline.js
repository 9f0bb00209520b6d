/**
 * What was said, in order: one element a row, of what `rowsOf` makes.
 *
 * `createTimeline(parts, actions)`: `render(rows, {me, now, more})`. New messages are announced by the log's role; what
 * changes later (counts, tombstones, one's own pending words) and what comes before is not. It scrolls along only when the
 * reader is at the end.
 */
import { drawChips } from "./choices.js";
import { timeOf } from "./clock.js";
import { button, make } from "./dom.js";
import { face } from "./faces.js";
import { createList } from "./list.js";
import { createRoving } from "./roving.js";

const AT_END_PX = 80;
const GONE = { retracted: "This message was taken back.", redacted: "A moderator took this message away." };

function clone() {
  return document.getElementById("message").content.firstElementChild.cloneNode(true);
}

function find(node, name) {
  return node.querySelector(`.${name}`);
}

function createLine(row) {
  return make("p", { class: "note", "aria-live": "off" }, row.text);
}

function updateLine(node, row) {
  if (node.firstChild.data !== row.text) node.firstChild.data = row.text;
}

export function createTimeline({ scroller, log, newer, earlier }, { send, openMenu, retry, takeBack, loadEarlier, later }) {
  const rove = createRoving(log, ".more");
  let atEnd = true;
  let view = { me: null, now: 0 };

  function createMessage({ message }) {
    const node = clone();
    find(node, "face").replaceWith(face(message.nickname));
    find(node, "name").textContent = message.nickname;
    find(node, "role").textContent = message.role;
    find(node, "role").hidden = message.role === "participant";
    const at = timeOf(message.at, view.now);
    const spoken = message.role === "participant" ? [message.nickname, at] : [message.nickname, message.role, at];
    find(node, "spoken").textContent = `${spoken.join(", ")}: `;
    find(node, "at").textContent = at;
    find(node, "more").setAttribute("aria-label", `More about this message by ${message.nickname}`);
    find(node, "more").addEventListener("click", () => openMenu(message.offset));
    return node;
  }

  function updateMessage(node, { message, follows, reading, mine, sent }) {
    const text = message.gone ? GONE[message.gone] : message.text;
    const body = find(node, "text").firstChild || find(node, "text").appendChild(document.createTextNode(""));
    if (body.data !== text) body.data = text;
    node.classList.toggle("gone", Boolean(message.gone));
    node.classList.toggle("follows", follows);
    node.classList.toggle("mine", message.by === view.me.participant);
    find(node, "text").classList.toggle("reading", reading);
    find(node, "more").hidden = Boolean(message.gone);
    find(node, "state").textContent = sent ? "Sent" : "";
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

  function updatePending(node, { item, follows }) {
    const failed = item.state === "refused";
    const choices = [
      button("Try again", () => retry(item.origin_id)),
      button("Take back", () => takeBack(item.origin_id), "plain"),
    ];
    find(node, "text").textContent = item.text;
    node.className = `message ${failed ? "failed" : "pending"} ${follows ? "follows" : ""}`;
    find(node, "state").replaceChildren(failed ? `Not sent. ${item.sentence} ` : "Sending");
    find(node, "chips").replaceChildren(...(failed ? choices : []));
    find(node, "chips").hidden = !failed;
  }

  const kinds = {
    message: { create: createMessage, update: updateMessage },
    pending: { create: createPending, update: updatePending },
    note: { create: createLine, update: updateLine },
    day: { create: createLine, update: updateLine },
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
