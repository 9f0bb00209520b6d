/**
 * The views of the room, made once and drawn together. What is not needed at once, and what only a meeting with a course or
 * those who lead or moderate need, is loaded when it is needed.
 *
 * `createViews({session, outbox, storage, clock, banner, announce, later, newId, redraw, send, link, leave, meeting})`:
 * `draw(connected)` draws all, `open()` follows the first drawing, `news(frame)` says what must not be missed.
 */
import { HELPER_WORDS } from "./choices.js";
import { dayOf, timeLeft } from "./clock.js";
import { createComposer } from "./composer.js";
import { isolate } from "./direction.js";
import { byId, named, say } from "./dom.js";
import { hasScript, holds, isTyping, keepsTime, leads, mayWrite, reads } from "./floor.js";
import { isPost } from "./outbox.js";
import { countsOf, NOBODY } from "./people.js";
import { isCrowded, afterWordless } from "./room.js";
import { HUSHED, rowsOf } from "./rows.js";
import { openSheet } from "./sheet.js";
import { createSight } from "./sight.js";
import { createTiming, passed, statusOf } from "./status.js";
import { loadStyle } from "./style.js";
import { createTimeline } from "./timeline.js";
import { createTurn } from "./turn.js";
import { showUnsent, unsentOf } from "./unsent.js";

const MESSAGES_SHOWN_AT_MOST = 2000;

const RETRY_MS = 10000;
const SOON_MS = 6000;
const RETURNED = new Set(["nudged", "rejected"]);
const TURN_ENDED = {
  time: "Nothing came for a while, so the floor moved on.",
  gone: "The floor moved on while you were away.",
  skipped: "The host or a moderator has moved on to the next person.",
  phase: "This part of the meeting is over.",
};
const NOT_LOADED = "A part of this page did not load. If it stays away, please load the page again.";

export function createViews(tools) {
  const { session, outbox, storage, clock, banner, announce, later, newId, redraw, send, link, leave, meeting } = tools;
  const roomOf = session.room;
  const notify = banner.pass;
  const turn = createTurn({
    ...{ send, notify, roomOf, outbox, storage, now: clock.now },
    holdsWords: () => Boolean(composer.words()),
    hasDrafts: () => Boolean((mayWrite(roomOf()) && composer.words()) || Object.keys(storage.get("private", {})).length),
  });
  const notLoaded = () => notify(NOT_LOADED);
  const sight = createSight(storage, redraw);
  const common = { send, notify, notLoaded, announce, roomOf, turn, newId, link, now: clock.now, openPerson };
  const leading = lazily(() => import("./leading.js"), ({ createLeading }) => createLeading(common));
  const takingPart = lazily(() => import("./taking_part.js"), (module) => module.createTakingPart({ ...common, storage, leading }));
  const questions = lazily(() => import("./questions.js"), ({ createQuestions }) => {
    const goTo = (index) => leading.use((part) => part.goTo(index));
    return createQuestions(byId("question"), { ...common, later, goTo, home: byId("words") });
  });
  const crowd = lazily(() => import("./crowd.js"), ({ createCrowd }) => {
    const parts = named("crowd", { part: "", number: "-number", button: "-ask", state: "-state" });
    return createCrowd(parts, { send, announce, now: clock.now, redraw });
  });
  const support = lazily(
    () => import("./support.js"),
    ({ createSupport }) => createSupport({ ...common, outbox, storage, redraw, meeting }),
    "support.css",
  );
  const desk = lazily(
    () => import("./desk.js"),
    ({ createDesk }) => createDesk({ ...common, storage, support, redraw }),
    "desk.css",
  );
  const menu = lazily(() => import("./menu.js"), ({ createMenu }) => {
    const noteContent = (message, isMine) => safety.use((part) => part.noteContent(message, isMine));
    return createMenu({ send, notify, actsOf: acts, roomOf, openPerson, noteContent });
  });
  const beside = lazily(
    () => import("./beside.js"),
    ({ createBeside }) => createBeside({ send, leave, openPerson, hidden: sight.hidden }),
  );
  const safety = lazily(
    () => import("./safety.js"),
    ({ createSafety }) => {
      const actsOf = (person) => [leading.made(), acts()].flatMap((part) => (part ? part.choicesFor(person) : []));
      return createSafety({ ...common, outbox, storage, sight, composer, redraw, supportNow, actsOf, leaveList: () => closePeople() });
    },
    "safety.css",
  );
  const timing = createTiming();
  const onPage = byId("composer");
  let closePeople = () => {};
  let lead = null;
  let moderating = null;
  let woken = 0;

  const composer = createComposer(
    {
      ...named("", { form: "composer", label: "words-label", field: "words", send: "send", part: "send-part" }),
      ...named("", { count: "count", note: "open-note", status: "status", setting: "enter-sends" }),
    },
    {
      ...{ post: postAndFollow, typed: turn.typed, wrote: turn.wrote, storage, announce },
      isTouch: window.matchMedia("(hover: none) and (pointer: coarse)").matches,
    },
  );
  const timeline = createTimeline(
    named("", { scroller: "timeline", log: "log", newer: "newer", earlier: "earlier" }),
    { send, openMenu: (id) => menu.use((open) => open(id)), show: sight.show, choicesFor, loadEarlier, later },
  );

  /**
   * A part of the page that is loaded at the first call: null until it is there, and again and again if it does not come.
   * `use(run)` gives it to `run`, now or when it is there; `made()` does not load it. What comes when the room has left the
   * page is not made.
   */
  function lazily(load, create, style) {
    let made = null;
    let isAsked = false;
    let waiting = [];

    function failed() {
      notLoaded();
      later(() => {
        isAsked = false;
        redraw();
      }, RETRY_MS);
    }

    async function loadAll() {
      const module = await load();
      if (style) await loadStyle(style);
      return module;
    }

    function loaded(module) {
      if (!onPage.isConnected) return;
      made = create(module);
      waiting.forEach((run) => run(made));
      waiting = [];
      redraw();
    }

    function part() {
      if (!isAsked) loadAll().then(loaded, failed);
      isAsked = true;
      return made;
    }

    part.made = () => made;
    part.use = (run) => (part() ? run(made) : waiting.push(run));
    return part;
  }

  function postAndFollow(text, more) {
    outbox.post(text, more);
    timeline.toEnd();
  }

  /** What one can do with one's own words before they are said. */
  function choicesFor(item) {
    const { origin_id: id, state } = item;
    if (state === "refused") {
      return [["Try again", () => outbox.retry(id)], ["Take back", () => composer.restore(outbox.takeBack(id))]];
    }
    return item.held ? safety.made().choicesFor(item) : [];
  }

  function loadEarlier() {
    const [first] = roomOf().messages;
    send({ do: "earlier", before: first.id }, (frame) => {
      if (frame.is === "refused") notify(frame.sentence);
      else timeline.quietly(() => session.addEarlier(frame));
    });
  }

  /** Words that were veiled before this page could be given them. */
  function fetchWords(earlierThan) {
    const before = afterWordless(roomOf(), earlierThan);
    if (before === undefined) return;
    send({ do: "earlier", before }, (frame) => {
      if (frame.is === "refused") return;
      timeline.quietly(() => session.addEarlier(frame));
      if (frame.messages.length) fetchWords(frame.messages[0].id);
    });
  }

  /** What moderators may do about people and messages: those of acts.js, or null. */
  function acts() {
    const part = roomOf().desk && desk();
    return part ? part.acts : null;
  }

  /** The sheet of a person, with what moderators and those who lead may do when that is loaded. */
  function openPerson(person) {
    const room = roomOf();
    const open = () => safety.use((part) => part.openPerson(person));
    const led = () => (room.desk || keepsTime(room) ? leading.use(open) : open());
    if (room.desk) desk.use(led);
    else led();
  }

  function openPeople() {
    closePeople = openSheet(byId("people"), { label: "People" });
    const part = isCrowded(roomOf()) && crowd();
    if (part) part.ask();
  }

  byId("open-people").addEventListener("click", openPeople);
  byId("open-meeting").addEventListener("click", () => openSheet(byId("meeting"), { label: "This meeting" }));
  byId("open-desk").addEventListener("click", () => desk.use((part) => part.open()));

  function drawHeader(room, now) {
    const { here, seated } = countsOf(room);
    say(byId("title"), room.title);
    const phase = hasScript(room) && !room.course.fellowship ? isolate(room.course.phase.title) : "";
    say(byId("facts"), [phase, `${here} here`, timeLeft(room.ends_at - now)].filter(Boolean).join(" \u00b7 "));
    byId("time").firstElementChild.style.width = `${passed(room, now) * 100}%`;
    byId("open-people").textContent = `People ${seated}`;
    const news = timing.look(room, now);
    if (news) notify(news);
  }

  function drawPeople(room, now) {
    const part = (isCrowded(room) || !byId("crowd").hidden) && crowd();
    if (part) part.draw(room);
    const draw = beside();
    if (draw) draw(room, now, part ? part.listed() : NOBODY);
  }

  function drawModerating(room, now) {
    byId("desk").hidden = byId("open-desk").hidden = !room.desk;
    if (room.desk) moderating = desk();
    if (moderating) moderating.draw(room, now);
    if (room.desk || keepsTime(room)) lead = leading();
    if (lead) lead.draw(room, now);
  }

  function drawCourse(room) {
    turn.settle();
    const part = hasScript(room) && takingPart();
    if (part) part.draw(room);
  }

  function drawQuestions(room) {
    const part = (holds(room) || leads(room) || questions.made()) && questions();
    if (part) part.draw(room);
  }

  function drawSupport(room, connected) {
    const part = support();
    const more = safety.made() ? safety.made().asks(room) : [];
    if (part) part.draw(room, connected, more);
  }

  function drawSafety(room) {
    const returned = outbox.items().filter((item) => isPost(item) && item.state === "refused" && RETURNED.has(item.code));
    const { held, care, direct } = room.me;
    const isNeeded = returned.length || held.length || care || room.direct || Object.keys(direct).length || safety.made();
    const part = isNeeded && safety();
    if (!part) return;
    part.draw(room);
    returned.forEach(part.returned);
  }

  function supportNow() {
    if (!support()) notify("One moment.");
    support.use((part) => part.supportNow());
  }

  byId("support-now").addEventListener("click", supportNow);
  byId("open-note").addEventListener("click", () => safety.use((part) => part.chooseNote()));
  byId("open-sight").addEventListener("click", () => safety.use((part) => part.openSight()));

  function drawTimeline(room, now) {
    if (timeline.isAtEnd()) session.shorten();
    const { messages, me, more, floor } = roomOf();
    const held = safety.made() ? safety.made().heldItems(roomOf()) : [];
    const pending = [...held, ...outbox.items().filter(isPost)];
    byId("silence").hidden = Boolean(messages.length || pending.length);
    const typing = Boolean(floor) && isTyping(floor, now);
    const rows = rowsOf({ messages, me, notes: session.notes(), pending, floor, typing, dayOf, today: dayOf(now), sight });
    timeline.render(rows, { me, now, more: more && messages.length < MESSAGES_SHOWN_AT_MOST });
  }

  /** One may write again at this very moment, not at the next look at the clock. */
  function wakeAt(until, now) {
    if (until === woken || until > now + SOON_MS) return;
    woken = until;
    if (until > now) later(redraw, until - now);
  }

  /** Why one's turn is over, when one did not end it. */
  function turnEnded({ participant, ending }, { me }) {
    const sentence = participant === me.participant && TURN_ENDED[ending];
    if (sentence) notify(composer.words() ? `${sentence} Your words are kept.` : sentence);
  }

  const NEWS = {
    floor_released: turnEnded,
    veiled: (frame, { me }) => me.role === "participant" && announce(HUSHED.veiled()),
    unveiled: () => fetchWords(),
    helper_named({ participant, helper }, { me }) {
      if (helper && participant === me.participant) notify(`The host asks you to help as ${HELPER_WORDS[helper]}.`);
    },
  };

  return {
    open() {
      menu();
      timeline.quietly(() => {});
      timeline.toEnd();
      composer.fit();
    },
    draw(connected) {
      const room = roomOf();
      const now = clock.now();
      drawHeader(room, now);
      drawTimeline(room, now);
      const status = statusOf(room, now, connected);
      composer.render({ status, reads: reads(room) });
      wakeAt(status.until, now);
      drawCourse(room);
      drawQuestions(room);
      drawPeople(room, now);
      drawModerating(room, now);
      drawSafety(room);
      drawSupport(room, connected);
    },
    supportNow,
    /** Takes up all that is written and not sent, to be shown when the room has left the page. */
    unsent() {
      const text = unsentOf({ field: composer.words(), drafts: storage.get("private", {}), items: outbox.items() });
      return () => showUnsent(text, named("unsent-", { part: "part", words: "words", copy: "copy" }), later);
    },
    news(frame) {
      const tell = NEWS[frame.event];
      if (tell) tell(frame, roomOf());
      if (moderating) moderating.news(frame);
      if (frame.is === "moderator_link" && roomOf().me.role === "host") leading.use((part) => part.newLink(frame.token));
    },
  };
}
