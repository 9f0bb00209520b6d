/** The front page: the room code, Help and Leave now. Pages without a form use the last two. */
import { enter } from "./enter.js";
import { helpLines, loadHelp } from "./help.js";
import { installHelp } from "./help_button.js";
import { installLeave } from "./leave.js";
import { parseLink } from "./link.js";

function sentenceFor(typed) {
  const count = (typed.match(/[a-z]+/gi) || []).length;
  if (!count) return "Type the six words of your room code.";
  return `A room code has six words. This has ${count}. Is one missing, or one too many?`;
}

function installCode(form) {
  const field = form.elements.code;
  const error = document.getElementById("code-error");
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const typed = field.value;
    const link = parseLink(typed.slice(typed.lastIndexOf("#") + 1));
    error.hidden = Boolean(link);
    field.setAttribute("aria-invalid", String(!link));
    if (link) {
      // The browser may keep this page as it is now, and show it again on Back.
      field.value = "";
      enter(link, "r");
      return;
    }
    error.textContent = sentenceFor(typed);
    field.focus();
  });
  form.querySelector(".go").disabled = false;
}

installLeave();
installHelp(document.getElementById("help-button"));
const everyone = document.querySelector("#help-lines > [data-help-lines]");
if (everyone) loadHelp().then(() => everyone.replaceWith(helpLines()), () => {});
const form = document.getElementById("enter");
if (form) installCode(form);
