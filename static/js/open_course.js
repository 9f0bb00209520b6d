/**
 * How the meeting runs, on the page that opens a room: an open room, one of the templates, or a group's own script.
 *
 * `createCourse(form)` gives `{wish(), check()}`: what goes into the request, and whether it is all right; where it is not, the
 * focus goes there. The editor and a template are loaded when they are first asked for.
 */
import { make, say } from "./dom.js";
import { emptyPhase, minutesOf } from "./script.js";

const OWN = "own";
const FAILED = "The template could not be loaded. What you typed is not lost. Please choose it again in a moment.";

async function templateOf(name) {
  const answer = await fetch(new URL(`../scripts/${name}.json`, import.meta.url));
  return answer.json();
}

function outline(phases) {
  return make(
    "ol",
    { class: "outline" },
    ...phases.map(({ title, minutes }) => make("li", {}, `${title || "Without a name"}${minutes > 0 ? `, ${minutes} min` : ""}`)),
  );
}

export function createCourse(form) {
  const fields = form.elements;
  const part = document.getElementById("course-part");
  const about = document.getElementById("course-about");
  const says = document.getElementById("course-says");
  const plan = document.getElementById("course-plan");
  const change = document.getElementById("course-change");
  const place = document.getElementById("course-editor");
  let script = null;
  let editor = null;

  const phases = () => (editor ? editor.phases() : script ? script.phases : []);

  function meta() {
    const minutes = fields.duration.value === "other" ? Number(fields.minutes.value) || 0 : Number(fields.duration.value);
    return { title: fields.title.value, minutes, fellowship_minutes: Number(fields.fellowship.value) };
  }

  function draw() {
    part.hidden = !script;
    if (!script) return;
    const minutes = minutesOf(phases());
    const over = minutes > meta().minutes ? " That is longer than the meeting: choose a longer time above, or shorten a part." : "";
    say(says, editor ? "" : `${phases().length} parts, ${minutes} minutes.${over}`);
    plan.replaceChildren(outline(phases()));
    plan.hidden = Boolean(editor);
    change.hidden = Boolean(editor);
  }

  async function edit() {
    if (editor) return;
    const { createScriptEditor } = await import("./script_editor.js");
    editor = createScriptEditor({ announce: (words) => say(says, words), meta, onLoad: take, onChange: () => editor && draw() });
    editor.set(script.phases);
    place.replaceChildren(editor.element);
    draw();
  }

  function take(found) {
    script = found;
    fields.fellowship.value = String(found.fellowship_minutes);
    if (fields.fellowship.selectedIndex < 0) fields.fellowship.value = "0";
    const length = Array.from(fields.duration).find(({ value }) => value === String(found.minutes));
    if (length) length.checked = true;
    else if (found.minutes) {
      fields.duration.value = "other";
      fields.minutes.value = String(found.minutes);
    }
    form.dispatchEvent(new Event("change"));
  }

  function empty() {
    place.replaceChildren();
    editor = null;
    script = null;
  }

  async function choose() {
    const name = fields.course.value;
    say(about, fields.course.selectedOptions[0].dataset.about);
    empty();
    if (name === OWN) {
      script = { title: "", minutes: 0, fellowship_minutes: 0, phases: [{ ...emptyPhase(), title: "Welcome", mode: "host" }] };
      await edit();
    } else if (name) {
      say(says, "One moment");
      try {
        const found = await templateOf(name);
        if (fields.course.value !== name) return;
        take(found);
      } catch (failed) {
        part.hidden = false;
        say(says, FAILED);
        return;
      }
    }
    draw();
  }

  fields.course.addEventListener("change", choose);
  form.addEventListener("change", draw);
  change.addEventListener("click", async () => {
    await edit();
    place.querySelector("summary").focus();
  });

  return {
    wish: () => ({ script: script ? phases() : [], fellowship_minutes: script ? meta().fellowship_minutes : 0 }),
    check: () => !editor || editor.check(),
    async tell(problems) {
      if (!script) return false;
      await edit();
      editor.tell(problems);
      editor.check();
      return true;
    },
  };
}
