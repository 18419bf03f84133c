// The days of the gallery: each with a quiet heading, its cards newest first.

import { $, h } from "./dom.js";
import { day, midnight } from "./words.js";

// Puts cards where they belong.
export class Days {
  constructor() {
    this.days = new Map();
  }

  // `older`: read from the list, below what is there from the same second; else above it.
  place(card, older) {
    const { created_at: made } = card.video;
    const { grid } = this.of(made);
    const goesBelow = (other) => {
      const theirs = Number(other.dataset.made);
      return theirs < made || (theirs === made && !older);
    };
    card.element.dataset.made = made;
    const all = [...grid.children].filter((one) => one.dataset.made);
    const last = all.at(-1);
    const before = last && !goesBelow(last) ? null : all.find(goesBelow);
    if (before) before.before(card.element);
    else grid.append(card.element);
  }

  // What is being sent has no place yet: it stands above all.
  first(element) {
    this.of(Date.now() / 1000).grid.prepend(element);
    this.show();
  }

  of(moment) {
    const key = midnight(moment);
    if (!this.days.has(key)) {
      const grid = h("div", { class: "grid" });
      const section = h("section", { class: "day" }, h("h3", {}), grid);
      const older = [...this.days.keys()].filter((one) => one < key).sort((one, other) => other - one)[0];
      if (older === undefined) $("cards").append(section);
      else this.days.get(older).section.before(section);
      this.days.set(key, { section, grid });
    }
    return this.days.get(key);
  }

  // A day of which nothing is shown has no heading.
  show() {
    for (const [key, { section, grid }] of this.days) {
      section.firstElementChild.textContent = day(key); // today is yesterday one day
      section.hidden = ![...grid.children].some((card) => !card.hidden);
    }
  }
}
