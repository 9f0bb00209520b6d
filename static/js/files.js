/** Files of JSON that a person keeps: read from bytes, and saved by the browser. */
const NOT_UTF_8 = "This file is not saved as UTF-8. Open it in your editor and save it again with the encoding UTF-8.";

/** `{found}` is what a file holds, or `{problems}` says why it is no `what`, such as "a script". */
export function parseFile(bytes, { what, most }) {
  if (bytes.byteLength > most) return { problems: [`This file is too large to be ${what}.`] };
  try {
    return { found: JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes)) };
  } catch (error) {
    return { problems: [error instanceof SyntaxError ? `This is not ${what}: it is not valid JSON.` : NOT_UTF_8] };
  }
}

/** The bytes of a chosen file, no more than one beyond `most`. */
export function bytesOf(file, most) {
  return file.slice(0, most + 1).arrayBuffer();
}

/** Lets the browser keep a text as a file of this name. */
export function saveFile(name, text) {
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
