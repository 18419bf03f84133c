// Clips that were asked for at once share a place in the gallery: the card of the one picked.

import { h } from "./dom.js";

export class Variations {
  constructor(cards) {
    this.cards = cards;
    this.picked = new Set();
  }

  // The clip that has come in the place of a draft.
  inFull({ video: { id, draft, seed } }) {
    const isIt = ({ video: one }) => one.remixed_from_video_id === id && !one.draft && one.seed === seed && one.status === "completed";
    return draft ? ([...this.cards.values()].find(isIt) ?? null) : null;
  }

  // The card that stands for a variation; none where it is not here.
  standing(id) {
    const card = this.cards.get(id);
    return card && (this.inFull(card) ?? card);
  }

  // Those of its request in their order, a clip in full among those of its draft.
  of(card) {
    const draft = this.cards.get(card.video.remixed_from_video_id);
    return (draft && this.inFull(draft) === card ? draft : card).video.variations ?? [];
  }

  hides(card) {
    const here = this.of(card).filter((id) => this.standing(id)?.away === false);
    const shown = here.find((id) => this.picked.has(id)) ?? here[0];
    return here.length > 1 && this.standing(shown) !== card;
  }

  pick(id) {
    for (const one of this.of(this.cards.get(id))) this.picked.delete(one);
    this.picked.add(id);
  }

  // A button for each of them; that of this card's own is pressed.
  draw(card) {
    const all = this.of(card);
    const own = all.find((id) => this.standing(id) === card);
    const drawn = String([...all, own]);
    if (card.together === drawn) return;
    card.together = drawn;
    card.variations.replaceChildren(...(all.length < 2 ? [] : all).map((one, index) => h("button", {
      type: "button", "data-act": "variation", "data-variation": one, "aria-pressed": String(one === own), textContent: `#${index + 1}`,
    })));
  }
}
