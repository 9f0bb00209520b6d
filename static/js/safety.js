/**
 * What keeps people safe and is not needed at once: words that came back or wait, content notes, what I see, the sheet of a
 * person, care, direct messages. Loaded when one of them is needed.
 *
 * `createSafety(tools)` gives `{openPerson(person), chooseNote(), noteContent(message, isMine), openSight(),
 * returned(item), heldItems(room), choicesFor(item), asks(room), draw(room)}`.
 */
import { createCare } from "./care.js";
import { chooseTopic } from "./content_note.js";
import { createDirect } from "./direct.js";
import { byId } from "./dom.js";
import { createNudge } from "./nudge.js";
import { createOwnWords } from "./own_words.js";
import { createPersonSheet } from "./person_sheet.js";
import { openSight } from "./sight_sheet.js";

const MINE = "People who wish to see your words can show them; for the others they stay covered.";
const OF_OTHERS =
  "People who wish to see these words can show them; for the others they stay covered. The author is not told who did this.";

export function createSafety(tools) {
  const { send, notify, composer, sight } = tools;
  const section = byId("floor");
  const focusBack = () => document.activeElement === document.body && section.focus({ preventScroll: true });
  const direct = createDirect({ ...tools, focusBack, enterSends: () => byId("enter-sends").checked });
  const care = createCare(tools);
  const nudge = createNudge(tools);
  const ownWords = createOwnWords(tools);

  function noteContent({ id, topic }, isMine) {
    const hint = isMine ? MINE : OF_OTHERS;
    chooseTopic({ label: "Content note", hint, topic }, (chosen) => {
      const sentence = chosen ? "The words are covered now, for those who wish it." : "The content note is gone.";
      const command = { do: "note_content", message: id, topic: chosen };
      send(command, (frame) => notify(frame.is === "refused" ? frame.sentence : sentence));
    });
  }

  return {
    openPerson: createPersonSheet({ ...tools, direct, care }),
    chooseNote: () => chooseTopic({ label: "Content note", hint: MINE, topic: composer.topic() }, composer.note),
    noteContent,
    openSight: () => openSight(sight),
    returned: nudge.returned,
    heldItems: ownWords.items,
    choicesFor: ownWords.choicesFor,
    asks: direct.asks,
    draw(room) {
      nudge.draw();
      ownWords.draw(room);
      care.draw(room);
      direct.draw(room);
    },
  };
}
