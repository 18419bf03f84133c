// Clips that were asked for at once share a place in the gallery: the card of the one picked.

import { h } from "./dom.js";

export class Variations {
  constructor(cards) {
    this.cards = cards;
    this.picked = new Set();
  }

  // Those of its request whose cards are here, in their order.
  of({ video }) {
    return (video.variations ?? []).filter((id) => this.cards.has(id));
  }

  hides(card) {
    const all = this.of(card);
    const shown = all.find((id) => this.picked.has(id)) ?? all[0];
    return all.length > 1 && shown !== card.video.id;
  }

  pick(card) {
    for (const id of this.of(card)) this.picked.delete(id);
    this.picked.add(card.video.id);
  }
}

// A button for each of them; that of this card's own is pressed.
export function picks({ id, variations }) {
  if (!variations || variations.length < 2) return [];
  return variations.map((one, index) =>
    h("button", { type: "button", "data-act": "variation", "data-variation": one, "aria-pressed": String(one === id), textContent: `#${index + 1}` }));
}
