/**
 * All that people see and do in a meeting with a course, in one piece that is loaded when a room has a script.
 *
 * `createTakingPart({send, notify, announce, roomOf, turn, newId, now, storage, leading, openPerson})`: `draw(room)`. `leading.use(run)`
 * gives `run` what leading.js makes.
 */
import { createBar } from "./bar.js";
import { isolate } from "./direction.js";
import { byId, named, say } from "./dom.js";
import { keepsTime, leads, modeOf, setsTime, tendsFloor } from "./floor.js";
import { createHands } from "./hands.js";
import { phaseLeft } from "./plan.js";
import { createWaiting } from "./waiting.js";

export function createTakingPart({ send, notify, announce, roomOf, turn, newId, now, storage, leading, openPerson }) {
  const hands = createHands({ send, notify, roomOf, newId, now, storage });
  const goOn = () => leading.use((part) => part.goOn());
  const bar = createBar(
    named("", { section: "floor", acts: "acts", reacts: "reacts", left: "share-left" }),
    { send, turn, announce, now, ...hands, goOn },
  );
  const drawWaiting = createWaiting(
    named("queue-", { part: "part", sharing: "sharing", none: "none", list: "list", state: "state" }),
    { send, announce, openWaiting: openPerson },
  );

  function drawCourse(room) {
    const { course } = room;
    const led = leads(room);
    const left = led ? phaseLeft(room, now()) : "";
    const part = `${isolate(course.phase.title)}, part ${course.index + 1} of ${course.phases}`;
    const phase = course.index >= 0 && !course.fellowship ? part : "";
    say(byId("course-now"), phase);
    say(byId("course-topic"), course.topic && `Topic: ${isolate(course.topic)}`);
    byId("course").hidden = !phase && !course.topic && !led && !setsTime(room);
    byId("plan").hidden = !led;
    byId("share-time").hidden = led || !setsTime(room);
    const { cue } = (led && room.desk && room.desk.script[course.index]) || {};
    say(byId("cue"), [cue, left && `${course.phase.title}: ${left}.`].filter(Boolean).join(" "));
  }

  function drawTools(room) {
    const isFloor = modeOf(room) === "floor";
    byId("queue-tools").hidden = !isFloor || !keepsTime(room);
    byId("queue-skip").hidden = !room.floor.holder;
    say(byId("queue-door"), tendsFloor(room) ? (room.floor.queue_closed ? "Open the list" : "Close the list") : "");
  }

  return {
    draw(room) {
      drawCourse(room);
      drawWaiting(room);
      drawTools(room);
      bar.draw(room);
    },
  };
}
