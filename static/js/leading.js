/**
 * All that those who lead see and do beside the others, in one piece that is loaded when it is needed.
 *
 * `createLeading({send, notify, notLoaded, roomOf, link})`: `goOn()` takes the next phase, `goTo(index)` any, `choicesFor(person)` are what one may do
 * for a person, `newLink(token)` hears of the moderator link, `draw(room, now)` draws the plan.
 */
import { nextTitle } from "./acts_now.js";
import { byId, named, say } from "./dom.js";
import { hasScript, leads } from "./floor.js";
import { createCalling } from "./lead_person.js";
import { createLeadSheets } from "./lead_sheets.js";
import { createNewLink } from "./new_link.js";
import { createPlan } from "./plan.js";
import { createTimeAndEnd } from "./time_and_end.js";

export function createLeading({ send, notify, notLoaded, roomOf, link }) {
  const calling = createCalling({ send, notify, roomOf });
  const sheets = createLeadSheets({ send, roomOf });
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
    { send, link },
  );

  const newLink = createNewLink(
    named("moderator-link", { box: "", state: "-state", make: "-make", copy: "-copy" }),
    { send, notify, link },
  );

  byId("queue-skip").addEventListener("click", () => {
    const { share } = roomOf().floor;
    sheets.confirmEnd("End this share", () => send({ do: "skip_share", share }));
  });
  byId("queue-door").addEventListener("click", () => send({ do: roomOf().floor.queue_closed ? "open_queue" : "close_queue" }));

  byId("share-time").addEventListener("click", () => sheets.openShareTime(roomOf().floor));

  let planChanger = null;
  byId("plan-change").addEventListener("click", () =>
    import("./change_plan.js").then(({ createPlanChanger }) => {
      planChanger = planChanger || createPlanChanger({ roomOf, send, notify });
      planChanger.open();
    }, notLoaded),
  );

  return {
    choicesFor: calling.choicesFor,
    newLink: newLink.told,
    goOn() {
      const room = roomOf();
      sheets.confirmEnd(`Go on to ${nextTitle(room)}`, () => send({ do: "next_phase", from: room.course.index }));
    },
    /** To a part that is named by its place in the plan. */
    goTo(index) {
      const { title } = roomOf().desk.script[index];
      sheets.confirmEnd(`Go on to ${title}`, () => send({ do: "go_to_phase", phase: index }));
    },
    draw(room, now) {
      drawTimeAndEnd(room);
      newLink.draw(room);
      say(byId("plan-change"), hasScript(room) ? "Change the plan" : "Make a plan");
      if (hasScript(room) && leads(room)) drawPlan(room, now);
    },
  };
}
