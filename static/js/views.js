/**
 * The views of the room, made once and drawn together. What only a meeting with a course needs, and what only those who lead
 * or moderate need, is loaded when it is needed.
 *
 * `createViews({session, outbox, storage, clock, banner, announce, later, newId, redraw, send, link, leave, meeting})`:
 * `draw(connected)` draws all, `open()` follows the first drawing, `news(frame)` says what must not be missed.
 */
import { HELPER_WORDS } from "./choices.js";
import { dayOf, timeLeft } from "./clock.js";
import { createComposer } from "./composer.js";
import { byId, named, say } from "./dom.js";
import { hasScript, isTyping, keepsTime, reads } from "./floor.js";
import { createMeeting } from "./meeting.js";
import { createMenu } from "./menu.js";
import { isPost } from "./outbox.js";
import { countsOf, NOBODY } from "./people.js";
import { isCrowded } from "./room.js";
import { createRoster } from "./roster.js";
import { rowsOf } from "./rows.js";
import { openSheet } from "./sheet.js";
import { createTiming, openLines, openReports, passed, statusOf } from "./status.js";
import { createTimeline } from "./timeline.js";
import { createTurn } from "./turn.js";

const MESSAGES_SHOWN_AT_MOST = 2000;

const RETRY_MS = 10000;
const NOT_LOADED = "A part of this page did not load. If it stays away, please load the page again.";

export function createViews(tools) {
  const { session, outbox, storage, clock, banner, announce, later, newId, redraw, send, link, leave, meeting } = tools;
  const roomOf = session.room;
  const notify = banner.pass;
  const turn = createTurn({ send, notify, roomOf, outbox, storage, now: clock.now });
  const notLoaded = () => notify(NOT_LOADED);
  const common = { send, notify, notLoaded, announce, roomOf, turn, newId, link, now: clock.now };
  const leading = lazily(() => import("./leading.js"), (module) => module.createLeading(common));
  const takingPart = lazily(() => import("./taking_part.js"), (module) => module.createTakingPart({ ...common, storage, leading }));
  const crowd = lazily(() => import("./crowd.js"), ({ createCrowd }) => {
    const parts = named("crowd", { part: "", number: "-number", button: "-ask", state: "-state" });
    return createCrowd(parts, { send, announce, now: clock.now, redraw });
  });
  const support = lazily(
    () => import("./support.js").then(({ loadSupport }) => loadSupport({ ...common, outbox, storage, redraw, meeting })),
    (made) => made,
  );
  const openMenu = createMenu({ send, notify, actsOf: () => leading() && leading().acts, roomOf });
  const timing = createTiming();
  let lead = null;

  const composer = createComposer(
    {
      ...named("", { form: "composer", label: "words-label", field: "words", send: "send", part: "send-part" }),
      ...named("", { count: "count", status: "status", setting: "enter-sends" }),
    },
    {
      ...{ post: postAndFollow, typed: turn.typed, wrote: turn.wrote, storage, announce },
      isTouch: window.matchMedia("(hover: none) and (pointer: coarse)").matches,
    },
  );
  const timeline = createTimeline(
    named("", { scroller: "timeline", log: "log", newer: "newer", earlier: "earlier" }),
    { send, openMenu, retry: outbox.retry, takeBack, loadEarlier, later },
  );
  const drawRoster = createRoster(byId("roster"), (person) => leading.use((part) => part.openPerson(person)));
  const drawMeeting = createMeeting(
    {
      ...named("meeting-", { welcome: "welcome", times: "times", rules: "rules", rulesPart: "rules-part" }),
      leave: byId("leave-meeting"),
    },
    { send, leave },
  );

  /**
   * A part of the page that is loaded at the first call: null until it is there, and again and again if it does not come.
   * `use(run)` gives it to `run`, now or when it is there.
   */
  function lazily(load, create) {
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

    function loaded(module) {
      made = create(module);
      waiting.forEach((run) => run(made));
      waiting = [];
      redraw();
    }

    function part() {
      if (!isAsked) load().then(loaded, failed);
      isAsked = true;
      return made;
    }

    part.use = (run) => (part() ? run(made) : waiting.push(run));
    return part;
  }

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

  function openPeople() {
    openSheet(byId("people"), { label: "People" });
    const part = isCrowded(roomOf()) && crowd();
    if (part) part.ask();
  }

  byId("open-people").addEventListener("click", openPeople);
  byId("open-meeting").addEventListener("click", () => openSheet(byId("meeting"), { label: "This meeting" }));
  byId("open-desk").addEventListener("click", openDesk);

  function drawHeader(room, now) {
    const { here, seated } = countsOf(room);
    say(byId("title"), room.title);
    const phase = hasScript(room) && !room.course.fellowship ? room.course.phase.title : "";
    say(byId("facts"), [phase, `${here} here`, timeLeft(room.ends_at - now)].filter(Boolean).join(" \u00b7 "));
    byId("time").firstElementChild.style.width = `${passed(room, now) * 100}%`;
    byId("open-people").textContent = `People ${seated}`;
    const news = timing.look(room, now);
    if (news) notify(news);
  }

  function drawPeople(room, now) {
    const part = (isCrowded(room) || !byId("crowd").hidden) && crowd();
    if (part) part.draw(room);
    drawRoster(room, now, part ? part.listed() : NOBODY);
  }

  function drawModerating(room, now) {
    const waiting = openReports(room).length + openLines(room).length;
    byId("desk").hidden = byId("open-desk").hidden = !room.desk;
    byId("open-desk").textContent = waiting ? `Desk ${waiting}` : "Desk";
    byId("open-desk").setAttribute("aria-label", waiting ? `Desk, ${waiting} open` : "Desk");
    byId("open-desk").classList.toggle("waiting", waiting > 0);
    if (room.desk || keepsTime(room)) lead = leading();
    if (lead) lead.draw(room, now);
  }

  function drawCourse(room) {
    turn.settle();
    const part = hasScript(room) && takingPart();
    if (part) part.draw(room);
  }

  function drawSupport(room, connected) {
    const part = support();
    if (part) part.draw(room, connected);
  }

  function supportNow() {
    if (!support()) notify("One moment.");
    support.use((part) => part.supportNow());
  }

  byId("support-now").addEventListener("click", supportNow);

  function drawTimeline(room, now) {
    if (timeline.isAtEnd()) session.shorten();
    const { messages, me, more, floor } = roomOf();
    const pending = outbox.items().filter(isPost);
    byId("silence").hidden = Boolean(messages.length || pending.length);
    const typing = Boolean(floor) && isTyping(floor, now);
    const rows = rowsOf({ messages, me, notes: session.notes(), pending, floor, typing, dayOf, today: dayOf(now) });
    timeline.render(rows, { me, now, more: more && messages.length < MESSAGES_SHOWN_AT_MOST });
  }

  const NEWS = {
    reported(frame, { desk }) {
      if (desk) notify("Someone asks the moderators to look at a message.", { label: "Open the desk", run: openDesk });
    },
    helper_named({ participant, helper }, { me }) {
      if (helper && participant === me.participant) notify(`The host asks you to help as ${HELPER_WORDS[helper]}.`);
    },
  };

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
      composer.render({ status: statusOf(room, now, connected), reads: reads(room) });
      drawCourse(room);
      drawPeople(room, now);
      drawModerating(room, now);
      drawMeeting(room, now);
      drawSupport(room, connected);
    },
    supportNow,
    news(frame) {
      const tell = NEWS[frame.event];
      if (tell) tell(frame, roomOf());
    },
  };
}
