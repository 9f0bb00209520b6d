/** Styles that not everyone needs at once. */
import { make } from "./dom.js";

/** Loads `static/{name}`. Resolves in any case: a part of the page without its looks is better than none. */
export function loadStyle(name) {
  const href = new URL(`../${name}`, import.meta.url).href;
  return new Promise((resolve) => {
    document.head.append(make("link", { rel: "stylesheet", href, load: resolve, error: resolve }));
  });
}
