/**
 * Changing the plan during the meeting. It is loaded when it is first asked for.
 *
 * `createPlanChanger({roomOf, send, notify})` gives `open()`. What was changed and not kept is still there when the sheet is
 * opened again, as long as nobody else changed the plan.
 */
import { button, make } from "./dom.js";
import { createScriptEditor } from "./script_editor.js";
import { openSheet } from "./sheet.js";

const MINUTE_MS = 60000;
const CHANGED = "Someone else changed the plan meanwhile. Save yours to a file if you want to keep it, then close this and open the plan again.";
const GONE = "The meeting has moved on to a part that you removed. Bring it back, or save your plan to a file and open the plan again.";

export function createPlanChanger({ roomOf, send, notify }) {
  const keep = button("Keep the plan", save, "primary");
  const said = make("p", { class: "spoken", role: "status" });
  const element = make("div", { class: "stack" });
  let base = null;
  let close = null;
  let editor = null;

  function meta() {
    const { title, starts_at, ends_at, course } = roomOf();
    return { title, minutes: Math.round((ends_at - starts_at) / MINUTE_MS), fellowship_minutes: course.fellowship_minutes };
  }

  function begin({ desk, course }) {
    base = desk.script;
    editor = createScriptEditor({ announce: (words) => (said.textContent = words), meta });
    editor.set(base, course.index);
    element.replaceChildren(editor.element, said, make("div", { class: "row" }, keep));
  }

  function problem({ desk, course }) {
    if (!desk || desk.script !== base) return CHANGED;
    return course.index >= 0 && editor.at(course.index) < 0 ? GONE : "";
  }

  function save() {
    if (!editor.check()) return;
    const room = roomOf();
    const wrong = problem(room);
    if (wrong) {
      editor.tell([wrong]);
      return;
    }
    const phase = room.course.index < 0 ? -1 : editor.at(room.course.index);
    send({ do: "change_script", script: editor.phases(), phase }, (frame) => {
      if (frame.is === "refused") editor.tell([frame.sentence, ...(frame.detail || "").split("\n").filter(Boolean)]);
      else {
        base = null;
        close();
        notify("The plan was changed.");
      }
    });
  }

  return {
    open() {
      const room = roomOf();
      if (base !== room.desk.script) begin(room);
      close = openSheet(element, { label: "The plan" });
    },
  };
}
