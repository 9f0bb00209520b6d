/**
 * An order of preference, as a list of places in the options: the most wanted first. All pure.
 *
 * `toggle(order, option)` puts an option at the end, or takes it out; `move(order, option, by)` moves it up (-1) or down (1).
 */
export function toggle(order, option) {
  return order.includes(option) ? order.filter((one) => one !== option) : [...order, option];
}

export function move(order, option, by) {
  const from = order.indexOf(option);
  const to = from + by;
  if (from < 0 || to < 0 || to >= order.length) return order;
  const others = order.filter((one) => one !== option);
  return [...others.slice(0, to), option, ...others.slice(to)];
}

/** What is wrong with the options of a poll, "" when nothing is: 2 to 10, each with at most 100 code points, each once. */
export function faultOf(options) {
  const long = options.findIndex((option) => Array.from(option).length > 100);
  if (options.length < 2 || options.length > 10) return `Please write 2 to 10 options, one a line. This has ${options.length}.`;
  if (long >= 0) return `Option ${long + 1} is longer than 100 characters. Please shorten it.`;
  return new Set(options).size < options.length ? "Two options are the same. Please change one." : "";
}

/** The options of lines of text. */
export function optionsOf(text) {
  return text.split("\n").map((line) => line.trim()).filter(Boolean);
}

/**
 * What a poll came to, `[{label, words, part, mine}]`: `counts` are votes, or points in a ranked poll; `choices` is one's own
 * vote.
 */
export function resultRows({ options, kind, counts }, choices = []) {
  const most = Math.max(1, ...counts);
  const unit = kind === "ranked" ? "point" : "vote";
  return options.map((label, option) => ({
    label,
    words: `${counts[option]} ${unit}${counts[option] === 1 ? "" : "s"}`,
    part: counts[option] / most,
    mine: choices.includes(option) ? (kind === "ranked" ? `your number ${choices.indexOf(option) + 1}` : "your vote") : "",
  }));
}
