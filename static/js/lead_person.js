/**
 * What hosts and moderators may do for a person: call on them, give them the last word, and as a host ask them to help.
 *
 * `createCalling({send, notify, roomOf})`: `choicesFor({id, nickname})` gives `[label, run]`.
 */
import { HELPER_WORDS } from "./choices.js";
import { button, make } from "./dom.js";
import { modeOf, tendsFloor } from "./floor.js";
import { openSheet } from "./sheet.js";

const HELPERS = {
  cohost: "leads as you do; helpers, roles and the end stay with you",
  timekeeper: "sets the time for shares, and may end one",
  greeter: "writes while nobody has the floor",
  reader: "posts the texts, and writes while nobody has the floor",
};

export function createCalling({ send, notify, roomOf }) {
  function ask(command, sentence) {
    return () => send(command, (frame) => notify(frame.is === "refused" ? frame.sentence : sentence));
  }

  function floorChoices({ id, nickname }) {
    const { floor } = roomOf();
    const waits = floor.queue.some(({ participant }) => participant === id);
    const invite = { do: "invite", participant: id };
    const asked = `${nickname} is asked. Only the moderators see this, and an answer of no.`;
    const last = `${nickname} has the last word, and the list is closed.`;
    if (floor.holder === id) return [];
    if (!waits) return [[`Ask ${nickname} to share`, ask(invite, asked)]];
    return [
      [floor.holder ? `${nickname} goes next` : `Give ${nickname} the floor`, () => send(invite)],
      [`Give ${nickname} the last word`, ask({ do: "last_word", participant: id }, last)],
    ];
  }

  function openHelpers({ id, nickname }, now) {
    const name = (helper, sentence) => ask({ do: "name_helper", participant: id, helper }, sentence);
    const others = Object.keys(HELPERS).filter((code) => code !== now).map((code) => [
      `As ${HELPER_WORDS[code]}: ${HELPERS[code]}`,
      name(code, `${nickname} is ${HELPER_WORDS[code]} now.`),
    ]);
    const end = [`No longer as ${HELPER_WORDS[now]}`, name("", `${nickname} is ${HELPER_WORDS[now]} no more.`)];
    const choices = (now ? [end, ...others] : others).map(([label, run]) =>
      button(label, () => {
        close();
        run();
      }),
    );
    const close = openSheet(make("div", { class: "menu" }, ...choices), { label: `Ask ${nickname} to help` });
  }

  function helperChoices(someone) {
    const person = roomOf().people[someone.id];
    return person ? [[`Ask ${someone.nickname} to help`, () => openHelpers(someone, person.helper)]] : [];
  }

  return {
    choicesFor(person) {
      const room = roomOf();
      if (person.id === room.me.participant) return [];
      return [
        ...(tendsFloor(room) && modeOf(room) === "floor" ? floorChoices(person) : []),
        ...(room.me.role === "host" ? helperChoices(person) : []),
      ];
    },
  };
}
