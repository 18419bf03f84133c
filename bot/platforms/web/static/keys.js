// The keyboard: one letter for what is done often, arrows through the grid.

import { $ } from "./dom.js";
import { say } from "./words.js";

const command = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";

export const keyList = () => [
  ["/", say("page.keyboard.words")], [`${command} + Enter`, say("page.animate")], [`${command} + V`, say("page.keyboard.paste")],
  ["← → ↑ ↓", say("page.keyboard.grid")], ["Space", say("page.play")], ["E", say("chat.button.edit")],
  ["R", say("chat.button.reroll")], ["Del", say("chat.button.delete")], ["?", say("page.keys")],
];

const typing = (target) => target.matches("input:not([type=checkbox]), textarea, select, [role=radio], [contenteditable]");

export class Keys {
  constructor({ gallery, header }) {
    this.gallery = gallery;
    this.header = header;
    addEventListener("keydown", (event) => this.press(event));
  }

  press(event) {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      $("composer").requestSubmit();
      return;
    }
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey && !event.defaultPrevented;
    if (!plain || typing(event.target) || document.querySelector("dialog[open]")) return;
    if (this.ofPage(event.key) || this.ofCard(event)) event.preventDefault();
  }

  ofPage(key) {
    if (key === "/") $("prompt").focus();
    else if (key === "?") this.header.tellKeys();
    else if (key === "v" || key === "V") this.paste();
    else return false;
    return true;
  }

  async paste() {
    try {
      for (const item of await navigator.clipboard.read()) {
        const type = item.types.find((one) => one.startsWith("image/"));
        if (type) this.gallery.acts.composer.picture.take([new File([await item.getType(type)], "pasted", { type })]);
      }
    } catch {
      // it is not allowed; the browser's own command is
    }
  }

  ofCard(event) {
    const card = this.gallery.cardOf(event.target);
    const step = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -this.columns(), ArrowDown: this.columns() }[event.key];
    if (step) return this.go(card, step);
    if (!card) return false;
    const act = { e: "edit", E: "edit", r: "again", R: "again", Delete: "delete" }[event.key];
    if (act) this.gallery.acts.do(act, card);
    else if (event.key === " " && event.target === card.element) this.toggle(card);
    else if (event.key === "Enter" && event.target === card.element) card.element.querySelector("[data-act]")?.click();
    else return false;
    return true;
  }

  go(card, step) {
    if (!card && document.activeElement !== $("cards")) return false;
    const shown = this.gallery.shown();
    const to = card ? shown[shown.indexOf(card) + step] : shown[0];
    to?.element.focus();
    return Boolean(to);
  }

  columns() {
    const [first, ...others] = this.gallery.shown().map(({ element }) => element.offsetTop);
    const below = others.findIndex((top) => top !== first);
    return below < 0 ? others.length + 1 : below + 1;
  }

  toggle(card) {
    if (!card.player) return;
    if (card.player.paused) {
      this.gallery.play(null);
      this.gallery.play(card);
    } else card.pause();
  }
}
