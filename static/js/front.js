/** The front page: the room code, and the help lines. Pages with neither use it to say that they are whole. */
import { enter, takeTyped } from "./enter.js";
import { helpLines, loadHelp } from "./help.js";
import { parseLink, wordsOf } from "./link.js";
import { nearest } from "./spelling.js";

let list = null;

/** The words that codes are made of, without telling the server which were typed. */
function loadWords() {
  if (!list) {
    list = fetch(document.body.dataset.words).then((answer) => answer.json());
    list.catch(() => (list = null));
  }
  return list;
}

function howMany(typed) {
  const count = wordsOf(typed).length;
  if (!count) return "Type the six words of your room code.";
  return `A room code has six words. This has ${count}. Is one missing, or one too many?`;
}

function unknown(word, words) {
  const near = nearest(word, words);
  return `No room code has the word \u201c${word}\u201d. ${near ? `Is it \u201c${near}\u201d?` : "Please check how it is spelled."}`;
}

function installCode(form) {
  const field = form.elements.code;
  const error = document.getElementById("code-error");

  function refuse(sentence, word = "") {
    error.textContent = sentence;
    error.hidden = false;
    field.setAttribute("aria-invalid", "true");
    field.focus();
    const marked = Array.from(field.value.matchAll(/[a-z]+/gi)).find(([one]) => one.toLowerCase() === word);
    if (marked) field.setSelectionRange(marked.index, marked.index + word.length);
  }

  /** The first word that is on no list; "" when all are, or the list cannot be had. */
  async function wrongWord({ secret }) {
    const words = await loadWords().catch(() => null);
    const word = words ? secret.split("-").find((one) => !words.includes(one)) : "";
    return word ? { word, sentence: unknown(word, words) } : null;
  }

  async function submit(event) {
    event.preventDefault();
    const link = parseLink(field.value);
    const wrong = link && (await wrongWord(link));
    if (!link) refuse(howMany(field.value));
    else if (wrong) refuse(wrong.sentence, wrong.word);
    else {
      // The browser may keep this page as it is now, and show it again on Back.
      field.value = "";
      enter(link, "r", true);
    }
  }

  form.addEventListener("submit", submit);
  field.addEventListener("focus", () => loadWords().catch(() => {}));
  field.value = field.value || takeTyped();
  form.querySelector(".go").disabled = false;
}

document.getElementById("not-loaded").remove();
const everyone = document.querySelector("#help-lines > [data-help-lines]");
if (everyone) loadHelp().then(() => everyone.replaceWith(helpLines()), () => {});
const form = document.getElementById("enter");
if (form) installCode(form);
