/**
 * The sheets of those who lead: the topic, how the floor is given, time after the end, and a kind question before a share ends.
 *
 * `createLeadSheets({send, roomOf})`.
 */
import { button, make } from "./dom.js";
import { openSheet } from "./sheet.js";

const TOPIC = 200;
const SHARE_MINUTES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
const PROTECT_MINUTES = [0, 5, 10, 15, 20, 30];
const FELLOWSHIP_MINUTES = [0, 10, 15, 30, 45, 60];

function choice(id, label, values, chosen, none) {
  const all = values.includes(chosen) ? values : [...values, chosen];
  const options = all.map((value) =>
    make("option", { value, selected: value === chosen }, value ? `${value} minute${value === 1 ? "" : "s"}` : none),
  );
  const select = make("select", { id }, ...options);
  const element = make("div", { class: "field" }, make("label", { for: id }, label), select);
  return { element, value: () => Number(select.value) };
}

function check(label, checked) {
  const box = make("input", { type: "checkbox", checked });
  return { element: make("label", { class: "check" }, box, label), value: () => box.checked };
}

export function createLeadSheets({ send, roomOf }) {
  function form(label, children, finish) {
    const no = button("Not now", () => close(), "plain");
    const rows = make("div", { class: "row" }, make("button", { class: "primary" }, "Keep"), no);
    const submit = (event) => {
      event.preventDefault();
      close();
      finish();
    };
    const close = openSheet(make("form", { class: "stack", submit }, ...children, rows), { label });
  }

  return {
    openTopic({ topic }) {
      const words = make("input", { type: "text", id: "topic-words", maxlength: TOPIC, value: topic, autocomplete: "off" });
      const label = make("label", { for: "topic-words" }, "What is this meeting about?");
      const field = make("div", { class: "field" }, label, words);
      form("The topic", [field], () => send({ do: "set_topic", topic: words.value.trim() }));
    },
    /** The timekeeper sets the time alone; what else the host chose stays. */
    openShareTime({ share_minutes, first_shares_first, call_each, protect_minutes }) {
      const share = choice("share-minutes", "A share lasts", SHARE_MINUTES, share_minutes, "As long as it takes");
      const rest = { first_shares_first, call_each, protect_minutes };
      form("Time for a share", [share.element], () => send({ do: "set_floor", share_minutes: share.value(), ...rest }));
    },
    openFloor({ share_minutes, first_shares_first, call_each, protect_minutes }) {
      const share = choice("share-minutes", "A share lasts", SHARE_MINUTES, share_minutes, "As long as it takes");
      const first = check("People who have not shared go first", first_shares_first);
      const call = check("I call each person myself", call_each);
      const protect = choice("protect-minutes", "Keep the last minutes for them", PROTECT_MINUTES, protect_minutes, "No");
      const parts = [share, first, protect, call].map(({ element }) => element);
      form("How the floor is given", parts, () =>
        send({
          do: "set_floor",
          share_minutes: share.value(),
          first_shares_first: first.value(),
          call_each: call.value(),
          protect_minutes: protect.value(),
        }),
      );
    },
    openFellowship({ fellowship_minutes }) {
      const stay = choice("stay", "People may stay after the end for", FELLOWSHIP_MINUTES, fellowship_minutes, "Not at all");
      form("Time together after the end", [stay.element], () => send({ do: "set_fellowship", minutes: stay.value() }));
    },
    /** Runs at once when nobody shares; `yes` names what would end a share. */
    confirmEnd(yes, run) {
      const { holder, nickname } = roomOf().floor;
      if (!holder) {
        run();
        return;
      }
      const go = button(yes, () => {
        close();
        run();
      });
      const choices = make("div", { class: "row" }, button("Wait", () => close(), "primary"), go);
      const sentence = `This would end the share of ${nickname}. What was said stays. A moment more is fine.`;
      const close = openSheet(make("div", { class: "stack" }, make("p", {}, sentence), choices), {
        label: `${nickname} is still sharing`,
      });
    },
  };
}
