// What is told in a dialog when somebody asks: the keys, and the model that could be had.

import { $, h } from "./dom.js";
import { number, say } from "./words.js";

function tell(title, ...about) {
  const dialog = $("told-more");
  const close = h("button", { type: "button", class: "act main", textContent: say("page.close"), onclick: () => dialog.close() });
  dialog.setAttribute("aria-label", title);
  dialog.replaceChildren(h("h2", { textContent: title }), ...about, close);
  dialog.showModal();
}

export function tellEngine({ id, offer, notice, engines }) {
  const each = h("ul", {}, (engines ?? []).map(({ told }) => h("li", { textContent: told })));
  if (!offer) return tell(say("page.engine", { name: id }), h("p", { textContent: notice ?? "" }), each);
  const { model, gigabytes, licence, command } = offer;
  return tell(model,
    h("p", { textContent: say("page.offer", { model, size: number(gigabytes, 0) }) }),
    h("pre", { textContent: command, tabIndex: 0 }), h("p", { textContent: licence }), each);
}

const command = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";

export function tellKeys() {
  const keys = [
    ["/", say("page.keyboard.words")], [`${command} + Enter`, say("page.animate")], [`${command} + V`, say("page.keyboard.paste")],
    ["← → ↑ ↓", say("page.keyboard.grid")], ["Space", say("page.play")], ["E", say("chat.button.edit")],
    ["R", say("chat.button.reroll")], ["Del", say("chat.button.delete")], ["?", say("page.keys")],
  ];
  tell(say("page.keys"), h("dl", { class: "keys" }, keys.map(([key, does]) =>
    [h("dt", {}, h("kbd", { textContent: key })), h("dd", { textContent: does })])));
}
