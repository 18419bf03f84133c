// One request's life in the gallery: its place, its progress, its clip, or why there is none.

import { content } from "./api.js";
import { calm, h, icon } from "./dom.js";
import { active, cancelled, expired, wordsOf } from "./jobs.js";
import { ago, date, duration, named, ordinal, pair, percent, say, seconds, sentences } from "./words.js";

const button = (label, glyph, act, kind = "") =>
  h("button", { type: "button", class: `act ${kind}`, "data-act": act }, glyph && icon(glyph), h("span", { textContent: label }));

// Which state a card shows; "restarting", "lost" and "offline" are the connection's.
export function stateOf(video) {
  if (video.status === "queued") return "waiting";
  if (video.status === "in_progress") return "running";
  if (expired(video)) return "expired";
  if (video.status === "completed") return "done";
  return cancelled(video) ? "cancelled" : "failed";
}

export class Card {
  constructor(video) {
    this.away = false;
    this.stage = h("div", { class: "stage" });
    this.pill = h("span", { class: "pill" });
    this.bar = h("i", {});
    this.words = h("p", { class: "prompt" });
    this.read = h("small", { class: "read" });
    this.facts = h("small", { class: "facts" });
    this.trouble = h("small", { class: "bad" });
    this.notes = h("ul", { class: "notes" });
    this.acts = h("div", { class: "acts" });
    this.variations = h("div", { class: "chips", role: "group", "aria-label": say("options.variations") });
    this.star = h("button", { type: "button", class: "star", "data-act": "star", "aria-label": say("page.favorite") }, icon("star"));
    this.pick = h("input", { type: "checkbox", class: "pick", "data-act": "pick" });
    this.element = h("article", { class: "card", "data-id": video.id, tabIndex: -1 },
      h("div", { class: "frame" }, this.stage, this.pill, this.star, this.pick, h("div", { class: "bar-line" }, this.bar)),
      h("div", { class: "text" }, this.words, this.read, this.facts, this.trouble, this.notes, this.variations, this.acts));
    this.show(video);
  }

  show(video) {
    const state = stateOf(video);
    const before = this.state;
    this.video = video;
    this.state = state;
    this.element.dataset.state = state;
    if (state !== before) this.rebuild(state);
    const [words = ""] = wordsOf(video);
    const prompt = words || say("page.no_words");
    this.words.textContent = prompt;
    this.words.title = words;
    this.element.setAttribute("aria-label", prompt);
    this.pick.setAttribute("aria-label", pair(say("page.select"), prompt));
    this.star.ariaPressed = String(video.favorite);
    this.read.textContent = readAs(video);
    this.notes.replaceChildren(...notesOf(video, (code) => !UNDERSTOOD.has(code) && !AS_ASKED.has(code)).map((text) => h("li", { textContent: text })));
    this.bar.style.width = `${video.progress}%`;
    if (state === "running" && video.preview) this.fade(video.preview);
    this.tick();
  }

  // Everything that differs from state to state.
  rebuild(state) {
    const hadFocus = this.acts.contains(document.activeElement) || this.stage.contains(document.activeElement);
    this.acts.replaceChildren(...this.buttons(state));
    this.trouble.textContent = state === "failed" ? (this.video.error?.message ?? say("page.failed")) : troubles(this.video);
    this.star.hidden = state !== "done";
    this.stage.replaceChildren(...this.picture(state));
    if (hadFocus) (this.acts.querySelector("button, a") ?? this.element).focus();
  }

  picture(state) {
    const { id } = this.video;
    const [prompt] = wordsOf(this.video);
    const poster = content(id, state === "done" ? "thumbnail" : "poster");
    this.stage.style.backgroundImage = `url("${poster}")`; // blurred, around the picture itself
    if (state !== "done") {
      const still = h("img", { src: poster, alt: "", loading: "lazy", decoding: "async" });
      still.addEventListener("error", () => still.remove());
      return [still];
    }
    const player = h("video", {
      preload: "none", poster, src: content(id), muted: true, loop: true, playsInline: true, "aria-label": prompt || say("page.clip"),
    });
    return [player, h("button", { type: "button", class: "play", "data-act": "open", "aria-label": pair(say("page.play"), prompt || say("page.no_words")) }, icon("play"))];
  }

  // A preview dissolves into the next one.
  fade(preview) {
    if (this.stage.lastElementChild?.src === preview) return;
    const next = h("img", { src: preview, alt: "", class: "preview" });
    this.stage.append(next);
    while (this.stage.children.length > 3) this.stage.children[1].remove();
  }

  buttons(state) {
    const { id, error, scenes } = this.video;
    const edit = (kind) => button(say("chat.button.edit"), "edit", "edit", kind);
    const remove = () => button(say("chat.button.delete"), "bin", "delete");
    if (scenes && ["failed", "cancelled", "expired"].includes(state)) return [edit("main"), remove()];
    switch (state) {
      case "waiting":
      case "running":
        return [button(say("chat.button.cancel"), null, "cancel", "main")];
      case "done": {
        const name = `photoplay-${id.replace("video_", "")}.mp4`;
        return [
          h("a", { class: "act main", href: content(id), download: name }, icon("down"), h("span", { textContent: say("page.download") })),
          this.video.draft && !scenes ? button(say("chat.button.full"), null, "full", "main") : null,
          ...(scenes ? missing(scenes).map(sceneAgain) : [button(say("chat.button.reroll"), "again", "again")]), edit(),
          h("button", { type: "button", class: "act", "data-act": "menu", "aria-haspopup": "menu", "aria-label": say("page.more"), title: say("page.more") }, icon("dots")),
        ].filter(Boolean);
      }
      case "failed": {
        const size = error?.suggested_size;
        const again = size
          ? button(say("page.try_at", { size: size.replace("x", "×") }), null, "smaller", "main")
          : button(say("page.try_again"), null, "again", "main");
        return [again, edit(), remove()];
      }
      case "cancelled":
        return [button(say("page.try_again"), null, "again", "main"), edit(), remove()];
      default:
        return [button(say("chat.button.reroll"), "again", "again", "main"), remove()];
    }
  }

  // The pill, whose times go on without news from the server. `link`: how the connection is.
  tick(link = this.link) {
    this.link = link;
    this.pill.textContent = this.said(link);
    this.tellFacts();
  }

  // What a narrow card has no room for is marked.
  tellFacts() {
    const seed = h("span", { class: "more", textContent: `${say("page.seed", { seed: this.video.seed })} · ` });
    this.facts.replaceChildren(...(this.state === "done" ? [seed] : []), factsOf(this.video));
  }

  said(link) {
    const { video } = this;
    const left = video.due === null ? null : Math.max((video.due - Date.now()) / 1000, 0);
    switch (this.state) {
      case "waiting":
      case "running":
        if (link && link !== "live") return say(`page.short.${link}`);
        return this.state === "waiting" ? waiting(video, left) : running(video, left);
      case "done":
        return [
          seconds(video.seconds), video.loop ? say("chat.button.loop") : null, video.draft ? say("options.draft") : null,
        ].filter(Boolean).join(" · ");
      case "cancelled":
        return say("page.cancelled");
      case "expired":
        return say("page.expired");
      default:
        return say("page.not_made");
    }
  }

  get player() {
    return this.stage.querySelector("video");
  }

  play() {
    if (!calm()) this.player?.play().catch(() => {}); // it went before it began
  }

  pause() {
    this.player?.pause();
  }
}

function waiting({ queue_position: place }, left) {
  const words = place === null ? say("page.phase.load")
    : place === 1 ? say("page.next") : say("page.place", { place: ordinal(place) });
  return left === null ? words : `${words} · ${duration(left)}`;
}

function running({ phase, progress, scene, scenes }, left) {
  const count = scenes?.length;
  const words = scenes && phase !== "encode" ? say("page.scene_of", { place: scene ?? current(scenes), count })
    : say(`page.phase.${phase ?? "load"}`);
  const share = (phase === "step" || scenes) && progress ? ` · ${percent(progress)}` : "";
  const rest = left === null || left < 1 ? "" : ` · ${say("page.left", { left: left < 90 ? seconds(Math.ceil(left)) : duration(left) })}`;
  return words + share + rest;
}

// The first that has not ended.
const current = (scenes) => (scenes.findIndex(active) + 1) || scenes.length;

const missing = (scenes) => scenes.filter(({ status }) => status === "failed");

const sceneAgain = ({ place }) => button(say("page.scene_again", { place }), null, `scene:${place}`, "main");

const troubles = ({ status, scenes }) => (status !== "completed" || !scenes ? "" : missing(scenes).map(({ place, error }) =>
  pair(say("page.scene_of", { place, count: scenes.length }), error?.message ?? say("page.failed"))).join("\n"));

function factsOf(video) {
  const { motion, effect, completed_at: done, expires_at: until } = video;
  const what = readAs(video) ? [] : [
    motion === "auto" ? null : named("motion", motion),
    ["auto", "none"].includes(effect) ? null : named("effect", effect),
  ];
  const state = stateOf(video);
  if (video.scenes) what.push(pair(say("options.scenes"), video.scenes.length));
  if (active(video)) what.push(seconds(video.seconds));
  if (state === "done") what.push(ago(done));
  if (state === "expired") what.push(say("page.kept_until", { date: date(until) }));
  return what.filter(Boolean).join(" · ");
}

// What the words were read as: a misreading should be seen without looking closer.
const UNDERSTOOD = new Set(["camera", "weather", "light"]);

// Of the others those that something is not as it was asked for; the rest is for whoever looks closer.
const AS_ASKED = new Set(["draft", "variation", "scene_missing", "scene_cancelled", "scene_deleted", "scene", "own_choice", "duration"]);

const notesOf = ({ notes, note_codes: codes }, wanted) => notes.filter((_, index) => wanted(codes[index]));

const readAs = (video) => sentences(notesOf(video, (code) => UNDERSTOOD.has(code)));

// What is on its way to the server has no name yet.
export class SendingCard {
  constructor({ prompt, picture }) {
    this.pill = h("span", { class: "pill", textContent: say("page.sending") });
    this.bar = h("i", {});
    this.element = h("article", { class: "card", "data-state": "sending", "aria-hidden": "true" },
      h("div", { class: "frame" }, h("div", { class: "stage" }, picture ? h("img", { src: picture, alt: "", onerror: ({ target }) => target.remove() }) : null), this.pill, h("div", { class: "bar-line" }, this.bar)),
      h("div", { class: "text" }, h("p", { class: "prompt", textContent: prompt || say("page.no_words") })));
  }

  sent(share) {
    this.pill.textContent = `${say("page.sending")} ${percent(share)}`;
    this.bar.style.width = `${share}%`;
  }

  gone() {
    this.element.remove();
  }
}

