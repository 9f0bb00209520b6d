/**
 * The views of the room, made once and drawn together.
 *
 * `createViews({session, outbox, storage, clock, banner, announce, later, send, link, leave})`: `draw(connected)` draws all,
 * `open()` follows the first drawing, `news(frame)` says what must not be missed.
 */
import { createActs } from "./acts.js";
import { dayOf, timeLeft } from "./clock.js";
import { createComposer } from "./composer.js";
import { createDesk, openReports } from "./desk.js";
import { byId, say } from "./dom.js";
import { createMeeting } from "./meeting.js";
import { createMenu } from "./menu.js";
import { createRoster } from "./roster.js";
import { rowsOf } from "./rows.js";
import { openSheet } from "./sheet.js";
import { createTiming, passed, statusOf } from "./status.js";
import { createTimeline } from "./timeline.js";

const MESSAGES_SHOWN_AT_MOST = 2000;

function named(prefix, names) {
  return Object.fromEntries(Object.entries(names).map(([name, id]) => [name, byId(prefix + id)]));
}

export function createViews({ session, outbox, storage, clock, banner, announce, later, send, link, leave }) {
  const roomOf = session.room;
  const notify = banner.pass;
  const acts = createActs({ send, notify, roomOf });
  const openMenu = createMenu({ send, notify, acts, roomOf });
  const timing = createTiming();

  const composer = createComposer(
    named("", { form: "composer", field: "words", send: "send", count: "count", status: "status", setting: "enter-sends" }),
    { post: postAndFollow, storage, isTouch: window.matchMedia("(hover: none) and (pointer: coarse)").matches, announce },
  );
  const timeline = createTimeline(
    named("", { scroller: "timeline", log: "log", newer: "newer", earlier: "earlier" }),
    { send, openMenu, retry: outbox.retry, takeBack, loadEarlier, later },
  );
  const drawRoster = createRoster(byId("roster"), acts.openPerson);
  const drawDesk = createDesk(
    {
      ...named("", { reports: "reports", none: "no-reports", settled: "settled", settledBox: "settled-box" }),
      actions: byId("actions"),
      door: named("lock-", { sentence: "state", button: "button" }),
    },
    { send, acts, roomOf },
  );
  const drawMeeting = createMeeting(
    {
      ...named("meeting-", { welcome: "welcome", times: "times", rules: "rules", rulesPart: "rules-part" }),
      ...named("", { chair: "chair", extend: "extend", end: "end", copy: "copy-link", leave: "leave-meeting" }),
    },
    { send, notify, link, leave },
  );

  function postAndFollow(text) {
    outbox.post(text);
    timeline.toEnd();
  }

  function takeBack(id) {
    composer.restore(outbox.takeBack(id));
  }

  function loadEarlier() {
    const [first] = roomOf().messages;
    send({ do: "earlier", before: first.offset }, (frame) => {
      if (frame.is === "refused") notify(frame.sentence);
      else timeline.quietly(() => session.addEarlier(frame));
    });
  }

  function openDesk() {
    openSheet(byId("desk"), { label: "Desk" });
  }

  byId("open-people").addEventListener("click", () => openSheet(byId("people"), { label: "Here" }));
  byId("open-meeting").addEventListener("click", () => openSheet(byId("meeting"), { label: "This meeting" }));
  byId("open-desk").addEventListener("click", openDesk);

  function drawHeader(room, now) {
    const here = Object.values(room.people).filter((person) => person.here).length;
    say(byId("title"), room.title);
    say(byId("facts"), `${here} here \u00b7 ${timeLeft(room.ends_at - now)}`);
    byId("time").firstElementChild.style.width = `${passed(room, now) * 100}%`;
    byId("open-people").textContent = `People ${Object.keys(room.people).length}`;
    const news = timing.look(room, now);
    if (news) notify(news);
  }

  function drawModerating(room, now) {
    const waiting = openReports(room).length;
    byId("desk").hidden = byId("open-desk").hidden = !room.desk;
    byId("open-desk").textContent = waiting ? `Desk ${waiting}` : "Desk";
    byId("open-desk").setAttribute("aria-label", waiting ? `Desk, ${waiting} open` : "Desk");
    byId("open-desk").classList.toggle("waiting", waiting > 0);
    if (room.desk) drawDesk(room, now);
  }

  function drawTimeline(room, now) {
    if (timeline.isAtEnd()) session.shorten();
    const { messages, me, more } = roomOf();
    const pending = outbox.items();
    byId("silence").hidden = Boolean(messages.length || pending.length);
    const rows = rowsOf({ messages, me, notes: session.notes(), pending, dayOf, today: dayOf(now) });
    timeline.render(rows, { me, now, more: more && messages.length < MESSAGES_SHOWN_AT_MOST });
  }

  return {
    open() {
      timeline.quietly(() => {});
      timeline.toEnd();
      composer.fit();
    },
    draw(connected) {
      const room = roomOf();
      const now = clock.now();
      drawHeader(room, now);
      drawTimeline(room, now);
      composer.render({ status: statusOf(room, now, connected), role: room.me.role });
      drawRoster(room, now);
      drawModerating(room, now);
      drawMeeting(room, now);
    },
    news({ event }) {
      if (event !== "reported" || !roomOf().desk) return;
      notify("Someone asks the moderators to look at a message.", { label: "Open the desk", run: openDesk });
    },
  };
}
