// Several clips at once: taken home in one file, or deleted together.

import { archive } from "./api.js";
import { stateOf } from "./card.js";
import { $ } from "./dom.js";
import { say } from "./words.js";

const MOST = 100; // as many as the server puts into one file

export class Selection {
  constructor(gallery, acts) {
    this.gallery = gallery;
    this.on = false;
    $("select").addEventListener("click", () => this.turn(!this.on));
    $("delete-chosen").addEventListener("click", () => {
      const cards = this.chosen();
      this.turn(false);
      acts.delete(cards);
    });
    $("download-chosen").addEventListener("click", () => setTimeout(() => this.turn(false)));
    $("clips").addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || !this.on) return;
      this.turn(false);
      $("select").focus();
    });
  }

  offer(card) {
    card.pick.hidden = !this.on;
  }

  chosen() {
    return this.gallery.shown().filter((card) => card.pick.checked);
  }

  turn(on) {
    this.on = on;
    $("select").ariaPressed = String(on);
    $("clips").classList.toggle("selecting", on);
    for (const card of this.gallery.cards.values()) {
      card.pick.checked = false;
      this.offer(card);
    }
    this.changed();
  }

  toggle(card) {
    card.pick.checked = !card.pick.checked;
    this.changed();
  }

  changed() {
    const chosen = this.chosen();
    const files = chosen.filter(({ video }) => stateOf(video) === "done").slice(0, MOST);
    $("chosen").hidden = !this.on;
    $("chosen-count").textContent = say("page.chosen", { count: chosen.length });
    $("delete-chosen").disabled = chosen.length === 0;
    const link = $("download-chosen");
    if (files.length) link.href = archive(files.map(({ video }) => video.id));
    else link.removeAttribute("href");
    link.ariaDisabled = String(files.length === 0);
  }
}
