/**
 * The sheet of one person: what may be done about or for them, and what is only for oneself.
 *
 * `createPersonSheet({send, roomOf, notify, sight, direct, care, actsOf, leaveList})`: `actsOf(person)` are what hosts and
 * moderators may do, as `[label, run]`; `leaveList()` closes the list of people where it lies over the room, so that what was
 * done, and its undo, are seen. The function it returns opens the sheet of `{id, nickname}`.
 */
import { button, make } from "./dom.js";
import { isCrowded } from "./room.js";
import { openSheet } from "./sheet.js";

export function createPersonSheet({ send, roomOf, notify, sight, direct, care, actsOf, leaveList }) {
  function hide(person) {
    const undo = { label: "Undo", run: () => sight.hide(person, false) };
    sight.hide(person, true);
    notify(`You do not see the words of ${person.nickname} any more. Only you know this.`, undo);
  }

  function show(person) {
    sight.hide(person, false);
    notify(`You see the words of ${person.nickname} again.`);
  }

  function worry({ id, nickname }) {
    const told = make("p", { role: "status" });
    const tell = button(`Tell the moderators about ${nickname}`, ask, "primary");

    function ask() {
      tell.setAttribute("aria-disabled", "true");
      send({ do: "worry", participant: id }, (frame) => {
        tell.removeAttribute("aria-disabled");
        const isTold = frame.is !== "refused" || frame.code === "already_so";
        told.textContent = isTold ? `The moderators have been told. Thank you for looking out for ${nickname}.` : frame.sentence;
        tell.hidden = isTold;
        if (isTold) content.focus({ preventScroll: true });
      });
    }

    const content = make(
      "div",
      { class: "stack", tabindex: -1 },
      make("p", { class: "lead" }, `The moderators get a quiet note that someone is worried about ${nickname}.`),
      make("p", { class: "hint" }, `They are not told who. ${nickname} and the others learn nothing of it.`),
      told,
      tell,
      ...care.forOneself(() => close()),
    );
    const close = openSheet(content, { label: `Worried about ${nickname}?` });
  }

  function choicesFor(person) {
    const room = roomOf();
    const isHidden = sight.hidden()[person.id] !== undefined;
    const forMe = isHidden
      ? [`Show ${person.nickname} again`, () => show(person)]
      : [`Hide ${person.nickname} just for me`, () => hide(person)];
    if (person.id === room.me.participant) return [];
    if (!room.people[person.id] && !isCrowded(room)) return [forMe];
    return [
      ...actsOf(person),
      ...direct.choicesFor(person),
      [`I am worried about ${person.nickname}`, () => worry(person)],
      forMe,
    ];
  }

  return (person) => {
    const choices = choicesFor(person).map(([label, run]) => button(label, () => {
      close();
      leaveList();
      run();
    }));
    const close = openSheet(make("div", { class: "menu" }, ...choices), { label: person.nickname });
  };
}
