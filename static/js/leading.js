/**
 * All that hosts, moderators and those who lead see and do beside the others, in one piece that is loaded when it is needed.
 *
 * `createLeading({send, notify, notLoaded, roomOf, link})`: `acts` are those of acts.js, `goOn()` takes the next phase,
 * `openPerson(person)` shows what may be done about someone, `draw(room, now)` draws desk and plan.
 */
import { createActs } from "./acts.js";
import { nextTitle } from "./acts_now.js";
import { createDesk } from "./desk.js";
import { byId, named, say } from "./dom.js";
import { hasScript, leads } from "./floor.js";
import { createCalling } from "./lead_person.js";
import { createLeadSheets } from "./lead_sheets.js";
import { createPlan } from "./plan.js";
import { createTimeAndEnd } from "./time_and_end.js";

export function createLeading({ send, notify, notLoaded, roomOf, link }) {
  const calling = createCalling({ send, notify, roomOf });
  const acts = createActs({ send, notify, roomOf, calling: calling.choicesFor });
  const sheets = createLeadSheets({ send, roomOf });
  const drawDesk = createDesk(
    {
      ...named("", { reports: "reports", none: "no-reports", settled: "settled", settledBox: "settled-box" }),
      actions: byId("actions"),
      door: named("lock-", { sentence: "state", button: "button" }),
    },
    { send, acts, roomOf },
  );
  const drawPlan = createPlan(
    named("plan-", {
      list: "list",
      onClock: "clock",
      chips: "chips",
      topic: "topic",
      settings: "settings",
      read: "read",
      fellowship: "fellowship",
    }),
    { send, roomOf, confirmEnd: sheets.confirmEnd, sheets },
  );

  const drawTimeAndEnd = createTimeAndEnd(
    named("", { chair: "chair", extend: "extend", end: "end", copy: "copy-link" }),
    { send, notify, link },
  );

  byId("queue-skip").addEventListener("click", () => {
    const { share } = roomOf().floor;
    sheets.confirmEnd("End this share", () => send({ do: "skip_share", share }));
  });
  byId("queue-door").addEventListener("click", () => send({ do: roomOf().floor.queue_closed ? "open_queue" : "close_queue" }));

  let planChanger = null;
  byId("plan-change").addEventListener("click", () =>
    import("./change_plan.js").then(({ createPlanChanger }) => {
      planChanger = planChanger || createPlanChanger({ roomOf, send, notify });
      planChanger.open();
    }, notLoaded),
  );

  return {
    acts,
    openPerson: acts.openPerson,
    goOn() {
      const room = roomOf();
      sheets.confirmEnd(`Go on to ${nextTitle(room)}`, () => send({ do: "next_phase", from: room.course.index }));
    },
    draw(room, now) {
      drawTimeAndEnd(room);
      say(byId("plan-change"), hasScript(room) ? "Change the plan" : "Make a plan");
      if (room.desk) drawDesk(room, now);
      if (hasScript(room) && leads(room)) drawPlan(room, now);
    },
  };
}
