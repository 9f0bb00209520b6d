/** The front page: the room code, Help and Leave now. Pages without a form use the last two. */
import { enter } from "./enter.js";
import { installHelp, ownCountryFirst } from "./help.js";
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
      enter(link, "r");
      return;
    }
    error.textContent = sentenceFor(typed);
    field.focus();
  });
}

installLeave(document.getElementById("leave-button"), document.body.dataset.leaveUrl);
installHelp(document.getElementById("help-button"));
ownCountryFirst(document);
const form = document.getElementById("enter");
if (form) installCode(form);
