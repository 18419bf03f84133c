// The clips as a grid: filters, search, more at its end, and what a click on a card does.

import { Acts } from "./acts.js";
import { Card, SendingCard, stateOf } from "./card.js";
import { Days } from "./days.js";
import { $, Choice, icon } from "./dom.js";
import { active, cancelled, wordsOf } from "./jobs.js";
import { Selection } from "./selection.js";
import { Variations } from "./variations.js";
import { number, say } from "./words.js";

const SEARCHED_FROM = 12;
const CANCELLED_FOR = 10_000;
const SETTLES = 100;
const AHEAD = 600; // pixels below what is seen that are there before they are needed

export class Gallery {
  constructor({ jobs, model, ready }) {
    this.jobs = jobs;
    this.model = model;
    this.ready = ready;
    this.cards = new Map();
    this.days = new Days();
    this.variations = new Variations(this.cards);
    this.total = 0;
    this.acts = new Acts({ jobs, model, gallery: this });
    this.selection = new Selection(this, this.acts);
    this.filter = new Choice($("filter"), () => this.refilter());
    this.filter.offer([
      { value: "all", label: say("page.all") },
      { value: "working", label: say("page.working") },
      { value: "favorite", label: "", drawing: icon("star"), title: say("page.favorites") },
    ], "all");
    this.listen();
  }

  listen() {
    $("search").addEventListener("input", () => this.refilter());
    this.jobs.addEventListener("change", ({ detail }) => this.changed(detail));
    const end = new IntersectionObserver(() => this.load(), { rootMargin: `${AHEAD}px` });
    end.observe($("more"));
    setInterval(() => this.tick(), 1000);
    const grid = $("cards");
    grid.addEventListener("click", (event) => this.clicked(event));
    grid.addEventListener("pointerover", ({ pointerType, target }) =>
      pointerType === "mouse" && this.play(this.cardOf(target)));
    grid.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && this.play(null));
    grid.addEventListener("focusin", ({ target }) =>
      target.matches(":focus-visible") && this.play(this.cardOf(target)));
  }

  cardOf(element) {
    return this.cards.get(element?.closest?.(".card")?.dataset.id) ?? null;
  }

  // One clip plays at a time.
  play(card) {
    if (this.playing === card) return;
    this.playing?.pause();
    this.playing = card;
    card?.play();
  }

  clicked(event) {
    const by = event.target.closest("[data-act]");
    const card = this.cardOf(event.target);
    if (!by || !card) return;
    const { act } = by.dataset;
    card.touched = true;
    if (act === "pick") this.selection.changed();
    else if (act === "variation") this.pick(by.dataset.variation);
    else if (this.selection.on && act === "open") this.selection.toggle(card);
    else if (act === "open" && event.pointerType === "touch" && this.playing !== card) this.play(card);
    else this.acts.do(act, card, by);
  }

  changed({ id, video, before, news, older }) {
    if (video === null) {
      this.drop(id);
      return;
    }
    const known = this.cards.get(id);
    const card = known ?? this.add(video, older);
    if (known) card.show(video);
    const ended = before !== null && active(before) && !active(video);
    if (ended && cancelled(video)) setTimeout(() => this.fadeAway(card), CANCELLED_FOR);
    this.ready.hear({ card, before, news, ended });
    if (ended && video.remixed_from_video_id) this.refilter();
    if (!known && video.variations) this.refilter();
    this.variations.draw(card);
    const starred = before !== null && before.favorite !== video.favorite; // here it stays in sight
    if (known && !ended && !(starred && !card.element.contains(document.activeElement))) return;
    card.element.hidden = !this.matches(card);
    this.days.show();
    this.count();
  }

  add(video, older) {
    const card = new Card(video);
    this.cards.set(video.id, card);
    this.days.place(card, older);
    this.selection.offer(card);
    card.tick(this.link);
    return card;
  }

  drop(id) {
    const card = this.cards.get(id);
    if (!card) return;
    const hadFocus = card.element.contains(document.activeElement) || (card.away && document.activeElement === document.body);
    const beside = hadFocus && (this.beside(card, 1) ?? this.beside(card, -1));
    this.cards.delete(id);
    this.ready.forget(id);
    this.acts.leave(card);
    card.element.remove();
    this.total -= 1;
    if (hadFocus) (beside?.element ?? $("cards")).focus();
    this.settling ??= setTimeout(() => this.settle(), SETTLES);
  }

  // Hundreds may go one after another, and each look is at every card.
  settle() {
    this.settling = undefined;
    this.refilter();
    this.selection.changed();
  }

  shown() {
    return [...$("cards").querySelectorAll(".card[data-id]:not([hidden])")].map((one) => this.cards.get(one.dataset.id));
  }

  beside(card, step) {
    const shown = this.shown();
    return shown[shown.indexOf(card) + step] ?? null;
  }

  // What was cancelled goes after a while, unless somebody has turned to it.
  fadeAway(card) {
    if (card.touched || card.element.contains(document.activeElement)) return;
    card.away = true;
    this.refilter();
  }

  sending(about) {
    const card = new SendingCard(about);
    this.days.first(card.element);
    $("none").hidden = true;
    return card;
  }

  // Another variation in the place of the one that is shown.
  async pick(id) {
    if (!this.cards.has(id)) await this.jobs.look(id);
    const card = this.variations.standing(id);
    if (!card) return; // deleted elsewhere
    this.variations.pick(id);
    this.refilter();
    card.variations.querySelector("[aria-pressed=true]").focus();
  }

  matches(card) {
    const { video, away } = card;
    const words = $("search").value.trim().toLowerCase();
    if (away || this.variations.inFull(card) || (words && ![...wordsOf(video), video.seed].join(" ").toLowerCase().includes(words))) return false;
    if (this.filter.value === "favorite") return video.favorite;
    return !this.variations.hides(card) && (this.filter.value === "all" || active(video));
  }

  refilter() {
    for (const card of this.cards.values()) {
      card.element.hidden = !this.matches(card);
      this.variations.draw(card);
    }
    this.days.show();
    this.count();
    this.load();
  }

  // As long as the end of the grid is in sight there is room for more.
  async load() {
    if (this.jobs.complete || this.jobs.loading) return;
    if ($("more").getBoundingClientRect().top > innerHeight + AHEAD) return;
    try {
      await this.jobs.more();
      this.count();
    } catch {
      return; // the next scroll asks again
    }
    requestAnimationFrame(() => this.load());
  }

  count() {
    const working = [...this.cards.values()].filter(({ video }) => active(video)).length;
    const all = this.jobs.complete ? this.cards.size : Math.max(this.total, this.cards.size);
    const making = working ? `${say("page.making", { count: number(working) })} · ` : "";
    $("counts").textContent = all ? making + number(all) : "";
    $("search").hidden = all < SEARCHED_FROM;
    $("select").hidden = all === 0;
    $("none").hidden = !this.jobs.complete || this.shown().length > 0;
    $("none").textContent = say(all ? "page.none_such" : "page.empty");
  }

  // `link`: how the connection is, where that has changed.
  tick(link = this.link) {
    const changed = link !== this.link;
    this.link = link;
    for (const card of this.cards.values()) {
      if (card.state !== stateOf(card.video)) card.show(card.video); // its file has had its time
      if (changed || active(card.video)) card.tick(link);
    }
  }

  reveal(id) {
    this.cards.get(id)?.element.scrollIntoView({ block: "center" });
  }
}
