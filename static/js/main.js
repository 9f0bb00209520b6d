/**
 * The room page: wiring only. Frames go one way, connection -> session -> views; what people want goes back through one
 * `send(command, answer)`. What shows the room is loaded while one reads at the door.
 */
import { cancel, followKeyboard, forgetLink, invitation, keepLink, later, listen, newId, socketUrl, startAnew, steadyNow, takeLink } from "./browser.js";
import { createClock, createStopwatch } from "./clock.js";
import { createConnection } from "./connection.js";
import { byId } from "./dom.js";
import { createDoor } from "./door.js";
import { closesAt } from "./floor.js";
import { offerSupport } from "./help_button.js";
import { createAnnouncer, createBanner, createPatience } from "./notices.js";
import { createOutbox } from "./outbox.js";
import { createPage, endingOf, ENDINGS } from "./page.js";
import { createRequests } from "./requests.js";
import { createSession } from "./session.js";
import { browserStore, createStorage, tagOf } from "./storage.js";

const TICK_MS = 5000;
/** After its end, and the grace that may have been given. */
const OVER_MS = 180000;
const RETRY_MS = 10000;
const KEPT = "Reconnecting. Your words are kept.";
const NEW_LINK = "There is a new moderator link. This page keeps it for you.";
const STAYS = "Only what you asked this device to keep is still here. Leave now erases it.";
const NEWER = "This page has been updated. Load it again when it suits you; what you wrote is kept.";
const UNREACHED = "The meeting cannot be reached yet. This page tries again by itself.";

const clock = createClock(Date.now, steadyNow);
const storage = createStorage(browserStore("sessionStorage"), browserStore("localStorage"));
const announce = createAnnouncer(byId("said"), later);
const page = createPage(announce);

function run({ secret, token: given }) {
  let token = given;
  let view = "";
  let online = false;
  let lost = false;
  let scheduled = false;
  let views = null;
  let isLoading = false;

  const pageNumber = storage.openPage(secret);
  const device = storage.device(secret) || newId();
  const connection = createConnection({
    open: () => new WebSocket(socketUrl()),
    hello: () => ({ secret, token, device, seat: storage.seat(secret), page: pageNumber }),
    clock: { now: createStopwatch(Date.now, steadyNow), later, cancel },
    random: Math.random,
    onFrame: (frame) => (frame.is === "trouble" ? hold(frame.sentence) : session.take(frame)),
    onState,
    onNewer: () => banner.pass(NEWER, { label: "Load again", run: () => location.reload() }),
  });
  const requests = createRequests(connection.send);
  const banner = createBanner(byId("banner"), { announce, later, cancel, home: byId("floor") });
  const patience = createPatience({ later, cancel, tell: sayWaiting });
  const outbox = createOutbox({
    send: requests.send,
    newId,
    later,
    kept: storage.get("unsent", []),
    keep: (items) => storage.set("unsent", items.length ? items : null),
    onChange: drawSoon,
  });
  const onNews = (frame) => {
    if (frame.is === "moderator_link") takeNewLink(frame);
    if (views) views.news(frame);
  };
  const session = createSession({ secret, device, clock, storage, requests, outbox, onDoor, onChange: drawSoon, onNews });
  const tools = { session, outbox, storage, clock, banner, announce, later, newId, send, redraw: drawSoon };
  const door = createDoor({ send, now: clock.now, later, look: connection.check });
  offerSupport(() => (view === "room" ? views.supportNow : null));
  if (storage.seat(secret)) loadViews();

  function loadViews() {
    if (!isLoading) import("./views.js").then(makeViews, notLoaded);
    isLoading = true;
  }

  function makeViews({ createViews }) {
    if (view === "over") return;
    views = createViews({ ...tools, meeting: tagOf(secret), link: () => invitation(secret), leave: () => end("left") });
    drawSoon();
  }

  function notLoaded() {
    if (view !== "door") sayMoment(UNREACHED);
    later(() => {
      isLoading = false;
      drawSoon();
    }, RETRY_MS);
  }

  function send(command, answer = (frame) => explain(command, frame)) {
    requests.send(command, answer);
  }

  /** An answer nobody waits for: a refusal is shown; a reaction is shown as asked, also where it was so already. */
  function explain(command, frame) {
    if (frame.is === "refused") banner.pass(frame.sentence);
    else if (command.do === "react") session.fold({ ...command, event: "my_reaction" });
  }

  /** A moderator comes back with the new link; a host has an own one. */
  function takeNewLink(frame) {
    if (session.room().me.role !== "moderator" || token === frame.token) return;
    token = frame.token;
    keepLink(storage, { secret, token });
    banner.pass(NEW_LINK);
  }

  function show(next) {
    if (view !== next) page.show(next);
    view = next;
  }

  function draw() {
    scheduled = false;
    if (!session.room() || view === "over") return;
    loadViews();
    if (!views) return;
    const isNew = view !== "room";
    show("room");
    views.draw(!lost);
    if (isNew) views.open();
  }

  function drawSoon() {
    if (!scheduled) requestAnimationFrame(draw);
    scheduled = true;
  }

  function onDoor(frame, wasIn) {
    show("door");
    door.render(frame, wasIn);
    loadViews();
  }

  function onState(state, closing) {
    online = state === "online";
    if (state === "closed") {
      const room = session.room();
      const wasIn = Boolean(room || storage.seat(secret));
      end(endingOf(closing, wasIn, Boolean(room) && clock.now() >= room.ends_at), closing);
      return;
    }
    if (online) {
      patience.back();
      lost = false;
      hold("");
    } else {
      requests.fail();
      outbox.setOnline(false);
      patience.lost(closing && closing.sentence);
    }
    drawSoon();
  }

  function hold(sentence) {
    if (banner.hold(sentence) && !sentence) banner.pass("You are back.");
  }

  function sayWaiting(words) {
    lost = true;
    drawSoon();
    if (view === "room") hold(words || KEPT);
    else if (view !== "door") sayMoment(words || UNREACHED);
  }

  function sayMoment(words) {
    page.wait("One moment", words, connection.check);
    view = "waiting";
  }

  function end(name, closing) {
    patience.back();
    connection.stop();
    view = "over";
    const showUnsent = views && ENDINGS[name].copies && views.unsent();
    outbox.stop();
    const typed = name === "no_such_room" && storage.get("typed") ? secret : "";
    if (ENDINGS[name].forget) {
      storage.forget(secret);
      forgetLink();
    }
    const kept = ENDINGS[name].forget && (storage.kept("goal") || storage.kept("day")) ? STAYS : "";
    if (name === "removed") page.end(name, closing.detail && `The reason: ${closing.detail}`, closing.appeal);
    else page.end(name, kept, "", typed && (() => storage.set("tried", typed.replace(/-/g, " "))));
    if (showUnsent) showUnsent();
  }

  function tick() {
    const room = session.room();
    door.tick();
    if (room && !online && clock.now() > closesAt(room) + OVER_MS) end("ended");
    else drawSoon();
  }

  const ticking = setInterval(() => (view === "over" ? clearInterval(ticking) : tick()), TICK_MS);
  listen({
    look: connection.check,
    lose: connection.lose,
    leave() {
      connection.send({ do: "leave", quiet: true });
      end("left");
    },
    hide() {
      connection.stop();
      page.wipe();
    },
  });
  connection.start();
}

startAnew();
followKeyboard();
byId("not-loaded").remove();
const link = takeLink(storage);
if (link) run(link);
else page.end("no_such_room", "");
