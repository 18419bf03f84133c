// One clip, large: beside the picture it came from, frame by frame, with how it was made.

import { blob, content } from "./api.js";
import { copy } from "./acts.js";
import { $, calm, h, icon, Toast } from "./dom.js";
import { stateOf } from "./card.js";
import { wordsOf } from "./jobs.js";
import { date, named, pair, say, seconds } from "./words.js";

export class Viewer {
  constructor({ gallery }) {
    this.gallery = gallery;
    this.dialog = $("viewer");
    this.dialog.addEventListener("close", () => this.closed());
    this.dialog.addEventListener("click", ({ target }) => target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("keydown", (event) => this.key(event));
  }

  open(card, { recipe = false } = {}) {
    this.gallery.play(null);
    this.card = card;
    this.draw();
    if (!this.dialog.open) this.dialog.showModal();
    this.recipe.parentElement.open = recipe || this.recipe.parentElement.open;
    this.player.focus();
    this.gallery.ready.forget(card.video.id);
    if (!calm()) this.player.play().catch(() => {}); // it was closed before it began
  }

  draw() {
    const { video } = this.card;
    const [width, height] = video.size.split("x").map(Number);
    this.player = h("video", {
      src: content(video.id), poster: content(video.id, "poster"), controls: true, loop: true, muted: true,
      playsInline: true, preload: "auto", "aria-label": wordsOf(video)[0] ?? say("page.clip"),
    });
    const before = h("img", { class: "before", src: content(video.id, "poster"), alt: say("page.before"), hidden: true });
    const slider = h("input", { type: "range", class: "compare", min: 0, max: 100, value: 0, "aria-label": say("page.before_after") });
    slider.addEventListener("input", () => {
      before.hidden = slider.value === "0";
      before.style.clipPath = `inset(0 ${100 - slider.value}% 0 0)`;
      screen.classList.toggle("split", !before.hidden);
      screen.style.setProperty("--split", `${slider.value}%`);
    });
    const screen = h("div", { class: "screen" }, this.player, before);
    screen.style.setProperty("--ratio", width / height);
    this.recipe = h("pre", { textContent: recipeOf(video), tabIndex: 0 });
    this.dialog.querySelector(".viewer")?.remove();
    this.dialog.prepend(h("div", { class: "viewer" },
      this.head(video), screen,
      h("label", { class: "compare-row", hidden: Boolean(video.scenes) }, h("span", { textContent: say("page.before_after") }), slider),
      this.tools(video),
      h("ul", { class: "notes" }, video.notes.map((text) => h("li", { textContent: text }))),
      h("details", {}, h("summary", { textContent: say("chat.button.recipe") }), this.recipe,
        h("button", { type: "button", class: "act main", textContent: say("page.copy"), onclick: () => copy(recipeOf(video)) })),
      h("p", { class: "hint", textContent: video.expires_at ? say("page.kept_until", { date: date(video.expires_at) }) : "" })));
  }

  head(video) {
    const close = h("button", { type: "button", class: "icon", "aria-label": say("page.close"), title: say("page.close"), onclick: () => this.dialog.close() }, icon("close"));
    return h("div", { class: "row" },
      this.step(-1, "left", say("page.newer")), this.step(1, "right", say("page.older")),
      h("h2", { class: "prompt", textContent: wordsOf(video)[0] ?? say("page.no_words") }), close);
  }

  step(by, glyph, label) {
    const to = this.neighbour(by);
    return h("button", { type: "button", class: "icon", "aria-label": label, title: label, disabled: !to, onclick: () => this.go(by) }, icon(glyph));
  }

  neighbour(by) {
    const done = this.gallery.shown().filter(({ video }) => stateOf(video) === "done");
    return done[done.indexOf(this.card) + by] ?? null;
  }

  go(by) {
    const to = this.neighbour(by);
    if (to) this.open(to);
  }

  tools(video) {
    const tool = (label, act, glyph = null) => h("button", { type: "button", class: "act", onclick: act, "aria-label": label, title: label },
      glyph ? icon(glyph) : h("span", { textContent: label }));
    const name = `photoplay-${video.id.replace("video_", "")}`;
    return h("div", { class: "acts" },
      h("a", { class: "act main", href: content(video.id), download: `${name}.mp4` }, icon("down"), h("span", { textContent: say("page.download") })),
      tool(say("page.frame_back"), () => this.seek(-1), "back"), tool(say("page.frame_on"), () => this.seek(1), "on"),
      tool(say("page.save_frame"), () => this.saveFrame(name)),
      tool(say("page.use_settings"), () => {
        this.dialog.close();
        this.gallery.acts.do("edit", this.card);
      }),
      navigator.canShare ? tool(say("page.share"), () => this.share(video, name)) : null);
  }

  seek(frames) {
    this.player.pause();
    this.player.currentTime += frames / this.card.video.fps;
  }

  saveFrame(name) {
    const canvas = h("canvas", { width: this.player.videoWidth, height: this.player.videoHeight });
    canvas.getContext("2d").drawImage(this.player, 0, 0);
    canvas.toBlob((picture) => {
      const url = URL.createObjectURL(picture);
      h("a", { href: url, download: `${name}.png` }).click();
      setTimeout(() => URL.revokeObjectURL(url), 1000);
    }, "image/png");
  }

  async share({ id, prompt }, name) {
    try {
      const file = new File([await blob(content(id))], `${name}.mp4`, { type: "video/mp4" });
      await navigator.share({ files: [file], text: prompt });
    } catch (error) {
      if (error.name !== "AbortError") new Toast(error.message, { bad: true }); // else it was thought over
    }
  }

  key(event) {
    if (event.target.matches("input")) return;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by) {
      event.preventDefault();
      this.go(by);
    } else if (event.key === " " && !event.target.matches("button, a, summary")) {
      event.preventDefault();
      if (this.player.paused) this.player.play();
      else this.player.pause();
    }
  }

  // What is shown has been deleted, elsewhere.
  leave(card) {
    if (!this.dialog.open || this.card !== card) return;
    this.dialog.close();
    new Toast(say("page.deleted"));
  }

  closed() {
    this.player.removeAttribute("src");
    this.player.load(); // gives back what it had read ahead
    const opened = this.card.element;
    if (document.activeElement === document.body) (opened.isConnected && !opened.hidden ? (opened.querySelector(".play") ?? opened) : $("cards")).focus();
  }
}

// How it was made, to read, to copy, to make again.
export function recipeOf(video) {
  const lines = [
    [say("options.prompt"), video.prompt],
    [say("options.negative_prompt"), video.negative_prompt],
    [say("options.motion"), video.motion === "auto" ? null : named("motion", video.motion)],
    [say("options.effect"), video.effect === "auto" ? null : named("effect", video.effect)],
    [say("options.size"), video.size.replace("x", "×")],
    [say("options.num_frames"), `${video.num_frames} · ${seconds(video.seconds, 1)}`],
    [say("options.fps"), video.fps],
    [say("options.seed"), video.seed],
    [say("options.num_inference_steps"), video.num_inference_steps],
    [say("options.guidance_scale"), video.guidance_scale],
    [say("options.strength"), video.strength],
    [say("options.model"), video.model],
  ];
  for (const one of video.scenes ?? []) lines.push([say("page.scene_of", { place: one.place, count: video.scenes.length }), [one.prompt, seconds(one.seconds, 1)].filter(Boolean).join(" · ")]);
  const given = lines.filter(([, value]) => value !== null && value !== "");
  const made = video.lineage ? [`${say(`chat.recipe.lineage.${video.lineage}`)} (${video.remixed_from_video_id})`] : [];
  const among = video.notes.filter((_, index) => ["variation", "scene"].includes(video.note_codes[index]));
  return [...given.map(([name, value]) => pair(name, value)), ...made, ...among].join("\n");
}
