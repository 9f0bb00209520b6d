/**
 * The moderators' desk, one panel: what waits, urgent first; calm, door and pace; the moderators among themselves; what was
 * done. Loaded for moderators and hosts only.
 *
 * `createDesk({send, notify, announce, roomOf, openPerson, newId, now, storage, support, redraw})` gives `{acts,
 * draw(room, now), news(frame), open()}`: `acts` are those of acts.js; `support` is a part that is loaded when it is needed.
 */
import { createActs } from "./acts.js";
import { createCaseActs } from "./desk_acts.js";
import { createCalm } from "./desk_calm.js";
import { casesOf, waitingOf } from "./desk_cases.js";
import { createDoorPart } from "./desk_door.js";
import { createKeys } from "./desk_keys.js";
import { createDeskList } from "./desk_list.js";
import { createLog } from "./desk_log.js";
import { createAfterwards, createDeskNews } from "./desk_news.js";
import { createAboutPerson } from "./desk_person.js";
import { createTeam } from "./desk_team.js";
import { createTold } from "./desk_told.js";
import { createWordsEditor } from "./desk_words.js";
import { button, byId, make, say } from "./dom.js";
import { openSheet } from "./sheet.js";

const TROUBLE = "these rules of the room do not answer at this moment. Please look a little closer.";

export function createDesk(tools) {
  const { send, announce, roomOf, now, support, openPerson } = tools;
  const desk = byId("desk");
  const told = createTold({ announce: tools.announce, home: desk });
  const opener = byId("open-desk");
  const afterwards = createAfterwards();
  const news = createDeskNews();
  const openLine = (id) => support.use((part) => part.openLine(id));
  const about = createAboutPerson({ ...tools, notify, openLine });
  const acts = createActs({ send, notify, roomOf, about: about.choicesFor });
  const caseActs = createCaseActs({ send, notify, acts, roomOf, openPerson, write: about.write, openLine });
  const team = createTeam({ ...tools, notify, afterwards });
  const calm = createCalm({ ...tools, notify });
  const doorPart = createDoorPart({ send, notify, roomOf, openWords: createWordsEditor({ send, notify, roomOf }) });
  const heading = make("h2", { class: "in-column" }, "Desk");
  const none = make("p", { class: "quiet" }, "Nothing waits for you.");
  const waitingBox = make("div", { class: "stack" });
  const actions = make("ul", { class: "actions" });
  const list = createDeskList(waitingBox, {
    ...{ choicesFor: caseActs.choicesFor, claim: caseActs.claim, notesOn: about.notesOn, roomOf, home: desk },
    admitAll: () => send({ do: "admit_all" }),
  });
  const keys = createKeys(desk, { list, storage: tools.storage });
  const drawLog = createLog(actions, { undo: calm.lift, roomOf });
  let close = null;

  desk.append(
    ...[heading, team.question, calm.element, none, waitingBox, team.element, doorPart.element],
    make("details", {}, make("summary", {}, "What was done"), actions),
    make("div", { class: "row for-keys" }, button("Keys", keys.open, "plain")),
    told.element,
  );

  function notify(sentence, action) {
    if (close) told.tell(sentence, action);
    else tools.notify(sentence, action);
  }

  function closed() {
    close = null;
    told.quieten();
  }

  function isBeside() {
    return desk.getClientRects().length > 0;
  }

  function open() {
    if (!close && !isBeside()) close = openSheet(desk, { label: "Desk", onClose: closed });
    desk.focus({ preventScroll: true });
  }

  function tell(cases, at) {
    const found = news.look(cases, at);
    if (!found) return;
    if (found.urgent && !close) notify(found.sentence, { label: "Open the desk", run: open });
    else announce(found.sentence);
  }

  function drawBadge(count) {
    opener.textContent = count ? `Desk ${count}` : "Desk";
    opener.setAttribute("aria-label", count ? `Desk, ${count} open` : "Desk");
    opener.classList.toggle("waiting", count > 0);
    heading.textContent = count ? `Desk (${count})` : "Desk";
  }

  /** Who moderates no more sees nothing of it. */
  function clear() {
    list.draw([], 0);
    actions.replaceChildren();
    team.close();
    if (close) close();
  }

  function draw(room, at) {
    if (!room.desk) {
      clear();
      return;
    }
    const part = support();
    const cases = casesOf(room, part ? part.deskRows(room) : []);
    const waiting = waitingOf(cases, room);
    none.hidden = cases.length > 0;
    list.draw(cases, at);
    acts.draw(room);
    calm.draw(room, at);
    doorPart.draw(room);
    team.draw(room, waiting);
    drawLog(room, at);
    drawBadge(waiting.length);
    tell(cases, at);
  }

  return {
    acts,
    draw,
    open,
    news(frame) {
      const { me } = roomOf();
      afterwards.note(frame, me.participant, now());
      team.tell(frame, me.participant);
      if (frame.is === "policy_trouble") notify(`${frame.names.join(", ")}: ${TROUBLE}`);
    },
  };
}
