/**
 * What was meant by a word with one slip: `nearest(word, words)` is the first of the list from which it differs by one letter, by a
 * letter too many or too few, or by two that changed places; "" when there is none. The words of room codes are so different
 * that there is one at most.
 */
function sameFor(one, other) {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

function isOneSlip(typed, word) {
  const from = sameFor(typed, word);
  const [rest, wanted] = [typed.slice(from), word.slice(from)];
  if (rest.slice(1) === wanted.slice(1) || rest.slice(1) === wanted || rest === wanted.slice(1)) return true;
  const isSwapped = rest[0] === wanted[1] && rest[1] === wanted[0];
  return isSwapped && rest.slice(2) === wanted.slice(2);
}

export function nearest(typed, words) {
  return words.find((word) => isOneSlip(typed, word)) || "";
}
