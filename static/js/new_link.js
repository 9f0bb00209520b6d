/**
 * The moderator link: a host makes a new one, and copies it.
 *
 * `createNewLink(parts, {send, notify, link})`: `parts` are `box`, `state`, `make` and `copy`; `link()` is the invitation.
 * `draw(room)`; `told(token)` is given the token of the newest link, which this page may know already.
 */
import { copyButton } from "./copy.js";
import { make, say } from "./dom.js";
import { confirm } from "./meeting.js";
import { openSheet } from "./sheet.js";

const ASK = {
  title: "Make a new moderator link?",
  text:
    "The old link then makes nobody a moderator: people who come with it knock. Moderators who are here keep their role, " +
    "and their pages keep the new link.",
  yes: "Make a new link",
  no: "Not now",
};
const TAKEN_BACK =
  "The moderator link was taken back, because someone who knew it is not a moderator any more. Moderators who are here keep " +
  "their role. Make a new link for those who still come.";
const FOR_WHOM = "Anyone with this link can come in as a moderator. Send it only to people who help you.";

export function createNewLink(parts, { send, notify, link }) {
  let token = "";
  let isAsked = false;
  const address = () => `${link()}.${token}`;

  function ask() {
    isAsked = true;
    send({ do: "replace_moderator_link" }, (frame) => {
      if (frame.is !== "refused") return;
      isAsked = false;
      notify(frame.sentence);
    });
  }

  function show() {
    const copy = make("button", { type: "button", class: "primary" }, "Copy the link");
    const text = make("p", { class: "link", dir: "ltr" }, address());
    const row = make("div", { class: "row" }, copy);
    openSheet(make("div", { class: "stack" }, make("p", {}, FOR_WHOM), text, row), { label: "The new moderator link" });
    copyButton(copy, address);
  }

  parts.make.addEventListener("click", () => confirm(ASK, ask));
  copyButton(parts.copy, address);

  return {
    draw(room) {
      const isHost = room.me.role === "host";
      if (room.desk && !room.desk.moderator_link) token = "";
      parts.box.hidden = !isHost;
      parts.copy.hidden = !token;
      say(parts.state, isHost && !room.desk.moderator_link ? TAKEN_BACK : "");
    },
    told(next) {
      token = next;
      if (isAsked) show();
      isAsked = false;
    },
  };
}
