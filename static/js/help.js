/**
 * Whom to call, by country, without telling the server which. Loaded by help_button.js when the page is idle.
 *
 * `loadHelp()`: fetches the list, once.
 * `linesFor(country)`: the lines of a country (ISO 3166-1, "" for all others), by default of the person's own; none before the
 * list is there. A line is `{kind, name, number, text, address, hours, languages, note}`; what it has not is left out.
 * `helpLines()`: an element that shows the lines of the person's country and lets them choose another; it waits for the list.
 * `guessCountry(list, zone, languages)`: by the browser's time zone, else its languages; "" when neither says.
 */
import { freshId, make } from "./dom.js";
import { MISSING } from "./help_button.js";

let list = [];
let loading = null;
let chosen = null;

export function loadHelp() {
  if (!loading) {
    loading = fetch(document.body.dataset.help).then((answer) => {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    });
    loading.then(
      (countries) => {
        list = countries;
      },
      () => {
        loading = null;
      },
    );
  }
  return loading;
}

export function guessCountry(countries, zone, languages) {
  const byZone = countries.find(({ zones }) => zones.includes(zone));
  if (byZone) return byZone.country;
  const regions = languages.map((language) => (/-([A-Z]{2})\b/.exec(language) || [])[1]);
  const known = regions.find((region) => region && countries.some(({ country }) => country === region));
  return known || "";
}

function ownCountry() {
  if (chosen !== null) return chosen;
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return guessCountry(list, timeZone, navigator.languages || [navigator.language || ""]);
}

function find(country) {
  return list.find((one) => one.country === country) || list.find((one) => !one.country) || list[0];
}

export function linesFor(country = ownCountry()) {
  return list.length ? find(country).lines : [];
}

function link(scheme, number, words) {
  return make("a", { class: "number", href: scheme + number.replace(/[^0-9+*#]/g, "").replace("#", "%23") }, words);
}

function row({ kind, name, number, text, address, hours, languages, note }) {
  const item = make("li", {}, make("b", {}, name), " ", make("small", {}, kind), make("br"));
  if (number) item.append(link("tel:", number, number), " ");
  if (text) item.append(link("sms:", text, `Text ${text}`), " ");
  if (address) item.append(make("a", { class: "number", href: address, rel: "noreferrer" }, address.replace(/^https:\/\/|\/$/g, "")), " ");
  item.append(make("small", {}, [hours, languages, note].filter(Boolean).join(". ")));
  return item;
}

function fill(place) {
  const id = freshId("country");
  const select = make("select", { id }, ...list.map(({ country, name }) => make("option", { value: country }, name)));
  const lines = make("ul", { "aria-live": "polite" });
  const checked = make("p", { class: "hint" });
  const draw = () => {
    const { lines: rows, checked: day } = find(select.value);
    lines.replaceChildren(...rows.map(row));
    checked.textContent = `Checked on ${new Date(day).toLocaleDateString("en-GB", { dateStyle: "long", timeZone: "UTC" })}.`;
  };
  select.value = find(ownCountry()).country;
  select.addEventListener("change", () => {
    chosen = select.value;
    draw();
  });
  draw();
  place.replaceChildren(make("div", { class: "field" }, make("label", { for: id }, "Your country"), select), lines, checked);
}

export function helpLines() {
  const place = make("div", { class: "stack lines" });
  if (list.length) {
    fill(place);
    return place;
  }
  const state = make("p", { role: "status" }, "The help lines are on their way.");
  place.append(state);
  loadHelp().then(
    () => fill(place),
    () => {
      state.textContent = MISSING;
    },
  );
  return place;
}
