/**
 * A copy button that says what happened, to the eye and to a screen reader.
 *
 * `copyButton(button, getText, onCopied)`: a click copies `getText()`. Without the clipboard API (plain http) the old
 * copy command is used; when that fails too, the person is told to mark the text by hand. `onCopied` is optional.
 */
const SHOWN_MS = 4000;

function copyTheOldWay(text, beside) {
  const field = document.createElement("textarea");
  field.value = text;
  field.readOnly = true;
  field.className = "spoken";
  field.setAttribute("aria-hidden", "true");
  beside.after(field);
  field.focus({ preventScroll: true });
  field.setSelectionRange(0, text.length);
  let copied = false;
  try {
    copied = document.execCommand("copy");
  } finally {
    field.remove();
    beside.focus({ preventScroll: true });
  }
  return copied;
}

/** Whether the text was copied; `beside` is a node that keeps the focus. */
export async function copy(text, beside) {
  if (navigator.clipboard && window.isSecureContext) {
    try {
      await navigator.clipboard.writeText(text);
      return true;
    } catch (refused) {
      return copyTheOldWay(text, beside);
    }
  }
  return copyTheOldWay(text, beside);
}

export function copyButton(button, getText, onCopied) {
  const words = button.textContent;
  const status = document.createElement("span");
  status.className = "spoken";
  status.setAttribute("role", "status");
  button.after(status);
  let timer = 0;
  button.addEventListener("click", async () => {
    const copied = await copy(getText(), button);
    button.textContent = copied ? "Copied" : "Mark it and copy it by hand";
    status.textContent = copied ? "Copied." : "Copying did not work here. Mark the text and copy it by hand.";
    clearTimeout(timer);
    timer = setTimeout(() => {
      button.textContent = words;
      status.textContent = "";
    }, SHOWN_MS);
    if (copied && onCopied) onCopied();
  });
}
