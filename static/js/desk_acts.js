/**
 * What can be done about each case at the desk, the best first; one tap each where it can be undone or is what is asked.
 *
 * `createCaseActs({send, notify, acts, roomOf, openPerson, write, openLine})`: `choicesFor(case) -> [{key, label, look, run}]`;
 * the keys are those of the keyboard (desk_keys.js), `look` is the button's class. `claim(case)` says that one looks at it, and
 * says nothing when somebody else does.
 */
import { button, make } from "./dom.js";
import { MUTE_REASONS, REJECT_REASONS, REMOVE_FOR, REMOVE_REASONS } from "./moderation.js";
import { reasonChoice } from "./reasons.js";
import { openSheet } from "./sheet.js";

const MUTE_MINUTES = 5;
const PEACE = "already_so";

export function createCaseActs({ send, notify, acts, roomOf, openPerson, write, openLine }) {
  function tell(frame) {
    if (frame.is === "refused" && frame.code !== PEACE) notify(frame.sentence);
  }

  const does = (command) => () => send(command, tell);

  function claim({ kind, item, participant, claimedBy }) {
    if (claimedBy === roomOf().me.participant) return;
    const command = kind === "line" ? { do: "claim_line", line: participant } : { do: "claim", item };
    if (kind === "line" || item) send(command, (frame) => frame.code !== "claimed_by_other" && tell(frame));
  }

  /** A case that was acted on is resolved as well. */
  function settle({ kind, item }, reason) {
    if (kind === "report") send({ do: "resolve_report", report: item, outcome: "acted" }, tell);
    if (kind === "held") send({ do: "reject_held", held: item, reason }, tell);
  }

  function reject(one) {
    const reason = reasonChoice("What the author is told", REJECT_REASONS);
    const go = () => {
      close();
      settle(one, reason.value());
    };
    const row = make("div", { class: "row" }, button("Send back", go, "primary"), button("Not now", () => close(), "plain"));
    const hint = make("p", { class: "hint" }, "Only the author reads this. The words stay with them.");
    const element = make("div", { class: "stack" }, reason.element, hint, row);
    const close = openSheet(element, { label: `Send back to ${one.nickname}` });
  }

  function against(one) {
    const person = acts.below({ id: one.participant, nickname: one.nickname });
    if (!person) return [];
    const muting = MUTE_REASONS[1];
    const removing = REMOVE_FOR[one.reason] || REMOVE_REASONS[2];
    const mute = () => acts.muteNow(person, MUTE_MINUTES, muting, () => settle(one, muting));
    const remove = () => acts.removeNow(person, removing);
    return [
      { key: "mute", label: `Mute ${MUTE_MINUTES} min`, run: mute },
      { key: "remove", label: "Remove", look: "final", run: remove },
    ];
  }

  function more({ participant, nickname }) {
    const person = { id: participant, nickname };
    const run = () => openPerson(person);
    return acts.below(person) ? [{ key: "more", label: `More about ${nickname}`, look: "plain", run }] : [];
  }

  const OF = {
    concern: (one) => {
      const person = { id: one.participant, nickname: one.nickname };
      return [
        { key: "write", label: `Write to ${one.nickname}`, look: "primary", run: () => write(person) },
        { key: "accept", label: "Looked after", run: does({ do: "resolve_concern", concern: one.item }) },
        ...more(one),
      ];
    },
    held: (one) => [
      { key: "accept", label: "Let it through", look: "primary", run: does({ do: "accept_held", held: one.item }) },
      { key: "reject", label: "Send back", run: () => reject(one) },
      ...against(one),
      ...more(one),
    ],
    report: (one) => [
      one.message
        ? { key: "accept", label: "Take it away", look: "primary", run: () => acts.redactNow(one.message, () => settle(one)) }
        : { key: "accept", label: "Seen to", look: "primary", run: () => settle(one) },
      {
        key: "dismiss",
        label: "Nothing needed",
        run: does({ do: "resolve_report", report: one.item, outcome: "nothing_needed" }),
      },
      ...against(one),
      ...more(one),
    ],
    line: (one) => [
      {
        key: "open",
        label: one.count ? `${one.isFree ? "Answer" : "Open"}, ${one.count} new` : one.isFree ? "Answer" : "Open",
        look: one.isFree ? "primary" : "",
        run: () => openLine(one.participant),
      },
    ],
    knock: (one) => [
      { key: "accept", label: "Let in", look: "primary", run: does({ do: "admit", knock: one.participant }) },
      { key: "reject", label: "Not now", run: does({ do: "decline", knock: one.participant }) },
    ],
    guard: () => [{ key: "dismiss", label: "Switch it off", run: does({ do: "lower_guard" }) }],
  };

  return { claim, choicesFor: (one) => OF[one.kind](one) };
}
