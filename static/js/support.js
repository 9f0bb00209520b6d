/**
 * What support means in this room: private lines, check-ins, polls, goals. Loaded after the room is there.
 *
 * `createSupport({send, roomOf, notify, announce, outbox, storage, newId, now, redraw, meeting})` gives
 * `{draw(room, connected, more), supportNow(), openLine(id), deskRows(room)}`; `more` are buttons of others.
 */
import { createAskRoom } from "./ask_room.js";
import { createAsks } from "./asks.js";
import { createCheckIns } from "./check_in.js";
import { createChips } from "./chip_sheet.js";
import { isolate } from "./direction.js";
import { button, byId, make, setText, whenChanged } from "./dom.js";
import { hasScript, leads } from "./floor.js";
import { createFollowing } from "./following.js";
import { createGoals } from "./goal_sheet.js";
import { createLines } from "./lines.js";
import { createList } from "./list.js";
import { titleOf } from "./picture.js";
import { createPolls } from "./polls.js";

export function createSupport(tools) {
  const section = byId("floor");
  const focusBack = () => document.activeElement === document.body && section.focus({ preventScroll: true });
  const following = createFollowing({ ...tools, focusBack });
  const more = { ...tools, following, focusBack, enterSends: () => byId("enter-sends").checked };
  const checkIns = createCheckIns(more);
  const polls = createPolls(more);
  const lines = createLines(more);
  const goals = createGoals(more);
  const openChip = createChips(more);
  const drawAsks = createAsks(byId("asks"), section);
  const drawAsked = createList(byId("asked-list"), {
    create: ({ run }) => make("li", {}, button("", run, "plain")),
    update: (node, { label }) => setText(node.querySelector("button"), label),
  });
  byId("ask-room").addEventListener("click", createAskRoom(more));

  /** In a meeting with parts the bar offers chips. */
  function chips(room) {
    const mayTake = room.course.chips_open && !hasScript(room);
    return mayTake ? [{ key: "chip", label: "Take a chip", main: false, run: openChip }] : [];
  }

  function drawPanel({ rounds, polls: asked, ...room }) {
    const checks = rounds.map(({ round, open }, place) => ({
      key: `round-${round}`,
      label: `${titleOf(place)}${open ? ", open now" : ""}`,
      run: () => checkIns.open(round),
    }));
    const questions = asked.map(({ poll, question, open }) => ({
      key: `poll-${poll}`,
      label: `${isolate(question)}${open ? ", open now" : ""}`,
      run: () => polls.open(poll),
    }));
    const all = [...checks, ...questions];
    drawAsked(all);
    byId("asked").hidden = !all.length && !leads(room);
    byId("ask-room").hidden = !leads(room);
  }

  const drawRoom = whenChanged(
    (room) => [room.rounds, room.polls, room.me, room.chair],
    (room) => {
      checkIns.look(room);
      polls.look(room);
      following.follow();
      drawPanel(room);
    },
  );

  return {
    supportNow: lines.openMine,
    openLine: lines.openOther,
    deskRows: lines.deskRows,
    draw(room, connected, more) {
      drawRoom(room);
      lines.draw(room, connected);
      drawAsks([...lines.asks(room), ...more, ...checkIns.asks(room), ...polls.asks(room), ...chips(room), ...goals.asks(room)]);
    },
  };
}
