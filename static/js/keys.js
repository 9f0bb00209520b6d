/**
 * What Enter does while writing.
 *
 * `enterMeans(event, enterSends) -> "send" | "break" | ""`: Shift+Enter does the other thing, Ctrl or Cmd with Enter always
 * sends. While a word is being composed (IME) Enter belongs to the keyboard.
 */
export function enterMeans({ key, shiftKey, ctrlKey, metaKey, isComposing, keyCode }, enterSends) {
  if (key !== "Enter" || isComposing || keyCode === 229) return "";
  if (ctrlKey || metaKey) return "send";
  return enterSends === shiftKey ? "break" : "send";
}

/** How many more code points fit, negative when it is too many. */
export function roomFor(text, role) {
  return (role === "host" ? 10000 : 2000) - Array.from(text.normalize("NFC").trim()).length;
}

/** Text the server accepts: lone surrogates and control characters (a paste can hold them) are left out. */
export function cleaned(text) {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\p{Cs}]|(?![\n\t])\p{Cc}/gu, "")
    .trim();
}
