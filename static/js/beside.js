/**
 * What stands beside the talk: who is here, and about this meeting. Loaded after the room is there.
 *
 * `createBeside({send, leave, openPerson, hidden})`: the function it returns draws a room; `listed` are those who are known besides.
 */
import { byId, named } from "./dom.js";
import { createMeeting } from "./meeting.js";
import { createRoster } from "./roster.js";

export function createBeside({ send, leave, openPerson, hidden }) {
  const drawRoster = createRoster(byId("roster"), { openPerson, hidden });
  const drawMeeting = createMeeting(
    {
      ...named("meeting-", { welcome: "welcome", times: "times", rules: "rules", rulesPart: "rules-part" }),
      leave: byId("leave-meeting"),
    },
    { send, leave },
  );

  return (room, now, listed) => {
    drawRoster(room, now, listed);
    drawMeeting(room, now);
  };
}
